# SPDX-License-Identifier: MIT
# How tests/CMakeLists.txt declares its programs.

# Optimising a test's checks takes clang twice as long as all the rest, once the sanitizers have grown
# them.
add_library(ferry_test_options INTERFACE)
if(FERRY_SANITIZE)
    target_compile_options(ferry_test_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:-O0>)
endif()

# What programs of tests and benchmarks have in common. `folder`: where they go, below the build.
function(ferry_test_program name folder gui)
    target_link_libraries(${name} PRIVATE Qt6::Test ferry_options ferry_test_options)
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/libproto"
        "${PROJECT_SOURCE_DIR}/tests")
    set_target_properties(${name} PROPERTIES AUTOMOC ON
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${folder}")
    if(gui)
        ferry_precompile(${name} widgets_test)
    else()
        ferry_precompile(${name} core_test)
    endif()
endfunction()

# ferry_test_needs(TEST target …): what has to be built for it. test_programs is all of these;
# scripts/test builds what the chosen tests need.
function(ferry_test_needs test)
    add_dependencies(test_programs ${ARGN})
    foreach(target IN LISTS ARGN)
        set_property(GLOBAL APPEND_STRING PROPERTY ferry_targets_of_tests "${test} ${target}\n")
    endforeach()
endfunction()

# ferry_tests(PROGRAM FOLDER folder TESTS [room/]name … [SOURCES …] [GUI] LINK lib … [LABELS l …]
#             [PROGRAMS ferry …])
# One program of several test classes: compiling and linking one program per class costs twice the
# time. Each class stays a test of its own for ctest, `PROGRAM NAME`, in a process of its own
# (tests/support/testprogram.h). PROGRAMS: Ferry's own programs that these tests start.
function(ferry_tests program)
    cmake_parse_arguments(ARG "GUI" "FOLDER" "TESTS;SOURCES;LINK;LABELS;PROGRAMS" ${ARGN})
    list(TRANSFORM ARG_TESTS PREPEND "${ARG_FOLDER}/" OUTPUT_VARIABLE files)
    list(TRANSFORM files APPEND ".cpp")
    add_executable(${program} ${files} ${ARG_SOURCES} support/testmain.cpp)
    target_link_libraries(${program} PRIVATE ${ARG_LINK} ferry_test_support)
    ferry_test_program(${program} tests "${ARG_GUI}")
    if(ARG_PROGRAMS)
        add_dependencies(${program} ${ARG_PROGRAMS})
    endif()
    if("threads" IN_LIST ARG_LABELS)
        add_dependencies(thread_test_programs ${program})
    endif()
    foreach(path IN LISTS ARG_TESTS)
        cmake_path(GET path FILENAME test)
        add_test(NAME ${test} COMMAND ${program} ${test})
        ferry_test_needs(${test} ${program})
        set_tests_properties(${test} PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}"
            ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=qt.*.debug=false;FERRY_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    endforeach()
endfunction()

# ferry_benchmark(NAME [GUI] [SOURCES …] LINK lib …): bench/NAME.cpp, run by scripts/bench.
function(ferry_benchmark name)
    cmake_parse_arguments(ARG "GUI" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} bench/${name}.cpp ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_LINK})
    ferry_test_program(${name} benchmarks "${ARG_GUI}")
    add_dependencies(benchmarks ${name})
endfunction()
