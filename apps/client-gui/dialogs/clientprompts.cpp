// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/clientprompts.h"

#include "client-gui/dialogs/preferencesdialog.h"

namespace ferry::gui {

ClientPrompts *ClientPrompts::standard()
{
    static ClientPrompts prompts;
    return &prompts;
}

bool ClientPrompts::confirmServer(QWidget *parent, const QString &server,
                                  const QByteArray &fingerprint, const QStringList &knownAs)
{
    FirstContactDialog dialog(server, fingerprint, knownAs, parent);
    return dialog.exec() == QDialog::Accepted;
}

void ClientPrompts::tellServerChanged(QWidget *parent, const QString &server, Expected expected,
                                      const QByteArray &saved, const QByteArray &offered)
{
    ServerChangedDialog dialog(server, expected, saved, offered, parent);
    dialog.exec();
}

std::optional<ConflictAnswer> ClientPrompts::askConflict(QWidget *parent,
                                                         const ConflictQuestion &question)
{
    ConflictDialog dialog(question, parent);
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    return dialog.answer();
}

std::optional<Preferences> ClientPrompts::askPreferences(QWidget *parent, const Preferences &now)
{
    PreferencesDialog dialog(now, parent);
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    return dialog.preferences();
}

} // namespace ferry::gui
