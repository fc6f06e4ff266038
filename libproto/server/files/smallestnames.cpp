// SPDX-License-Identifier: MIT
#include "server/files/smallestnames.h"

#include <algorithm>
#include <utility>

namespace ferry::server {

SmallestNames::SmallestNames(QByteArray after, qsizetype bytes, qsizetype most)
    : m_after(std::move(after))
    , m_most(most)
    , m_mostBytes(bytes)
{
}

qsizetype SmallestNames::bytes() const
{
    return m_text.size() + qsizetype(m_starts.size() * sizeof m_starts[0]);
}

QByteArrayView SmallestNames::at(quint32 start) const
{
    return QByteArrayView(m_text.constData() + start);
}

bool SmallestNames::wants(QByteArrayView name) const
{
    return name > m_after && (!m_cut || name < *m_cut);
}

void SmallestNames::add(QByteArrayView name)
{
    if (!wants(name))
        return;
    m_starts.push_back(quint32(m_text.size()));
    m_text.append(name).append('\0');
    // By halves, so that each name is moved a few times and no more.
    if (qsizetype(m_starts.size()) / 2 >= m_most)
        keep(m_most);
    while (m_starts.size() > 1 && bytes() > m_mostBytes)
        keep(qsizetype(m_starts.size()) / 2);
}

/// The `count` smallest, one behind the other.
void SmallestNames::keep(qsizetype count)
{
    const auto smaller = [this](quint32 a, quint32 b) { return at(a) < at(b); };
    const auto end = m_starts.begin() + count;
    std::nth_element(m_starts.begin(), end, m_starts.end(), smaller);
    m_cut = at(*end).toByteArray();
    m_starts.erase(end, m_starts.end());
    // Never in front of where it was: what is moved overwrites no name that is still to be moved.
    std::sort(m_starts.begin(), m_starts.end());
    quint32 to = 0;
    for (quint32 &start : m_starts) {
        const qsizetype size = at(start).size() + 1;
        std::copy_n(m_text.constData() + start, size, m_text.data() + to);
        start = to;
        to += quint32(size);
    }
    m_text.truncate(to);
}

void SmallestNames::sort()
{
    if (qsizetype(m_starts.size()) > m_most)
        keep(m_most);
    std::sort(m_starts.begin(), m_starts.end(),
              [this](quint32 a, quint32 b) { return at(a) < at(b); });
    QByteArray sorted;
    sorted.reserve(m_text.size());
    for (const quint32 start : std::exchange(m_starts, {}))
        sorted.append(at(start)).append('\0');
    m_text = std::move(sorted);
}

QByteArray SmallestNames::takeFirst()
{
    QByteArray name(m_text.constData() + m_next);
    m_next += name.size() + 1;
    return name;
}

} // namespace ferry::server
