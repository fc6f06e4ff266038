# SPDX-License-Identifier: MIT
# The client against scripted servers, and the two programs against each other.
ferry_test(client_engine LINK ferry_client ferry_test_client LABELS integration)
ferry_test(client_login_engine LINK ferry_client ferry_test_client LABELS integration)
ferry_test(client_queue_engine LINK ferry_client ferry_test_client LABELS integration)

ferry_test(client_cli LINK ferry_test_client LABELS integration)
ferry_test(client_cli_failures LINK ferry_test_client LABELS integration)
ferry_test(client_cli_terminal LINK ferry_test_client LABELS integration)
ferry_test(client_with_ferryd LINK ferry_test_client LABELS integration)
add_dependencies(client_cli ferry)
add_dependencies(client_cli_failures ferry)
add_dependencies(client_cli_terminal ferry)
add_dependencies(client_with_ferryd ferry ferryd)
ferry_test(client_queue_programs LINK ferry_test_client LABELS integration)
add_dependencies(client_queue_programs ferry ferryd)
ferry_test(client_queue_person LINK ferry_client ferry_test_client LABELS integration)
add_dependencies(client_queue_person ferryd)

if(NOT FERRY_SANITIZE)
    ferry_test(scarcity_workers LINK ferry_test_scarcity ferry_client ferry_test_client
        ferry_test_server LABELS integration)
    add_dependencies(scarcity_workers ferry ferryd)
endif()
