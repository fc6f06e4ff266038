# SPDX-License-Identifier: MIT
# The rules of the tree that no compiler checks.
get_target_property(qt_core_headers Qt6::Core INTERFACE_INCLUDE_DIRECTORIES)
list(FILTER qt_core_headers INCLUDE REGEX "/QtCore$")
list(GET qt_core_headers 0 qt_core_headers)
cmake_path(GET qt_core_headers PARENT_PATH qt_headers)

function(ferry_tree_script name script)
    add_test(NAME tree_${name} COMMAND Python3::Interpreter "${CMAKE_CURRENT_LIST_DIR}/${script}" ${ARGN})
    set_tests_properties(tree_${name} PROPERTIES LABELS tree TIMEOUT 120 SKIP_RETURN_CODE 77)
endfunction()

function(ferry_tree_test rule)
    ferry_tree_script(${rule} tree_rules.py ${rule} ${ARGN})
endfunction()

ferry_tree_test(includes "${PROJECT_SOURCE_DIR}" "${qt_headers}")
ferry_tree_test(rooms "${PROJECT_SOURCE_DIR}")
ferry_tree_test(sources "${PROJECT_SOURCE_DIR}")
ferry_tree_test(tests "${PROJECT_SOURCE_DIR}")
ferry_tree_test(ports "${PROJECT_SOURCE_DIR}")
ferry_tree_test(words "${PROJECT_SOURCE_DIR}")
ferry_tree_test(docs "${PROJECT_SOURCE_DIR}")
ferry_tree_test(format "${PROJECT_SOURCE_DIR}")
ferry_tree_test(control "${qt_headers}")
ferry_tree_script(used_headers used_headers.py "${PROJECT_SOURCE_DIR}" "${qt_headers}" "${CMAKE_CXX_COMPILER}")
ferry_tree_script(used_headers_control used_headers.py control "${qt_headers}" "${CMAKE_CXX_COMPILER}")
