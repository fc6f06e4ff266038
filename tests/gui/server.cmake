# SPDX-License-Identifier: MIT
# The log that both windows show, and the server window with its parts.
ferry_test(tst_logpane LINK ferry_gui_common LABELS gui)
ferry_test(tst_throughputplot LINK ferry_gui_common LABELS gui)
ferry_test(tst_serveraddresses LINK ferry_server_gui LABELS gui)
ferry_test(tst_servercontrols LINK ferry_server_gui LABELS gui)
ferry_test(tst_serverdoors LINK ferry_server_gui ferry_client LABELS gui)
ferry_test(tst_serverflood LINK ferry_server_gui ferry_test_server LABELS gui)
ferry_test(tst_serverkeyboard LINK ferry_server_gui LABELS gui)
ferry_test(tst_serversessions LINK ferry_server_gui LABELS gui)
ferry_test(tst_serversettings LINK ferry_server_gui LABELS gui)
ferry_test(tst_servershares LINK ferry_server_gui LABELS gui)
ferry_test(tst_serverwindow LINK ferry_server_gui LABELS gui)
ferry_test(tst_servertransfers LINK ferry_server_gui LABELS gui)
