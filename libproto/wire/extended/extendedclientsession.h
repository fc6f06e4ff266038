// SPDX-License-Identifier: MIT
/// The client's half of the extended dialect, with no socket, file or clock.
///
/// The law:
///  1. Every request that is sent is announced by sent(), in order. Replies are matched to
///     requests by that order alone.
///  2. Bytes go in by receive(), the end of input by receiveEnd(). Events come out of nextEvent()
///     until it says Receive.
///  3. After FileBegin come Body events. While bodyRemaining() > 0 the driver takes the bytes:
///     takeBody() first, and when that is empty it may read straight from the channel and report
///     the count by bodyReceived(). Only then nextEvent() goes on.
///  4. A PUT of a file is sent, then DATA with its bytes, then END or ABORT; they are announced by
///     sent() as well. Each upload that was begun, or that follows its PUT, is ended so, also after
///     a refusal, to which nothing more is said.
///  5. What the peer claims is checked here: kinds, numbers, ranges, that it answers what was
///     asked and sends as much as it said. Anything else is a Violation, after which there is
///     only Violation. Checksums and names on the disk are the driver's work.
///  6. Input never reaches an assert.
#pragma once

#include "wire/extended/extended.h"
#include "wire/extended/people.h"
#include "wire/receivebuffer.h"

#include <QByteArray>

#include <deque>
#include <optional>

namespace ferry {

struct ExtendedEvent
{
    enum class Kind {
        Receive,   ///< nothing to do until more bytes come
        Busy,      ///< the server works or rests, and answers later; `yes`: its operator paused it
        Greeted,   ///< the server's first line
        Hello,     ///< `text`: mechanisms, `token`: abilities, each comma-separated; `yes`: logged
                   ///< in already
        Challenge, ///< `text`: base64
        LoggedIn,  ///< `text`: base64 of the server's final message
        Entry,     ///< `entry`
        Skipped,   ///< `token`: why, `text`: path; what is left out, empty for the folder itself
        ListEnd,   ///< `yes`: there are more
        FileBegin, ///< `facts`
        Body,      ///< bodyRemaining() bytes of the file come now
        FileDone,  ///< `text`: checksum of all bytes of this answer; `yes`: the file has grown;
                   ///< `number`: which whole file on this connection, 0: no such one
        Sum,       ///< `facts`, `text`: checksum; `yes`: the file has grown
        ReceiptTaken, ///< the answer to RECEIPT and RECEIPTS
        SendFrom,     ///< `facts.offset` bytes of the upload are there, `text`: their checksum
        Stored,       ///< `stored`: the upload has its final name
        Aborted,      ///< the answer to ABORT
        Person,       ///< `person`: one of those who are there
        PeopleEnd,
        Told,    ///< the message has its place; `number`: the note's
        Note,    ///< `note`
        NewsEnd, ///< `number`: what to ask for next, `lost`: notes that were dropped
        Dropped, ///< the gift is no more
        Pong,
        Cancelled,    ///< the answer to CANCEL
        Refused,      ///< `token`, and `text`: the whole line; ends the front request
        ServerLeaves, ///< a refusal that closes the connection: `token`, `text`. No token: the
                      ///< server has not answered HELLO yet, and said it in classic prose
        Violation,    ///< `text`: what was wrong, for a person
        CutShort,     ///< the connection ended while an answer was due
        Ended,        ///< the connection ended and no answer was due
    };
    Kind kind = Kind::Receive;
    QByteArray token;
    QByteArray text;
    bool yes = false;
    extended::Entry entry;
    extended::FileFacts facts;
    extended::Stored stored;
    std::optional<extended::Person> person;
    std::optional<extended::Note> note;
    qint64 number = 0;
    qint64 lost = 0;
};

class ExtendedClientSession
{
public:
    ExtendedClientSession();

    /// `request` is on its way. After HELLO, nothing is sent before Hello came.
    void sent(const extended::Request &request);

    /// Requests that are not answered to their end.
    qsizetype pending() const { return static_cast<qsizetype>(m_pending.size()); }

    void receive(QByteArrayView bytes);
    void receiveEnd() { m_inputEnded = true; }
    ExtendedEvent nextEvent();

    /// Bytes whose checksum was asked for, if that is what is answered next.
    qint64 checksumBytes() const;

    /// Bytes of the chunk under way that were not taken yet.
    qint64 bodyRemaining() const { return m_chunkLeft; }
    /// Those of them that are here already, at most `most`.
    QByteArray takeBody(qsizetype most);
    /// The same into `to`: how many.
    qsizetype takeBody(char *to, qsizetype most);
    /// True when all received bytes were taken, so that reading directly keeps the order.
    bool bufferEmpty() const { return m_input.size() == 0; }
    void bodyReceived(qint64 bytes) { m_chunkLeft -= bytes; }

private:
    ExtendedEvent onLine(const QByteArray &line);
    ExtendedEvent onReply(const extended::Reply &reply);
    ExtendedEvent onSuccess(const extended::Reply &reply, QByteArrayView token,
                            ExtendedEvent::Kind kind);
    ExtendedEvent onListing(const extended::Reply &reply);
    ExtendedEvent onGet(const extended::Reply &reply);
    ExtendedEvent onPut(const extended::Reply &reply);
    ExtendedEvent onPeople(const extended::Reply &reply);
    ExtendedEvent onNews(const extended::Reply &reply);
    ExtendedEvent onRefusal(const extended::Reply &reply, const QByteArray &line);
    ExtendedEvent violation(const char *what);
    void answered()
    {
        m_pending.pop_front();
        m_sending = false;
    }
    const extended::Request &front() const { return m_pending.front().request; }

    struct Pending
    {
        extended::Request request;
        bool ended = false; ///< of an upload: END was sent
        bool aborted = false;
    };

    ReceiveBuffer m_input;
    std::deque<Pending> m_pending;
    QByteArray m_violation;
    extended::FileFacts m_file; ///< of the GET under way
    qint64 m_fileLeft = 0;      ///< bytes of it not announced by a chunk yet
    qint64 m_chunkLeft = 0;
    qint64 m_numbered = 0;  ///< files that came whole (isNumbered())
    qint64 m_entries = 0;   ///< of the listing, or the notes, under way
    qint64 m_lastNote = -1; ///< of the notes under way; -1: none came
    bool m_inFile = false;
    bool m_sending = false; ///< the server said #SEND to the PUT in front
    bool m_greeted = false;
    bool m_inputEnded = false;
};

} // namespace ferry
