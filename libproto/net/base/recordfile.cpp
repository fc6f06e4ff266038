// SPDX-License-Identifier: MIT
#include "net/base/recordfile.h"

#include "net/base/filetime.h"
#include "net/base/privatefile.h"
#include "net/base/translate.h"
#include "net/limits.h"

#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

namespace ferry {

RecordFile::Stamp RecordFile::stamp() const
{
    struct stat status = {};
    if (::stat(QFile::encodeName(m_path).constData(), &status) != 0)
        return {};
    return {qint64(status.st_ino), qint64(status.st_size), modifiedNs(status)};
}

Result<QByteArray> RecordFile::text() const
{
    if (m_path.isEmpty())
        return QByteArray();
    if (auto ours = privatefile::checkOurs(m_path, m_others); !ours)
        return ours.error();
    Result<QByteArray> found = privatefile::read(m_path, limits::listFileBytes);
    return found || found.error().code != ErrorCode::NotFound ? found : QByteArray();
}

Result<QByteArray> RecordFile::read()
{
    const Stamp now = stamp();
    Result<QByteArray> found = text();
    if (found)
        m_stamp = now;
    return found;
}

Result<> RecordFile::change(const std::function<Result<QByteArray>(const QByteArray &)> &edit)
{
    if (m_path.isEmpty())
        return Error{ErrorCode::Invalid, tr("There is no data folder.")};
    if (auto made = privatefile::ensureFolder(QFileInfo(m_path).path()); !made)
        return made;
    const auto lock = privatefile::Lock::take(m_path, QDeadlineTimer(limits::lockTime));
    if (!lock)
        return lock.error();
    const auto old = text();
    if (!old)
        return old.error();
    const auto edited = edit(old.value());
    if (!edited)
        return edited.error();
    if (auto written = privatefile::replace(m_path, edited.value()); !written)
        return written;
    m_stamp = stamp();
    return {};
}

RecordFile::Damaged
RecordFile::parse(const QByteArray &text,
                  const std::function<bool(const QList<QByteArray> &words)> &take) const
{
    Damaged damaged;
    const QList<QByteArray> lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines.at(i).isEmpty() || take(lines.at(i).split(' ')))
            continue;
        damaged.lines += lines.at(i) + '\n';
        damaged.problems.append(
            tr("%1, line %2 is damaged and was passed over.").arg(m_path).arg(i + 1));
    }
    return damaged;
}

} // namespace ferry
