// SPDX-License-Identifier: MIT
#pragma once

#include "wire/limits.h"

#include <QByteArray>
#include <QByteArrayView>

namespace ferry {

/// Bytes as they came from the peer, taken out again as lines or as raw runs, whatever way the
/// network cut them. Every byte is looked at a bounded number of times, however small the
/// pieces: n bytes cost O(n).
class ReceiveBuffer
{
public:
    /// `lineLimit`: bytes in one line without its end.
    explicit ReceiveBuffer(qsizetype lineLimit = limits::lineBytes)
        : m_lineLimit(lineLimit)
    {
    }

    enum class Status {
        NeedMore, ///< no line end yet
        Line,     ///< `line` holds a line without its LF or CR LF
        TooLong,  ///< more than the limit before the line end; the stream is beyond repair
        HoldsNul, ///< a NUL in the line; likewise. Of the two, what comes first in the stream
                  ///< counts.
    };
    struct Taken
    {
        Status status = Status::NeedMore;
        QByteArray line;
    };

    void append(QByteArrayView bytes);

    /// The next line. After TooLong or HoldsNul the caller gives up the connection.
    Taken takeLine();

    /// Up to `most` raw bytes, fewer if fewer are there.
    QByteArray takeBytes(qsizetype most);
    /// The same into `to`: how many.
    qsizetype takeBytes(char *to, qsizetype most);

    /// What is there and not taken yet; valid until the next call that changes the buffer.
    QByteArrayView view() const { return QByteArrayView(m_bytes).sliced(m_start); }

    qsizetype size() const { return m_bytes.size() - m_start; }
    void clear();

private:
    void skip(qsizetype count);

    qsizetype m_lineLimit;
    QByteArray m_bytes;
    qsizetype m_start = 0;   ///< first byte not taken yet
    qsizetype m_scanned = 0; ///< bytes from m_start on that were searched for a line end
};

} // namespace ferry
