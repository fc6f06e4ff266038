// SPDX-License-Identifier: MIT
#pragma once

#include "server/people/mailbox.h"
#include "server/people/messagebudget.h"
#include "server/people/people.h"

#include <QByteArray>

#include <chrono>
#include <deque>

namespace ferry::server {

/// Where the notes of one person wait, over their connections. Of People, under its lock.
struct MailPlace
{
    MailPlace(quint64 session, MessageRate::Time paidUntil)
        : sessions{session}
        , paid(paidUntil)
    {
    }

    Mailbox mailbox;
    QByteArray sender;                  ///< where their last connection came from
    QByteArray key;                     ///< of the person; empty: it ends with its connection
    People::Presence *reader = nullptr; ///< null: they are not there
    std::deque<quint64> sessions;       ///< whose numbers mean this person; the last is theirs now
    MessageRate::Time paid;             ///< what they said from a budget of their own
    std::chrono::steady_clock::time_point left; ///< without a reader
    bool reads = false;                         ///< they ask for news, or can at telnet
    bool muted = false;
};

} // namespace ferry::server
