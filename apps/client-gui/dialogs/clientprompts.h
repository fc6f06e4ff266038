// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/dialogs/conflictdialog.h"
#include "client-gui/dialogs/trustdialogs.h"
#include "client-gui/settings/preferences.h"
#include "gui-common/dialogs/prompts.h"

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace ferry::gui {

/// What only the client asks and tells.
class ClientPrompts : public Prompts
{
public:
    /// The one that opens real dialogs. Lives as long as the program.
    static ClientPrompts *standard();

    /// The first connection to a server. `server`: host and port, plain text. `knownAs`: the
    /// servers that were trusted with this fingerprint at other addresses. True only if the person
    /// compared the fingerprint and said that it is the same.
    virtual bool confirmServer(QWidget *parent, const QString &server,
                               const QByteArray &fingerprint, const QStringList &knownAs);

    /// A server with another certificate than the saved one, or than the one of the invitation.
    /// There is nothing to answer.
    virtual void tellServerChanged(QWidget *parent, const QString &server, Expected expected,
                                   const QByteArray &saved, const QByteArray &offered);

    /// Nothing: it is decided later.
    virtual std::optional<ConflictAnswer> askConflict(QWidget *parent,
                                                      const ConflictQuestion &question);

    /// Nothing: cancelled.
    virtual std::optional<Preferences> askPreferences(QWidget *parent, const Preferences &now);
};

} // namespace ferry::gui
