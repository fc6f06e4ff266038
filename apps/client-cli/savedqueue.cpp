// SPDX-License-Identifier: MIT
#include "client-cli/savedqueue.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/trust.h"
#include "client-cli/wildcards.h"
#include "client/client.h"
#include "client/disk/localname.h"
#include "client/disk/targetfolder.h"
#include "client/queue/queuefile.h"
#include "client/queue/queuestore.h"
#include "net/base/displaytext.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <filesystem>

#include <unistd.h>

namespace ferry::client {

namespace {

/// Words for programs and people; they are never translated.
const char *word(DownloadState state)
{
    switch (state) {
    case DownloadState::NeedsDecision:
        return "needs-decision";
    case DownloadState::Paused:
        return "paused";
    case DownloadState::Done:
        return "done";
    case DownloadState::Skipped:
        return "skipped";
    case DownloadState::Failed:
        return "failed";
    case DownloadState::Cancelled:
        return "cancelled";
    default: // nobody works on a saved queue
        return "queued";
    }
}

/// What a download is about, whatever its id.
QString keyOf(const Download &download)
{
    return QString::number(int(download.direction)) + u'\n' + download.server + u'\n' +
           QString::fromLatin1(download.remotePath.toHex()) + u'\n' + download.folder + u'\n' +
           download.target();
}

/// A saved queue is run from anywhere. LocalFile: the current folder is gone.
Result<QString> absolute(const QString &folder)
{
    if (folder.startsWith(u'/'))
        return folder;
    std::error_code failed;
    const std::string current = std::filesystem::current_path(failed).native();
    if (failed)
        return Error{ErrorCode::LocalFile, QStringLiteral("The current folder cannot be found: %1")
                                               .arg(qt_error_string(failed.value()))};
    return QDir::cleanPath(localText(QByteArrayView(current)) + u'/' + folder);
}

int failed(const Error &error)
{
    complain(error.text);
    return exitCodeFor(error.code);
}

void sayProblems(const QStringList &problems)
{
    for (const QString &problem : problems)
        complain(problem);
}

QByteArray jsonLine(const Download &download)
{
    QJsonObject fields{
        {QStringLiteral("event"), QStringLiteral("queued")},
        {QStringLiteral("state"), QLatin1StringView(word(download.state))},
        {QStringLiteral("direction"),
         download.isUpload() ? QStringLiteral("upload") : QStringLiteral("download")},
        {QStringLiteral("server"), download.server},
        {QStringLiteral("path"), QString::fromUtf8(download.remotePath)},
        {QStringLiteral("folder"), displayText(download.folder)},
        {QStringLiteral("name"), displayText(QByteArrayView(localBytes(download.target())))},
        {download.isUpload() ? QStringLiteral("sent") : QStringLiteral("received"),
         download.received}};
    if (download.size >= 0)
        fields.insert(QStringLiteral("size"), download.size);
    if (download.state == DownloadState::Failed) {
        fields.insert(QStringLiteral("error"), download.error.text);
        fields.insert(QStringLiteral("code"), exitCodeFor(download.error.code));
    }
    return QJsonDocument(fields).toJson(QJsonDocument::Compact) + '\n';
}

QByteArray textLine(const Download &download)
{
    const QByteArray size = download.size < 0 ? QByteArray("-") : QByteArray::number(download.size);
    QByteArray path = displayText(QByteArrayView(download.remotePath)).toLocal8Bit();
    if (download.isUpload())
        path = "send " + displayText(QByteArrayView(localBytes(download.path()))).toLocal8Bit() +
               " to " + path;
    QByteArray line = QByteArray(word(download.state)).leftJustified(14) + ' ' +
                      size.rightJustified(14) + "  " + displayText(download.server).toLocal8Bit() +
                      "  " + path;
    if (download.state == DownloadState::Failed)
        line += "  (" + displayText(download.error.text).toLocal8Bit() + ')';
    return line + '\n';
}

int list(const Arguments &arguments)
{
    QueueFile file(savedQueueFile(arguments));
    const auto opened = file.openToRead();
    if (!opened && opened.error().code == ErrorCode::NotFound)
        return exitcode::success; // an empty queue
    const bool damaged = !opened && opened.error().code == ErrorCode::Damaged;
    if (!opened && !damaged)
        return failed(opened.error());
    const auto rows = file.rows();
    if (!rows)
        return failed(rows.error());
    StandardOutput output;
    for (const Download &download : rows.value())
        output.write(arguments.json ? jsonLine(download) : textLine(download));
    sayProblems(file.problems());
    if (damaged)
        complain(opened.error().text +
                 QStringLiteral(". The next command that changes it keeps what can be read."));
    return endOutput(output, damaged ? exitcode::localFile : exitcode::success);
}

/// What has not ended comes from these.
QStringList waitingServers(const QList<Download> &rows)
{
    QStringList servers;
    for (const Download &download : rows) {
        if (!hasEnded(download.state) && !servers.contains(download.server))
            servers.append(download.server);
    }
    return servers;
}

Error nothingWaits(const QString &server, const QStringList &others)
{
    QString text =
        QStringLiteral("Nothing from %1 is waiting in the queue.").arg(displayText(server));
    if (!others.isEmpty())
        text += QStringLiteral(" There are files from %1. If that server has a new address, use "
                               "\"ferry queue move OLD NEW\".")
                    .arg(displayText(others.join(QStringLiteral(", "))));
    return {ErrorCode::NotFound, text};
}

/// What cannot be sent is said now, while somebody looks. The exit code.
int leaveOutMissing(QList<Download> &uploads)
{
    int code = exitcode::success;
    uploads.removeIf([&code](const Download &upload) {
        if (upload.state != DownloadState::Failed)
            return false;
        code = failed(
            {upload.error.code,
             QStringLiteral("%1: %2").arg(displayText(QByteArrayView(localBytes(upload.target()))),
                                          upload.error.text)});
        return true;
    });
    return code;
}

QList<Download> requested(const Arguments &arguments)
{
    Client client;
    client.setClassic(arguments.config.classic);
    QList<Client::Request> requests;
    QList<Client::Upload> uploads;
    for (const QByteArray &path : arguments.paths) {
        if (arguments.putFolder)
            uploads.append({path, *arguments.putFolder});
        else
            requests.append({path, arguments.folder, arguments.existing});
    }
    client.add(requests);
    client.addUploads(uploads);
    QList<Download> downloads = client.queue().all();
    for (Download &download : downloads)
        download.server = serverName(arguments.config);
    return downloads;
}

} // namespace

QString savedQueueFile(const Arguments &arguments)
{
    return arguments.queueFile.isEmpty()
               ? QFileInfo(knownServersFile(arguments)).path() + QStringLiteral("/queue.sqlite")
               : arguments.queueFile;
}

Result<qsizetype> saveQueue(const Arguments &arguments, const QList<Download> &downloads)
{
    QSet<QString> keys;
    QList<Download> unfinished;
    for (Download download : downloads) {
        auto folder = absolute(download.folder);
        if (!folder)
            return folder.error();
        download.folder = folder.take();
        keys.insert(keyOf(download));
        if (download.state == DownloadState::Done || download.state == DownloadState::Skipped)
            continue;
        // Those that follow were under way when it was interrupted, or never tried.
        if (download.state != DownloadState::Failed)
            download.state = DownloadState::Queued;
        download.executable = arguments.executable;
        download.encodeNames = arguments.encodeNames;
        unfinished.append(download);
    }
    const auto queue = std::make_shared<DownloadQueue>();
    auto store = QueueStore::open(savedQueueFile(arguments), queue);
    if (!store)
        return store.error();
    sayProblems(store.value()->takeProblems());
    QList<quint64> known;
    for (const Download &download : queue->all()) {
        if (keys.contains(keyOf(download)))
            known.append(download.id);
    }
    queue->remove(known);
    queue->append(unfinished);
    store.value()->flush();
    if (const QStringList problems = store.value()->takeProblems(); !problems.isEmpty())
        return Error{ErrorCode::LocalFile, problems.join(u' ')};
    return unfinished.size();
}

Result<Arguments> withServerOfQueue(Arguments arguments)
{
    QueueFile file(savedQueueFile(arguments));
    auto opened = file.openToRead();
    if (!opened && opened.error().code == ErrorCode::Damaged) {
        // Opened to be written to, it is mended.
        opened = file.open();
        sayProblems(file.problems());
    }
    const bool isThere = opened || opened.error().code != ErrorCode::NotFound;
    if (!opened && isThere)
        return opened.error();
    QStringList servers;
    if (isThere) {
        const auto rows = file.rows();
        if (!rows)
            return rows.error();
        servers = waitingServers(rows.value());
    }
    if (servers.isEmpty())
        return Error{ErrorCode::NotFound, QStringLiteral("Nothing is waiting in the queue.")};
    if (arguments.serverGiven) {
        if (const QString given = serverName(arguments.config); !servers.contains(given))
            return nothingWaits(given, servers);
        return arguments;
    }
    if (servers.size() > 1)
        return Error{ErrorCode::Invalid,
                     QStringLiteral("The queue has files of several servers; say which: %1")
                         .arg(displayText(servers.join(QStringLiteral(", "))))};
    const auto server = parseServerName(servers.first());
    if (!server)
        return server.error();
    arguments.config.host = server.value().host;
    arguments.config.port = server.value().port;
    arguments.config.user = server.value().user;
    arguments.config.classic = server.value().classic;
    arguments.config.resume = !server.value().classic;
    return arguments;
}

int runQueueCommand(const Arguments &arguments)
{
    if (arguments.queueWork == Arguments::QueueWork::List)
        return list(arguments);
    if (arguments.queueWork == Arguments::QueueWork::Add) {
        for (const QByteArray &path : arguments.paths) {
            if (hasWildcard(path) && !arguments.putFolder)
                complain(QStringLiteral("%1 is added as it is: only \"ferry get\" and \"ferry ls\" "
                                        "look up what wildcards match.")
                             .arg(displayText(QByteArrayView(path))));
        }
        if (!arguments.notKept.isEmpty())
            complain(QStringLiteral("The queue does not keep %1: give that to \"ferry queue run\".")
                         .arg(arguments.notKept.join(QStringLiteral(", "))));
        // Now, while somebody says so: later, a disk may be missing in its place.
        const bool fetches = !arguments.putFolder;
        if (const auto made = fetches ? makeTargetFolder(arguments.folder) : Result<>(); !made)
            return failed(made.error());
        QList<Download> rows = requested(arguments);
        const int code = fetches ? exitcode::success : leaveOutMissing(rows);
        const auto saved = saveQueue(arguments, rows);
        return saved ? code : failed(saved.error());
    }
    const auto queue = std::make_shared<DownloadQueue>();
    const auto store = QueueStore::open(savedQueueFile(arguments), queue);
    if (!store)
        return failed(store.error());
    int code = exitcode::success;
    if (arguments.queueWork == Arguments::QueueWork::Retry) {
        queue->retryAllFailed();
    } else if (arguments.queueWork == Arguments::QueueWork::Move) {
        const QString old = serverName(arguments.config);
        if (queue->moveToServer(old, serverName(arguments.newServer)) == 0)
            code = failed(nothingWaits(old, waitingServers(queue->all())));
    } else {
        QList<quint64> ids;
        for (const Download &download : queue->all()) {
            if (arguments.everything || hasEnded(download.state))
                ids.append(download.id);
        }
        queue->remove(ids);
    }
    store.value()->flush();
    sayProblems(store.value()->takeProblems());
    return code;
}

} // namespace ferry::client
