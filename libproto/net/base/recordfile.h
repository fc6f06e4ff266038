// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/privatefile.h"
#include "wire/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <functional>

namespace ferry {

/// A small text file of ours that several programs change: replaced as a whole under a lock, so
/// that none loses another's change, and with mode 0600. It is neither read nor changed while
/// others may do more with it than `others` allows. One thread at a time.
class RecordFile
{
public:
    /// Empty `path`: there is no file, and no change can be kept.
    explicit RecordFile(QString path, privatefile::Others others = privatefile::Others::MayRead)
        : m_path(std::move(path))
        , m_others(others)
    {
    }
    const QString &path() const { return m_path; }

    /// Whether it is another one than at the last read() or change() that succeeded.
    bool hasChanged() const { return !m_path.isEmpty() && stamp() != m_stamp; }

    /// Empty if there is no file. LocalFile; Invalid (others may change it).
    Result<QByteArray> read();

    /// Writes what `edit` makes of the text, and makes the file and its folder if there is none.
    /// LocalFile, TimedOut (the lock), Invalid (no path, others may change it), errors of `edit`.
    Result<> change(const std::function<Result<QByteArray>(const QByteArray &)> &edit);

    /// Lines that could not be read, to be kept as they are.
    struct Damaged
    {
        QByteArray lines;     ///< each with its end
        QStringList problems; ///< a sentence each
    };
    /// `take` gets the words of each line and says whether they make sense.
    Damaged parse(const QByteArray &text,
                  const std::function<bool(const QList<QByteArray> &words)> &take) const;

private:
    struct Stamp
    {
        qint64 inode = -1;
        qint64 size = -1;
        qint64 modified = -1; ///< ns
        bool operator==(const Stamp &) const = default;
    };
    Stamp stamp() const;
    Result<QByteArray> text() const;

    const QString m_path;
    const privatefile::Others m_others;
    Stamp m_stamp;
};

} // namespace ferry
