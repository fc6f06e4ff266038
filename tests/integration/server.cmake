# SPDX-License-Identifier: MIT
# The server over real ports.
ferry_test(server_transcripts LINK ferry_test_server ferry_wiretest LABELS integration)
ferry_test(server_load LINK ferry_test_server LABELS integration)
ferry_test(server_limits LINK ferry_test_server LABELS integration)
ferry_test(server_badinput LINK ferry_test_server LABELS integration)
ferry_test(server_ending LINK ferry_test_server LABELS integration)
ferry_test(server_controls LINK ferry_test_server LABELS integration)
ferry_test(server_race LINK ferry_server LABELS integration)
ferry_test(server_ferryd LINK ferry_test_server LABELS integration)
add_dependencies(server_ferryd ferryd)

# Their transcript as telnet and nc hear it.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
ferry_test(server_programs LINK ferry_test_server ferry_wiretest LABELS integration)
target_compile_definitions(server_programs PRIVATE
    FERRY_PYTHON="${Python3_EXECUTABLE}"
    FERRY_TELNET_SESSION="${CMAKE_CURRENT_LIST_DIR}/telnet_session.py")
