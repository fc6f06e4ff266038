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
        return text("Anyone with the password can connect, by telnet too, which isn't encrypted.");
    return settings.tls.reach == Reach::ThisComputer
               ? text("Only programs on this computer can connect.")
               : text("Anyone with the password can connect. Connections are encrypted.");
}

void describeWaiting(StateWords &words, const ServerSettings &settings, quint16 port)
{
    words.emptyTitle = text("Waiting");
    words.emptyText =
        settings.tls.reach == Reach::ThisComputer
            ? text("Programs on this computer can connect with the address and the password "
                   "above. For other computers, change “Allow connections from”.")
            : text("Others connect with the address and the password above. If they can't, allow "
                   "TCP "
                   "port %1 in the firewall of this computer.")
                  .arg(port);
}

void describeNext(StateWords &words, const ServerSettings &settings)
{
    if (settings.shares.isEmpty()) {
        words.emptyTitle = text("Nothing is shared yet");
        words.emptyText = text("Add a folder to share, then press Start.");
        words.emptyButton = text("Add a folder…");
    } else if (words.state == ServerState::Error) {
        words.emptyTitle = text("Couldn't start");
        words.emptyText = text("See the reason above, then press Start to try again.");
    } else {
        words.emptyTitle = text("Ready");
        words.emptyText =
            settings.tls.reach == Reach::ThisComputer
                ? text("Press Start. For other computers, change “Allow connections from” first.")
                : text("Press Start, then give others the address and the password above.");
    }
}

} // namespace

StateWords describeState(ServerControl &control, const ServerSettings &settings)
{
    StateWords words;
    const bool failed = !control.isRunning() && !control.errorText().isEmpty();
    words.state = failed ? ServerState::Error : control.server().state();
    if (failed)
        words.sentence = control.errorText();
    else if (control.isRunning())
        words.sentence = whoCanConnect(settings);
    else if (settings.shares.isEmpty())
        words.sentence = text("Nobody can connect.");

    if (words.state == ServerState::Listening)
        describeWaiting(words, settings, control.server().tlsEndpoint().port);
    else
        describeNext(words, settings);
    return words;
}

QString describeTakenPort(const TakenPort &taken)
{
    if (taken.byTheOtherDoor)
        return text("Port %1 is already used for encrypted connections, so telnet needs another. "
                    "Port %2 is free.")
            .arg(taken.port)
            .arg(taken.free);
    const QString port = taken.door == WhichDoor::Tls
                             ? text("Port %1").arg(taken.port)
                             : text("Port %1, for telnet,").arg(taken.port);
    return taken.holder.isEmpty()
               ? text("%1 can't be used: another program uses it, or it is reserved by the "
                      "system. Port %2 is free.")
                     .arg(port)
                     .arg(taken.free)
               : text("%1 is used by %3. Port %2 is free.")
                     .arg(port)
                     .arg(taken.free)
                     .arg(taken.holder);
}

} // namespace ferry::gui
