// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/connectionstate.h"

#include <QByteArray>
#include <QString>

#include <algorithm>
#include <chrono>

namespace ferry::gui {

/// Failed, because it is the first connection to this server.
enum class FirstContact { None, Asking, Declined };

/// The connection as the window shows it: what the engine says, and what only the window knows.
struct ConnectionView
{
    client::ConnectionStatus status;
    QString host;         ///< as typed, of the connection that was asked for last
    bool classic = false; ///< it is, or was, the unencrypted dialect
    bool pinned = false;  ///< Online: the server's fingerprint is one of the known ones
    QByteArray invited;   ///< the fingerprint that an invitation names; empty: none does
    FirstContact firstContact = FirstContact::None;

    /// It was there, broke off, and is looked for.
    bool isLost() const { return status.lost.has_value(); }
    /// Ended by the server, and nobody looks for it.
    bool wasEnded() const
    {
        return status.state == client::ConnectionState::Offline && !isUp() &&
               status.error.code != ErrorCode::Cancelled;
    }
    bool isOnline() const { return status.state == client::ConnectionState::Online; }
    /// Of a lost one, until the next try; 0: it is under way.
    int secondsLeft(std::chrono::steady_clock::time_point now) const
    {
        if (!status.retryAt)
            return 0;
        using namespace std::chrono;
        return int(std::max<qint64>(0, ceil<seconds>(*status.retryAt - now).count()));
    }

    bool isUp() const
    {
        return status.state == client::ConnectionState::Connecting ||
               status.state == client::ConnectionState::LoggingIn ||
               status.state == client::ConnectionState::Online || isLost() ||
               status.retryAt.has_value(); // it is gone, and looked for
    }
    /// A question and its no are no failures.
    bool isCalm() const
    {
        return status.state == client::ConnectionState::Failed &&
               firstContact != FirstContact::None;
    }
    client::ConnectionState shownState() const
    {
        return isCalm() ? client::ConnectionState::Offline : status.state;
    }
    bool serverChanged() const
    {
        return status.state == client::ConnectionState::Failed &&
               status.error.code == ErrorCode::NotTrusted && !status.saved.isEmpty();
    }
    /// Then it may be the saved one, but it is not the one of the invitation.
    bool isNotAsInvited() const { return serverChanged() && status.saved == invited; }
};

} // namespace ferry::gui
