// SPDX-License-Identifier: MIT
#include "client/upload/uploadids.h"

#include "client/limits.h"
#include "net/base/realpath.h"
#include "net/base/recordfile.h"
#include "wire/limits.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QHash>
#include <QRandomGenerator>

#include <chrono>
#include <functional>
#include <utility>

namespace ferry::client {

namespace {

bool isWrittenDown(const UploadItem &item)
{
    return !item.folder && item.size > limits::uploadAtOnceBytes;
}

/// `take` gets each line that is not too old: its key and ID. False: it goes.
QByteArray
linesThatStay(const QByteArray &text,
              const std::function<bool(const QByteArray &key, const QByteArray &id)> &take)
{
    const qint64 oldest =
        QDateTime::currentSecsSinceEpoch() -
        std::chrono::duration_cast<std::chrono::seconds>(limits::uploadRemembered).count();
    QByteArray kept;
    for (const QByteArray &line : text.split('\n')) {
        const QByteArrayList words = line.split(' '); // key, ID, time
        if (words.size() == 3 && words[2].toLongLong() >= oldest && take(words[0], words[1]))
            kept += line + '\n';
    }
    return kept;
}

} // namespace

QByteArray newUploadId()
{
    quint32 words[4];
    QRandomGenerator::system()->fillRange(words);
    return QByteArray(reinterpret_cast<const char *>(words), sizeof words).toHex();
}

UploadIds::UploadIds(QString file, QByteArray server)
    : m_file(std::move(file))
    , m_server(std::move(server))
{
}

UploadIds::~UploadIds()
{
    writeForgotten();
}

/// What makes it the same upload. Empty: the file is gone.
QByteArray UploadIds::keyOf(const UploadItem &item) const
{
    const QByteArray local = realPath(item.localPath);
    if (local.isEmpty())
        return {};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &part :
         {m_server, item.remotePath.toBytes(), local, QByteArray::number(item.size),
          QByteArray::number(item.mtimeNs)}) {
        hash.addData(part);
        hash.addData(QByteArrayView("\0", 1));
    }
    return hash.result().toHex().first(32);
}

Result<> UploadIds::giveIds(QList<UploadItem> &items)
{
    QHash<QByteArray, QList<qsizetype>> written; // key → indexes
    for (qsizetype i = 0; i < items.size(); ++i) {
        UploadItem &item = items[i];
        if (item.folder)
            continue;
        item.id = newUploadId();
        const QByteArray key = isWrittenDown(item) ? keyOf(item) : QByteArray();
        if (!key.isEmpty())
            written[key].append(i);
    }
    if (written.isEmpty() || m_file.isEmpty())
        return {};
    // All at once: file by file, the time would grow with the square of their number.
    return RecordFile(m_file).change([&](const QByteArray &text) -> Result<QByteArray> {
        QByteArray lines = linesThatStay(text, [&](const QByteArray &key, const QByteArray &id) {
            const auto known = written.constFind(key);
            if (known == written.constEnd())
                return true;
            items[known->first()].id = id;
            return false;
        });
        const QByteArray time = QByteArray::number(QDateTime::currentSecsSinceEpoch());
        for (auto one = written.cbegin(); one != written.cend(); ++one)
            lines += one.key() + ' ' + items.at(one->first()).id + ' ' + time + '\n';
        return lines;
    });
}

void UploadIds::forget(const UploadItem &item)
{
    const QByteArray key = isWrittenDown(item) && !m_file.isEmpty() ? keyOf(item) : QByteArray();
    if (key.isEmpty())
        return;
    m_forgotten.insert(key);
    if (m_forgotten.size() >= limits::uploadsForgotten)
        writeForgotten();
}

/// One that stays there by mistake costs nothing: the server's answer is compared with the file.
void UploadIds::writeForgotten()
{
    if (m_forgotten.isEmpty())
        return;
    static_cast<void>(
        RecordFile(m_file).change([this](const QByteArray &text) -> Result<QByteArray> {
            return linesThatStay(text, [this](const QByteArray &key, const QByteArray &) {
                return !m_forgotten.contains(key);
            });
        }));
    m_forgotten.clear();
}

} // namespace ferry::client
