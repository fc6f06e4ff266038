// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/connectionstate.h"

#include <QString>

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
    FirstContact firstContact = FirstContact::None;

    bool isUp() const
    {
        return status.state == client::ConnectionState::Connecting ||
               status.state == client::ConnectionState::LoggingIn ||
               status.state == client::ConnectionState::Online ||
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
};

} // namespace ferry::gui
