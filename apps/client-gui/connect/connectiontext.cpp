// SPDX-License-Identifier: MIT
#include "client-gui/connect/connectiontext.h"

#include "gui-common/look/format.h"
#include "net/base/displaytext.h"

#include <QCoreApplication>

namespace ferry::gui {

using client::ConnectionState;

namespace {

struct ConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::ConnectionText)
};

struct ConnectionLook
{
    const char *word;
    char16_t sign;
    Tone tone;
};

/// In the order of ConnectionState.
constexpr ConnectionLook looks[] = {
    {QT_TR_NOOP("Not connected"), u'○', Tone::Quiet},
    {QT_TR_NOOP("Connecting…"), u'◐', Tone::Accent},
    {QT_TR_NOOP("Logging in…"), u'◐', Tone::Accent},
    {QT_TR_NOOP("Connected"), u'●', Tone::Accent},
    {QT_TR_NOOP("No connection"), u'✕', Tone::Bad},
};

} // namespace

QString connectionWord(ConnectionState state)
{
    return ConnectionText::tr(looks[int(state)].word);
}

QString reconnectingWord()
{
    return ConnectionText::tr("Reconnecting…");
}

QString connectionLostText(const Error &why, int secondsLeft)
{
    // What the server said of it, e.g. that it is stopping; else it just broke off.
    const QString what =
        why.code == ErrorCode::Refused ? why.text : ConnectionText::tr("Connection lost.");
    const QString next = secondsLeft > 0 ? ConnectionText::tr("Trying again in %1.")
                                               .arg(formatDuration(qint64(secondsLeft) * 1000))
                                         : ConnectionText::tr("Trying again…");
    return what + u' ' + next;
}

QString connectionSign(ConnectionState state)
{
    return QChar(looks[int(state)].sign);
}

Tone connectionTone(ConnectionState state)
{
    return looks[int(state)].tone;
}

QString safetyWords(const ConnectionView &view)
{
    if (view.classic)
        return ConnectionText::tr("Not encrypted");
    const QString version = view.status.description.section(u',', 0, 0);
    if (view.status.state != ConnectionState::Online || version.isEmpty())
        return ConnectionText::tr("Encrypted");
    return view.pinned ? ConnectionText::tr("%1 · pinned", "TLS version").arg(version) : version;
}

QString connectionFailureText(const ConnectionView &view, bool mistyped)
{
    const Error &error = view.status.error;
    const QString host = displayText(view.host);
    switch (error.code) {
    case ErrorCode::NotTrusted:
        if (view.isNotAsInvited())
            return ConnectionText::tr("Stopped: %1 is not the server that the invitation names. "
                                      "Nothing was sent. Ask whoever invited you.")
                .arg(host);
        if (view.serverChanged())
            return ConnectionText::tr(
                       "Stopped: the identity of %1 has changed. Nothing was sent. Ask its "
                       "owner.")
                .arg(host);
        if (view.firstContact == FirstContact::Asking)
            return ConnectionText::tr("First connection to %1: check its fingerprint.").arg(host);
        if (view.firstContact == FirstContact::Declined)
            return ConnectionText::tr("Not connected: the fingerprint was not confirmed.");
        return ConnectionText::tr("%1 is not trusted. %2").arg(host, displayText(error.text));
    case ErrorCode::WrongPassword:
        if (mistyped)
            return ConnectionText::tr("Wrong password: one of its words is mistyped.");
        return ConnectionText::tr(
            "Wrong password. Compare it with the one in the Ferry Server window.");
    case ErrorCode::HostNotFound:
        return ConnectionText::tr("Can't find “%1”. Check the spelling or use the IP address.")
            .arg(host);
    case ErrorCode::CannotConnect:
        return ConnectionText::tr(
                   "Can't reach %1. Check that the server is started and the port is right.")
            .arg(host);
    case ErrorCode::TimedOut:
        return ConnectionText::tr("Timed out: %1 did not answer. Are both computers on the same "
                                  "network?")
            .arg(host);
    case ErrorCode::Protocol:
        return view.classic ? ConnectionText::tr(
                                  "What answers at %1 is not a Ferry server. Is the port right?")
                                  .arg(host)
                            : ConnectionText::tr(
                                  "What answers at %1 is not a Ferry server, or only a classic "
                                  "one. Is the port right?")
                                  .arg(host);
    case ErrorCode::CutShort:
        return ConnectionText::tr("%1 closed the connection.").arg(host);
    case ErrorCode::Refused:
        return error.text.isEmpty()
                   ? ConnectionText::tr(
                         "The server at %1 does not take more connections now. Try again "
                         "later.")
                         .arg(host)
                   : ConnectionText::tr("The server refused: %1").arg(displayText(error.text));
    default:
        return error.text.isEmpty() ? ConnectionText::tr("The connection to %1 failed.").arg(host)
                                    : displayText(error.text);
    }
}

} // namespace ferry::gui
