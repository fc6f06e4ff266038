// SPDX-License-Identifier: MIT
#pragma once

#include "client/transfer/connection.h"

#include <QString>

namespace ferry::gui {

/// Failed, because it is the first connection to this server.
enum class FirstContact { None, Asking, Declined };

/// The connection as the window shows it: what the engine says, and what only the window knows.
struct LinkView
{
    client::ConnectionThread::Link link;
    QString host;         ///< as typed, of the connection that was asked for last
    bool classic = false; ///< it is, or was, the unencrypted dialect
    bool pinned = false;  ///< Online: the server's fingerprint is one of the known ones
    FirstContact firstContact = FirstContact::None;

    bool isUp() const
    {
        return link.state == client::LinkState::Connecting ||
               link.state == client::LinkState::LoggingIn ||
               link.state == client::LinkState::Online ||
               link.retryAt.has_value(); // it is gone, and looked for
    }
    /// A question and its no are no failures.
    bool isCalm() const
    {
        return link.state == client::LinkState::Failed && firstContact != FirstContact::None;
    }
    client::LinkState shownState() const
    {
        return isCalm() ? client::LinkState::Offline : link.state;
    }
    bool serverChanged() const
    {
        return link.state == client::LinkState::Failed &&
               link.error.code == ErrorCode::NotTrusted && !link.saved.isEmpty();
    }
};

} // namespace ferry::gui
