// SPDX-License-Identifier: MIT
#include "client-gui/clientprompts.h"

#include "client-gui/trustdialogs.h"

namespace ferry::gui {

ClientPrompts *ClientPrompts::standard()
{
    static ClientPrompts prompts;
    return &prompts;
}

bool ClientPrompts::confirmServer(QWidget *parent, const QString &server,
                                  const QByteArray &fingerprint)
{
    FirstContactDialog dialog(server, fingerprint, parent);
    return dialog.exec() == QDialog::Accepted;
}

void ClientPrompts::tellServerChanged(QWidget *parent, const QString &server,
                                      const QByteArray &saved, const QByteArray &offered)
{
    ServerChangedDialog dialog(server, saved, offered, parent);
    dialog.exec();
}

} // namespace ferry::gui
