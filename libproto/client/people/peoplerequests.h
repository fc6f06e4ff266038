// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "wire/extended/party.h"
#include "wire/extended/people.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace ferry::client {

/// What is said where a server knows nothing of people, or keeps no files for them: NotTaken.
Error hasNoPeople();
Error keepsNoGifts();

/// Bytes of all that a note says, for bounds.
qsizetype sizeOf(const extended::Note &note);

/// Of a session that is not there, or that may not be reached: NotFound.
Error nobodyThere();

/// What is asked and said about people over one connection, a request at a time. Blocks; one
/// thread.
class PeopleRequests
{
public:
    /// `conversation` is logged in.
    explicit PeopleRequests(ExtendedConversation &conversation)
        : m_conversation(conversation)
    {
    }

    /// The server knows of people.
    bool isOffered() const;
    /// It keeps files for them, too.
    bool keepsGifts() const;

    /// Who is there. NotTaken, and what ends the connection.
    Result<QList<extended::Person>> who();

    struct Told
    {
        qint64 id = 0;               ///< of the note
        std::optional<qint64> later; ///< it was one message too many: again in so many seconds
    };
    /// NotFound: nobody of that number is there. Invalid: nothing that can be said. NotTaken, and
    /// what ends the connection.
    Result<Told> tell(const extended::Party &to, const QByteArray &text);

    /// Takes a gift back, or declines it. NotFound: it is no more. NotTaken, and what ends the
    /// connection.
    Result<> drop(const extended::GiftPath &gift);

    /// Whether another request may succeed: the last one did, or was refused.
    bool isOpen() const { return m_open; }

private:
    Error refused(const ExtendedEvent &event);

    ExtendedConversation &m_conversation;
    bool m_open = true;
};

} // namespace ferry::client
