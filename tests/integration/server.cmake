# SPDX-License-Identifier: MIT
# The server over real ports.
ferry_test(server_transcripts LINK ferry_test_server ferry_wiretest LABELS integration)
ferry_test(server_load LINK ferry_test_server LABELS integration)
ferry_test(server_limits LINK ferry_test_server LABELS integration)
