// SPDX-License-Identifier: MIT
#pragma once

#include "server/people/mailbox.h"
#include "server/people/people.h"

#include <QByteArray>

#include <chrono>
#include <deque>

namespace ferry::server {

/// Where the notes of one person wait, over their connections. Of People, under its lock.
struct MailPlace
{
    explicit MailPlace(quint64 session)
        : sessions{session}
    {
    }

    Mailbox mailbox;
    QByteArray sender;                  ///< whose budget: of their last connection
    QByteArray key;                     ///< of the person; empty: it ends with its connection
    People::Presence *reader = nullptr; ///< null: they are not there
    std::deque<quint64> sessions;       ///< whose numbers mean this person; the last is theirs now
    std::chrono::steady_clock::time_point left; ///< without a reader
    bool reads = false;                         ///< they ask for news, or can at telnet
    bool muted = false;
};

} // namespace ferry::server
