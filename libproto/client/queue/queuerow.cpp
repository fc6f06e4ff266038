// SPDX-License-Identifier: MIT
#include "client/queue/queuerow.h"

#include "client/disk/localname.h"
#include "wire/names.h"

#include <QSqlQuery>
#include <QStringList>
#include <QVariant>

namespace ferry::client::queuerow {

namespace {

// The figures of enums are in people's files: they keep their meaning, new ones come behind.
static_assert(int(DownloadState::Queued) == 0 && int(DownloadState::Cancelled) == 11);
static_assert(int(ExistingPolicy::Fail) == 0 && int(ExistingPolicy::Resume) == 7);
static_assert(int(DownloadKind::File) == 0 && int(DownloadKind::Folder) == 2);
static_assert(int(Priority::Low) == 0 && int(Priority::High) == 2);
static_assert(int(ErrorCode::NotFound) == 0 && int(ErrorCode::NoRoom) == 22);

/// The column of an error holds its code, and its errno times this.
constexpr int errnoUnit = 100;

/// In the column of `kind`, those of uploads stand behind those of downloads. A Ferry before 0.2
/// leaves such a row out; it must not take it for something to fetch.
constexpr int uploadKinds = int(DownloadKind::Folder) + 1;

/// In the column of `verified`; an older Ferry takes it for 1.
constexpr int verifiedBeginning = 2;

constexpr char folderTime[] = "foldertime";
constexpr char options[] = "options";
constexpr char uploadId[] = "upload";
constexpr char modified[] = "modified";

/// Bits of `options`. An older Ferry leaves it empty: what it says is then as if nobody had asked
/// for it.
constexpr int notExecutable = 1;
constexpr int encodesNames = 2;

constexpr const char *names[] = {
    "position",  "state",    "kind",      "existing", "priority", "forced",
    "front",     "begun",    "tries",     "batch",    "parent",   "server",
    "remote",    "folder",   "subfolder", "name",     "size",     "received",
    "checksum",  "verified", "identical", "speed",    "error",    "errortext",
    "ratelimit", "ended",    folderTime,  options,    uploadId,   modified,
};

/// A value of an enum whose last one is `last`.
template <typename Enum>
bool take(const QVariant &value, Enum last, Enum &to)
{
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber || number < 0 || number > int(last))
        return false;
    to = Enum(number);
    return true;
}

bool takeKind(const QVariant &value, Download &download)
{
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    const bool upload = number >= uploadKinds;
    download.direction = upload ? Direction::Upload : Direction::Download;
    return isNumber &&
           take(number - (upload ? uploadKinds : 0), DownloadKind::Folder, download.kind);
}

bool isNameList(const QByteArray &joined)
{
    if (joined.isEmpty())
        return true;
    for (const QByteArray &name : joined.split('/')) {
        if (!isName(name))
            return false;
    }
    return true;
}

} // namespace

QString columns()
{
    return columnsWithout({});
}

QString columnsWithout(const QStringList &missing)
{
    QStringList list;
    for (const char *name : names) {
        const QString column = QLatin1StringView(name);
        list.append(missing.contains(column) ? QStringLiteral("NULL") : column);
    }
    return list.join(QStringLiteral(", "));
}

QStringList addedColumns()
{
    return {QLatin1StringView(folderTime), QLatin1StringView(options), QLatin1StringView(uploadId),
            QLatin1StringView(modified)};
}

QString placeholders()
{
    return QStringLiteral("?") + QStringLiteral(", ?").repeated(int(std::size(names)));
}

void bind(QSqlQuery &query, const Download &download)
{
    int at = 0;
    const auto put = [&](const QVariant &value) { query.bindValue(at++, value); };
    put(qint64(download.id));
    put(download.position);
    // Programs before 0.2 do not know Checking; all that is live is Queued for the next program.
    put(int(download.state == DownloadState::Checking ? DownloadState::Connecting
                                                      : download.state));
    put(int(download.kind) + (download.isUpload() ? uploadKinds : 0));
    put(int(download.existing));
    put(int(download.priority));
    put(int(download.forced));
    put(int(download.front));
    put(int(download.begun));
    put(download.tries);
    put(qint64(download.batch));
    put(qint64(download.parent));
    put(download.server);
    put(download.remotePath);
    put(localBytes(download.folder));
    put(localBytes(download.subfolder));
    put(localBytes(download.localName));
    put(download.size);
    put(download.received);
    put(download.checksum);
    put(download.verified ? (download.grown ? verifiedBeginning : 1) : 0);
    put(int(download.identical));
    put(download.bytesPerSecond);
    put(int(download.error.code) + errnoUnit * download.error.systemError);
    put(download.error.text);
    put(download.rateLimit);
    put(download.endedMs);
    put(download.folderModifiedNs ? QVariant(*download.folderModifiedNs) : QVariant());
    put((download.executable ? 0 : notExecutable) | (download.encodeNames ? encodesNames : 0));
    put(download.uploadId);
    put(download.modifiedNs);
}

std::optional<Download> read(const QSqlQuery &query)
{
    int at = 0;
    const auto next = [&] { return query.value(at++); };
    Download download;
    download.id = next().toULongLong();
    download.position = next().toLongLong();
    bool sound = download.id > 0;
    sound = take(next(), DownloadState::Cancelled, download.state) && sound;
    sound = takeKind(next(), download) && sound;
    sound = take(next(), ExistingPolicy::Resume, download.existing) && sound;
    sound = take(next(), Priority::High, download.priority) && sound;
    download.forced = next().toBool();
    download.front = next().toBool();
    download.begun = next().toBool();
    download.tries = next().toInt();
    download.batch = next().toULongLong();
    download.parent = next().toULongLong();
    download.server = next().toString();
    download.remotePath = next().toByteArray();
    download.folder = localText(next().toByteArray());
    const QByteArray subfolder = next().toByteArray();
    const QByteArray name = next().toByteArray();
    download.subfolder = localText(subfolder);
    download.localName = localText(name);
    download.size = next().toLongLong();
    download.received = next().toLongLong();
    download.checksum = next().toByteArray();
    const QVariant verified = next();
    download.verified = verified.toBool();
    download.grown = verified.toInt() == verifiedBeginning;
    download.identical = next().toBool();
    download.bytesPerSecond = next().toLongLong();
    bool isNumber = false;
    const int error = next().toInt(&isNumber);
    sound = isNumber && take(error % errnoUnit, ErrorCode::NoRoom, download.error.code) && sound;
    download.error.systemError = error / errnoUnit;
    download.error.text = next().toString();
    download.rateLimit = next().toLongLong();
    download.endedMs = next().toLongLong();
    if (const QVariant time = next(); !time.isNull())
        download.folderModifiedNs = time.toLongLong();
    const int chosen = next().toInt();
    download.executable = (chosen & notExecutable) == 0;
    download.encodeNames = (chosen & encodesNames) != 0;
    download.uploadId = next().toByteArray();
    download.modifiedNs = next().toLongLong();
    // Only the root and what failed for its name has none.
    const bool nameless = name.isEmpty() && (download.kind != DownloadKind::File ||
                                             download.state == DownloadState::Failed);
    sound = sound && isNameList(subfolder) && (nameless || isName(name)) &&
            !download.remotePath.contains('\0') && download.size >= -1 && download.received >= 0 &&
            download.rateLimit >= 0 && download.tries >= 0;
    return sound ? std::optional(std::move(download)) : std::nullopt;
}

} // namespace ferry::client::queuerow
