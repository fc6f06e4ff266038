// SPDX-License-Identifier: MIT
#include "client/upload/uploadids.h"

#include "client/limits.h"
#include "net/base/recordfile.h"
#include "wire/limits.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QRandomGenerator>

#include <sys/stat.h>

namespace ferry::client {

namespace {

QByteArray newId()
{
    quint32 words[4];
    QRandomGenerator::system()->fillRange(words);
    return QByteArray(reinterpret_cast<const char *>(words), sizeof words).toHex();
}

/// The lines that are not too old, without the one of `key`.
QByteArray others(const QByteArray &text, const QByteArray &key, QByteArray *found = nullptr)
{
    const qint64 oldest =
        QDateTime::currentSecsSinceEpoch() -
        std::chrono::duration_cast<std::chrono::seconds>(limits::uploadRemembered).count();
    QByteArray kept;
    for (const QByteArray &line : text.split('\n')) {
        const QByteArrayList words = line.split(' '); // key, ID, time
        if (words.size() != 3 || words[2].toLongLong() < oldest)
            continue;
        if (words[0] != key)
            kept += line + '\n';
        else if (found)
            *found = words[1];
    }
    return kept;
}

} // namespace

UploadIds::UploadIds(QString file, QByteArray server)
    : m_file(std::move(file))
    , m_server(std::move(server))
{
}

/// What makes it the same upload: a file that was changed or replaced is another one.
QByteArray UploadIds::keyOf(const UploadItem &item) const
{
    struct stat status = {};
    if (::stat(item.localPath.constData(), &status) != 0)
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part :
         {m_server, item.remotePath.toBytes(), QByteArray::number(quint64(status.st_dev)),
          QByteArray::number(quint64(status.st_ino)), QByteArray::number(item.size),
          QByteArray::number(item.mtimeNs)}) {
        hash.addData(part);
        hash.addData(QByteArrayView("\0", 1));
    }
    return hash.result().toHex().first(32);
}

QByteArray UploadIds::idFor(const UploadItem &item)
{
    const QByteArray id = newId();
    const QByteArray key = keyOf(item);
    if (item.size <= limits::uploadAtOnceBytes || m_file.isEmpty() || key.isEmpty())
        return id;
    QByteArray known;
    const auto kept = RecordFile(m_file).change([&](const QByteArray &text) -> Result<QByteArray> {
        const QByteArray rest = others(text, key, &known);
        const QByteArray time = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        return rest + key + ' ' + (known.isEmpty() ? id : known) + ' ' + time + '\n';
    });
    return kept && !known.isEmpty() ? known : id;
}

void UploadIds::forget(const UploadItem &item)
{
    const QByteArray key = keyOf(item);
    if (item.size <= limits::uploadAtOnceBytes || m_file.isEmpty() || key.isEmpty())
        return;
    static_cast<void>(RecordFile(m_file).change(
        [&key](const QByteArray &text) -> Result<QByteArray> { return others(text, key); }));
}

} // namespace ferry::client
