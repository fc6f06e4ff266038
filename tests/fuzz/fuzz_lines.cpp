// SPDX-License-Identifier: MIT
/// Receive buffer, telnet filter and codec.
///
/// Invariants: the lines, and how they end, are the same whether the input comes whole, byte by
/// byte or in two parts; no line holds an LF or a NUL or is longer than limits::lineBytes; the
/// filter never makes bytes up; an argument is the line behind the first space; and an argument
/// that can be sent arrives as it is.
#include "fuzz/fuzz.h"

#include "wire/classic/codec.h"
#include "wire/classic/telnetfilter.h"
#include "wire/limits.h"
#include "wire/receivebuffer.h"

using namespace ferry;

namespace {

struct Read
{
    QByteArrayList lines;
    ReceiveBuffer::Status end = ReceiveBuffer::Status::NeedMore;
    bool operator==(const Read &) const = default;
};

class Reader
{
public:
    void receive(QByteArrayView bytes)
    {
        const QByteArray text = m_filter.filter(bytes);
        FUZZ_REQUIRE(text.size() <= bytes.size() + 1); // a CR may have been held back
        m_buffer.append(text);
        while (m_read.end == ReceiveBuffer::Status::NeedMore) {
            const ReceiveBuffer::Taken taken = m_buffer.takeLine();
            if (taken.status == ReceiveBuffer::Status::NeedMore)
                break;
            if (taken.status == ReceiveBuffer::Status::Line)
                m_read.lines.append(taken.line);
            else
                m_read.end = taken.status;
        }
    }
    const Read &read() const { return m_read; }

private:
    TelnetFilter m_filter;
    ReceiveBuffer m_buffer;
    Read m_read;
};

void checkLine(const QByteArray &line)
{
    FUZZ_REQUIRE(line.size() <= limits::lineBytes);
    FUZZ_REQUIRE(!line.contains('\n') && !line.contains('\0'));
    const Command command = parseCommand(line);
    FUZZ_REQUIRE(command.argument.has_value() == line.contains(' '));
    FUZZ_REQUIRE(!command.argument || line.sliced(line.indexOf(' ') + 1) == *command.argument);
    const qsizetype verbBytes = command.verb == Verb::Hello ? 5 : 4;
    FUZZ_REQUIRE(command.verb == Verb::Unknown ||
                 (line.size() >= verbBytes && (line + ' ').indexOf(' ') == verbBytes));
    FUZZ_REQUIRE(!looksLikeHttp(line) || line.contains(" HTTP/"));
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView bytes = fuzz::view(data, size);
    Reader whole;
    whole.receive(bytes);
    Reader byBytes;
    fuzz::inPieces(bytes, {}, [&](QByteArrayView piece) { byBytes.receive(piece); });
    FUZZ_REQUIRE(whole.read() == byBytes.read());
    Reader halves;
    halves.receive(bytes.first(bytes.size() / 2));
    halves.receive(bytes.sliced(bytes.size() / 2));
    FUZZ_REQUIRE(whole.read() == halves.read());

    for (const QByteArray &line : whole.read().lines)
        checkLine(line);
    if (classic::canBeSent(bytes)) {
        Reader reader;
        reader.receive(classic::auth(bytes));
        FUZZ_REQUIRE(reader.read().lines.size() == 1);
        const Command command = parseCommand(reader.read().lines.first());
        FUZZ_REQUIRE(command.verb == Verb::Auth && command.argument == bytes.toByteArray());
    }
    return 0;
}
