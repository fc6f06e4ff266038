// SPDX-License-Identifier: MIT
#include "wire/receivebuffer.h"

#include <algorithm>

namespace ferry {

void ReceiveBuffer::append(QByteArrayView bytes)
{
    m_bytes.append(bytes.data(), bytes.size());
}

ReceiveBuffer::Taken ReceiveBuffer::takeLine()
{
    // A line of the full length may still be followed by CR LF.
    const QByteArrayView line = view().first(std::min(size(), m_lineLimit + 2));
    for (; m_scanned < line.size(); ++m_scanned) {
        const char c = line[m_scanned];
        if (c == '\n') {
            qsizetype length = m_scanned;
            if (length > 0 && line[length - 1] == '\r')
                --length;
            Taken taken{Status::Line, line.first(length).toByteArray()};
            skip(m_scanned + 1);
            return taken;
        }
        // One byte more than a line may have: only the CR of its end can stand there.
        if (m_scanned > m_lineLimit || (m_scanned == m_lineLimit && c != '\r'))
            return {Status::TooLong, {}};
        if (c == '\0')
            return {Status::HoldsNul, {}};
    }
    return {};
}

QByteArray ReceiveBuffer::takeBytes(qsizetype most)
{
    QByteArray bytes = view().first(std::clamp<qsizetype>(most, 0, size())).toByteArray();
    skip(bytes.size());
    return bytes;
}

qsizetype ReceiveBuffer::takeBytes(char *to, qsizetype most)
{
    const QByteArrayView bytes = view().first(std::clamp<qsizetype>(most, 0, size()));
    std::copy(bytes.begin(), bytes.end(), to);
    skip(bytes.size());
    return bytes.size();
}

void ReceiveBuffer::clear()
{
    skip(size());
}

/// Counts `count` bytes as taken. They are moved out of the way only once they are the larger
/// part, so that each byte is moved a bounded number of times.
void ReceiveBuffer::skip(qsizetype count)
{
    m_start += count;
    m_scanned = 0;
    if (m_start == m_bytes.size()) {
        m_bytes.resize(0);
        m_start = 0;
    } else if (m_start > m_bytes.size() / 2) {
        m_bytes.remove(0, m_start);
        m_start = 0;
    }
}

} // namespace ferry
