// SPDX-License-Identifier: MIT
#include "client-gui/connect/linktext.h"

#include "net/base/displaytext.h"

#include <QCoreApplication>

namespace ferry::gui {

using client::LinkState;

namespace {

struct LinkText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::LinkText)
};

} // namespace

QString linkWord(LinkState state)
{
    switch (state) {
    case LinkState::Offline:
        return LinkText::tr("Not connected");
    case LinkState::Connecting:
        return LinkText::tr("Connecting…");
    case LinkState::LoggingIn:
        return LinkText::tr("Logging in…");
    case LinkState::Online:
        return LinkText::tr("Connected");
    case LinkState::Failed:
        return LinkText::tr("No connection");
    }
    return {};
}

QString linkSign(LinkState state)
{
    switch (state) {
    case LinkState::Offline:
        return QStringLiteral("○");
    case LinkState::Connecting:
    case LinkState::LoggingIn:
        return QStringLiteral("◐");
    case LinkState::Online:
        return QStringLiteral("●");
    case LinkState::Failed:
        return QStringLiteral("✕");
    }
    return {};
}

Tone linkTone(LinkState state)
{
    switch (state) {
    case LinkState::Offline:
        return Tone::Quiet;
    case LinkState::Connecting:
    case LinkState::LoggingIn:
    case LinkState::Online:
        return Tone::Accent;
    case LinkState::Failed:
        return Tone::Bad;
    }
    return Tone::Normal;
}

QString safetyWords(const LinkView &view)
{
    if (view.classic)
        return LinkText::tr("Not encrypted");
    const QString version = view.link.description.section(u',', 0, 0);
    if (view.link.state != LinkState::Online || version.isEmpty())
        return LinkText::tr("Encrypted");
    return view.pinned ? LinkText::tr("%1 · pinned", "TLS version").arg(version) : version;
}

QString linkFailureText(const LinkView &view, bool mistyped)
{
    const Error &error = view.link.error;
    const QString host = displayText(view.host);
    switch (error.code) {
    case ErrorCode::NotTrusted:
        if (view.serverChanged())
            return LinkText::tr("Stopped: %1 has another certificate than the one that is saved. "
                                "Nothing was sent. Ask its owner.")
                .arg(host);
        if (view.firstContact == FirstContact::Asking)
            return LinkText::tr("%1 is not known yet. Compare its fingerprint.").arg(host);
        if (view.firstContact == FirstContact::Declined)
            return LinkText::tr("Not connected: nobody confirmed the fingerprint of %1. "
                                "Communicate asks again.")
                .arg(host);
        return LinkText::tr("%1 is not trusted. %2").arg(host, displayText(error.text));
    case ErrorCode::WrongPassword:
        if (mistyped)
            return LinkText::tr("Wrong password: one of its words is mistyped.");
        return LinkText::tr("Wrong password. Compare it with the one in the Ferry Server window.");
    case ErrorCode::HostNotFound:
        return LinkText::tr("No computer is known as “%1”. Check the spelling, or use its "
                            "address.")
            .arg(host);
    case ErrorCode::CannotConnect:
        return LinkText::tr("No server there: nothing answers at %1. Is it started, and is the "
                            "port right?")
            .arg(host);
    case ErrorCode::TimedOut:
        return LinkText::tr("Timed out: %1 did not answer. Are both computers on the same "
                            "network?")
            .arg(host);
    case ErrorCode::Protocol:
        return view.classic
                   ? LinkText::tr("What answers at %1 is not a Ferry server. Is the port right?")
                         .arg(host)
                   : LinkText::tr("What answers at %1 is not a Ferry server, or only a classic "
                                  "one. Is the port right?")
                         .arg(host);
    case ErrorCode::CutShort:
        return LinkText::tr("The server at %1 ended the connection. Communicate tries again.")
            .arg(host);
    case ErrorCode::Refused:
        return error.text.isEmpty()
                   ? LinkText::tr("The server at %1 does not take more connections now. Try again "
                                  "later.")
                         .arg(host)
                   : LinkText::tr("The server refused: %1").arg(displayText(error.text));
    default:
        return error.text.isEmpty() ? LinkText::tr("The connection to %1 failed.").arg(host)
                                    : displayText(error.text);
    }
}

} // namespace ferry::gui
