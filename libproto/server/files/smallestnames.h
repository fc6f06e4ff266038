// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <limits>
#include <optional>
#include <vector>

namespace ferry::server {

/// The smallest of many names behind one of them, with bounded memory: a folder of any size is gone
/// through in order, a run after the other, by reading it once for each. One thread.
class SmallestNames
{
public:
    SmallestNames() = default; ///< none

    /// Names behind `after`, no more than `most`, and no more than `bytes` of memory; one at least.
    SmallestNames(QByteArray after, qsizetype bytes,
                  qsizetype most = std::numeric_limits<qsizetype>::max());

    /// Whether the name is among them, as far as they are known; asks nothing of the disk.
    bool wants(QByteArrayView name) const;
    void add(QByteArrayView name);

    /// All were offered: from now on they are taken, the smallest first.
    void sort();

    bool isEmpty() const { return m_next == m_text.size(); }
    QByteArray takeFirst();

    /// There are further names, which did not fit.
    bool more() const { return m_cut.has_value(); }
    /// What they take in memory; what was taken out counts until the rest is.
    qsizetype bytes() const;

private:
    QByteArrayView at(quint32 start) const;
    void keep(qsizetype count);

    QByteArray m_after;
    qsizetype m_most = 0;
    qsizetype m_mostBytes = 0;
    QByteArray m_text;               ///< the names, a NUL behind each
    std::vector<quint32> m_starts;   ///< where in m_text each begins; none once they are sorted
    qsizetype m_next = 0;            ///< in m_text: what is taken next
    std::optional<QByteArray> m_cut; ///< nothing from here on fits
};

} // namespace ferry::server
