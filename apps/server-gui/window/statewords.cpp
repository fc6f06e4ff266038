// SPDX-License-Identifier: MIT
#include "server-gui/window/statewords.h"

#include "server-gui/run/servercontrol.h"

#include <QCoreApplication>

namespace ferry::gui {

using server::ServerState;

namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::StateWords", sentence);
}

QString whoCanConnect(const ServerSettings &settings)
{
    if (settings.classic.isOpenToOthers())
        return text("Whoever knows the password can connect; by telnet too, unencrypted.");
    return settings.tls.reach == Reach::ThisComputer
               ? text("Only programs on this computer can connect.")
               : text("Whoever knows the password can connect, always encrypted.");
}

void describeWaiting(StateWords &words, const ServerSettings &settings, const QString &where)
{
    words.emptyTitle = text("Waiting");
    words.emptyText =
        settings.tls.reach == Reach::ThisComputer
            ? text("Programs on this computer connect to %1 with the password above. For other "
                   "computers, choose so at “Allow connections from”.")
                  .arg(where)
            : text("Others connect to %1 with the password above.").arg(where);
}

void describeNext(StateWords &words, const ServerSettings &settings)
{
    if (settings.shares.isEmpty()) {
        words.emptyTitle = text("Nothing is shared yet");
        words.emptyText = text("Add a folder to share, then press Start.");
        words.emptyButton = text("Add a folder…");
    } else if (words.state == ServerState::Error) {
        words.emptyTitle = text("Not started");
        words.emptyText = text("The reason stands above. Press Start to try again.");
    } else {
        words.emptyTitle = text("Ready");
        words.emptyText =
            settings.tls.reach == Reach::ThisComputer
                ? text("Press Start. For other computers, choose so at “Allow connections from” "
                       "first.")
                : text("Press Start, then tell others the address and the password above.");
    }
}

} // namespace

StateWords describeState(ServerControl &control, const ServerSettings &settings,
                         const QString &where)
{
    StateWords words;
    const bool failed = !control.isRunning() && !control.errorText().isEmpty();
    words.state = failed ? ServerState::Error : control.server().state();
    if (failed)
        words.sentence = control.errorText();
    else if (control.isRunning())
        words.sentence = whoCanConnect(settings);
    else if (settings.shares.isEmpty())
        words.sentence = text("Nobody can connect. Add a folder first.");

    if (words.state == ServerState::Listening)
        describeWaiting(words, settings, where);
    else
        describeNext(words, settings);
    return words;
}

QString describeTakenPort(const TakenPort &taken)
{
    if (taken.byTheOtherDoor)
        return text("Port %1 is for the encrypted connections already, so telnet cannot have it. "
                    "Port %2 is free.")
            .arg(taken.port)
            .arg(taken.free);
    const QString port = taken.door == WhichDoor::Tls
                             ? text("Port %1").arg(taken.port)
                             : text("Port %1, for telnet,").arg(taken.port);
    return taken.holder.isEmpty()
               ? text("%1 cannot be used: another program holds it, or the system keeps it for "
                      "itself. Port %2 is free.")
                     .arg(port)
                     .arg(taken.free)
               : text("%1 is held by %3. Port %2 is free.")
                     .arg(port)
                     .arg(taken.free)
                     .arg(taken.holder);
}

} // namespace ferry::gui
