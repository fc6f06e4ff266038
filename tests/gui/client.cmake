# SPDX-License-Identifier: MIT
# The client window and what both windows share.
ferry_test(tst_format LINK ferry_gui_common LABELS gui)
ferry_test(tst_clientqueuemodel LINK ferry_client_gui LABELS gui)
ferry_test(tst_clientsettings LINK ferry_client_gui LABELS gui)
