// SPDX-License-Identifier: MIT
/// The client's extended session. The first byte says how many of the following are the lengths
/// of the pieces (see inPieces); then come the requests it sends, a line each up to an empty one;
/// the rest is all that the server says.
///
/// Invariants: the events, and the bytes of bodies, are the same whether the input comes whole or
/// in pieces, through the buffer or past it; a body is given out only behind FileBegin and never
/// is more than was announced, and just as much before FileDone; no entry's path leads out of its
/// folder; notes come in the order of their numbers, and the next news begin behind them; there is
/// at most one answer per request; every event takes some of the input; the end of input ends the
/// conversation, and after its last event there is no other.
#include "fuzz/fuzz.h"

#include "wire/extended/extendedclientsession.h"
#include "wire/limits.h"

#include <string>

using namespace ferry;
using Kind = ExtendedEvent::Kind;

namespace {

using Requests = QList<extended::Request>;

class Driver
{
public:
    explicit Driver(const Requests &requests)
    {
        for (const extended::Request &request : requests)
            m_session.sent(request);
    }

    void receive(QByteArrayView bytes)
    {
        m_received += bytes.size();
        // As from the network: what is known to be a body goes past the buffer.
        if (m_direct && m_session.bufferEmpty() && m_session.bodyRemaining() > 0 && !m_ended) {
            const qint64 count = std::min<qint64>(m_session.bodyRemaining(), bytes.size());
            addBody(bytes.first(count));
            m_session.bodyReceived(count);
            m_inChunk = m_session.bodyRemaining() > 0;
            bytes = bytes.sliced(count);
        }
        m_session.receive(bytes);
        run();
    }

    void receiveEnd()
    {
        m_session.receiveEnd();
        run();
        FUZZ_REQUIRE(m_ended);
        run();
    }

    void setDirect() { m_direct = true; }
    const std::string &events() const { return m_events; }

private:
    static bool isLast(Kind kind)
    {
        return kind == Kind::Violation || kind == Kind::CutShort || kind == Kind::Ended;
    }

    void run()
    {
        for (;;) {
            const qsizetype pending = m_session.pending();
            const ExtendedEvent event = m_session.nextEvent();
            FUZZ_REQUIRE(!m_ended || isLast(event.kind));
            if (event.kind == Kind::Receive || m_ended)
                return;
            if (event.kind == Kind::Body) {
                if (m_session.bufferEmpty())
                    return;
                const QByteArray bytes = m_session.takeBody(1 << 16);
                FUZZ_REQUIRE(!bytes.isEmpty());
                addBody(bytes);
                m_inChunk = m_session.bodyRemaining() > 0;
                continue;
            }
            FUZZ_REQUIRE(++m_count <= m_received + 1);
            FUZZ_REQUIRE(!m_inChunk || event.kind == Kind::CutShort);
            FUZZ_REQUIRE(m_session.pending() == pending || m_session.pending() == pending - 1);
            note(event);
            m_ended = isLast(event.kind);
        }
    }

    void addBody(QByteArrayView bytes)
    {
        FUZZ_REQUIRE(m_left >= bytes.size());
        m_left -= bytes.size();
        if (!m_inChunk)
            m_events += '\0';
        m_events.append(bytes.data(), static_cast<size_t>(bytes.size()));
        m_inChunk = true;
    }

    void note(const ExtendedEvent &event)
    {
        if (event.kind == Kind::FileBegin) {
            FUZZ_REQUIRE(m_left < 0 && event.facts.length >= 0);
            FUZZ_REQUIRE(event.facts.length <= event.facts.size - event.facts.offset);
            m_left = event.facts.length;
        } else if (event.kind == Kind::FileDone) {
            FUZZ_REQUIRE(m_left == 0);
            m_left = -1;
        } else if (event.kind == Kind::Refused) {
            m_left = -1;
        } else if (event.kind == Kind::Entry) {
            for (const QByteArray &name : event.entry.path.split('/'))
                FUZZ_REQUIRE(!name.isEmpty() && name != "." && name != ".." &&
                             !name.contains('\0') && name.size() <= limits::nameBytes);
        } else if (event.kind == Kind::Skipped) {
            for (const QByteArray &name : event.text.split('/'))
                FUZZ_REQUIRE(event.text.isEmpty() ||
                             (!name.isEmpty() && name != "." && name != ".." &&
                              !name.contains('\0') && name.size() <= limits::nameBytes));
        } else if (event.kind == Kind::Note) {
            FUZZ_REQUIRE(event.note && event.note->id > m_note);
            m_note = event.note->id;
            m_events += extended::note(*event.note).toStdString();
        } else if (event.kind == Kind::Person) {
            FUZZ_REQUIRE(event.person && event.person->session >= 1);
            m_events += extended::person(*event.person).toStdString();
        } else if (!isLast(event.kind)) {
            FUZZ_REQUIRE(m_left < 0 || event.kind == Kind::ServerLeaves);
        }
        FUZZ_REQUIRE(event.kind != Kind::NewsEnd || event.number > m_note);
        if (event.kind == Kind::NewsEnd || event.kind == Kind::Refused)
            m_note = -1;
        m_events += '\0';
        m_events += static_cast<char>('A' + static_cast<int>(event.kind));
        m_events.append(event.text.data(), static_cast<size_t>(event.text.size()));
        m_events.append(event.stored.path.data(), static_cast<size_t>(event.stored.path.size()));
        m_events.append(event.entry.path.data(), static_cast<size_t>(event.entry.path.size()));
        m_events += event.yes ? '+' : '-';
    }

    ExtendedClientSession m_session;
    std::string m_events;
    qint64 m_left = -1; ///< of the file under way; -1: there is none
    qint64 m_note = -1; ///< the last of the news under way; -1: there was none
    qint64 m_received = 0;
    qint64 m_count = 0;
    bool m_direct = false;
    bool m_inChunk = false;
    bool m_ended = false;
};

/// The requests at the start of `bytes`, which are taken off.
Requests takeRequests(QByteArrayView &bytes)
{
    constexpr qsizetype most = 64;
    Requests requests;
    while (requests.size() < most) {
        const qsizetype end = bytes.indexOf('\n');
        if (end < 0)
            return requests;
        const QByteArrayView line = bytes.first(end);
        bytes = bytes.sliced(end + 1);
        if (line.isEmpty())
            return requests;
        if (const auto request = extended::parseRequest(line).request)
            requests.append(*request);
    }
    return requests;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView bytes = fuzz::view(data, size);
    if (bytes.isEmpty())
        return 0;
    const qsizetype count = std::min<qsizetype>(uchar(bytes[0]) % 16, bytes.size() - 1);
    const QByteArrayView cuts = bytes.sliced(1, count);
    bytes = bytes.sliced(1 + count);
    const Requests requests = takeRequests(bytes);

    Driver whole(requests);
    whole.receive(bytes);
    whole.receiveEnd();
    Driver cut(requests);
    if (uchar(data[0]) & 16)
        cut.setDirect();
    fuzz::inPieces(bytes, cuts, [&](QByteArrayView piece) { cut.receive(piece); });
    cut.receiveEnd();
    FUZZ_REQUIRE(whole.events() == cut.events());
    return 0;
}
