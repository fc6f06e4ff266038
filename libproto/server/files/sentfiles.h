// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"

#include <QByteArray>
#include <QRandomGenerator>
#include <QString>

#include <array>
#include <deque>
#include <optional>
#include <vector>

namespace ferry::server {

/// What went out over one connection and nobody has confirmed yet, by RECEIPT or RECEIPTS
/// (docs/PROTOCOL.md). Bounded in number and in bytes: beyond that the oldest cannot be confirmed
/// any more, those that came whole first by RECEIPTS and then at all. One thread.
class SentFiles
{
public:
    /// A file that can be confirmed.
    struct File
    {
        qint64 size = 0;
        bool counted = false; ///< as a file of its own: it went out as a whole
        QString name;         ///< of those of a run: safe to show
        QByteArray id;        ///< of those of a run
    };

    /// The whole of a file, or a part of it, went out; `sum`: 32 hex digits, of what went out.
    void add(const VirtualPath &path, const extended::FileFacts &facts, const QString &name,
             const QByteArray &sum);

    /// The file that a RECEIPT names. It is confirmed, and forgotten.
    std::optional<File> take(const VirtualPath &path, const QByteArray &id);

    enum class Run {
        Known,
        Unknown,   ///< not all of them were sent, or some are confirmed or forgotten
        OtherSums, ///< what arrived is not what was sent
    };
    /// What a RECEIPTS names. `sum`: as it stands in the line.
    Run check(qint64 first, qint64 count, const QByteArray &sum) const;
    /// The files of a run that is Known. They are confirmed, and forgotten.
    std::vector<File> takeRun(qint64 first, qint64 count);

    /// A receipt may still come.
    bool any() const { return !m_files.empty(); }

    /// Of a file that was asked for in parts something went out.
    bool hasParts() const { return m_parts > 0; }

    /// Is this what a file needs to be finished that has begun to go out: another part, or a
    /// receipt? What is asked for is counted: once a whole file's worth, it is over.
    bool finishes(const extended::Request &request);

private:
    /// A digest of path and token: a table of paths could be as large as a peer likes. It is made
    /// for each file, so it is a quick one; who does not know the seed cannot make two that are
    /// equal.
    using Key = std::pair<quint64, quint64>;
    using Sum = std::array<char, 32>;
    struct Sent
    {
        Key key;
        File file;
        qint64 number = 0; ///< of a whole file, until it is forgotten; 0: RECEIPTS cannot name it
        qint64 finishing = 0; ///< bytes asked for while the server drains
        Sum sum = {};
    };
    using Files = std::deque<Sent>;
    Key keyOf(const VirtualPath &path, const QByteArray &id) const;
    Files::iterator find(const Key &key);
    void forget(Sent &sent);
    void dropFirst();

    Files m_files; ///< oldest first
    qint64 m_lastNumber = 0;
    qsizetype m_parts = 0;     ///< of m_files: those that did not go out as a whole
    qsizetype m_nameBytes = 0; ///< of names and tokens
    const quint64 m_seed = QRandomGenerator::system()->generate64();
};

} // namespace ferry::server
