# SPDX-License-Identifier: MIT
# The client window and what both windows share.
ferry_test(format LINK ferry_gui_common LABELS gui)
ferry_test(client_browser SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_browsermodels LINK ferry_client_gui LABELS gui)
ferry_test(client_frame SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_preferences SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_passwords SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_queueactions SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_queueconflicts SOURCES client_fixture.h LINK ferry_client_gui ferry_server
    LABELS gui)
ferry_test(client_queuekept SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_queuemodel LINK ferry_client_gui LABELS gui)
ferry_test(client_queuewords LINK ferry_client_gui LABELS gui)
ferry_test(client_secure SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_settings LINK ferry_client_gui LABELS gui)
ferry_test(client_transfers SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
ferry_test(client_window SOURCES client_fixture.h LINK ferry_client_gui ferry_server LABELS gui)
