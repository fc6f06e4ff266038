# SPDX-License-Identifier: MIT
# The extended dialect, program against program and against servers that lie.
ferry_test(extended_evilserver LINK ferry_test_evil ferry_test_client LABELS integration)
add_dependencies(extended_evilserver ferry)
ferry_test(extended_programs LINK ferry_test_evil ferry_test_client LABELS integration)
add_dependencies(extended_programs ferry ferryd)
ferry_test(extended_resume LINK ferry_test_client LABELS integration)
add_dependencies(extended_resume ferry ferryd)
ferry_test(extended_names LINK ferry_test_client LABELS integration)
add_dependencies(extended_names ferry ferryd)
ferry_test(extended_parallel LINK ferry_test_server ferry_client LABELS integration)
ferry_test(extended_evilengine LINK ferry_test_evil ferry_test_client ferry_client LABELS integration)
ferry_test(extended_badinput LINK ferry_test_client LABELS integration)
add_dependencies(extended_badinput ferryd)
