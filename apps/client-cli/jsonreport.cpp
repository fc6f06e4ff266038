// SPDX-License-Identifier: MIT
#include "client-cli/jsonreport.h"

#include "client-cli/exitcodes.h"
#include "client-cli/jsonline.h"
#include "client/disk/localname.h"

#include <algorithm>

namespace ferry::client {

namespace {

QJsonObject fileFields(const Download &download)
{
    QJsonObject fields;
    addBytes(fields, QStringLiteral("path"), download.remotePath);
    if (!download.localName.isEmpty())
        addBytes(fields, QStringLiteral("name"), localBytes(download.target()));
    return fields;
}

} // namespace

void JsonReport::connected(const ClientConfig &config, const ConnectionStatus &status)
{
    write(QStringLiteral("connected"), {{QStringLiteral("host"), config.host},
                                        {QStringLiteral("port"), config.port},
                                        {QStringLiteral("security"), status.description}});
}

void JsonReport::progress(const Download &download, qsizetype, qsizetype)
{
    QJsonObject fields = fileFields(download);
    fields.insert(QStringLiteral("bytes"), download.received);
    fields.insert(QStringLiteral("bytesPerSecond"), download.bytesPerSecond);
    if (download.size >= 0)
        fields.insert(QStringLiteral("size"), download.size);
    line(QStringLiteral("progress"), fields);
}

/// As `ferry put` says it.
void JsonReport::uploadEnded(const Download &upload)
{
    const QByteArray name = localBytes(upload.target());
    if (upload.state == DownloadState::Failed)
        return line(QStringLiteral("failed"), failedUploadFields(name, upload.error));
    if (upload.state != DownloadState::Done)
        return;
    if (upload.kind == DownloadKind::Folder)
        return line(QStringLiteral("folder"), sentFolderFields(name, upload.remotePath));
    line(QStringLiteral("sent"), sentFields(name, upload.remotePath, upload.received));
}

void JsonReport::ended(const Download &download)
{
    if (download.isUpload())
        return uploadEnded(download);
    QJsonObject fields = fileFields(download);
    switch (download.state) {
    case DownloadState::Done:
        if (download.kind == DownloadKind::Folder)
            return line(QStringLiteral("folder"), fields);
        fields.insert(QStringLiteral("bytes"), download.received);
        fields.insert(QStringLiteral("verified"), download.verified);
        if (download.grown)
            fields.insert(QStringLiteral("grown"), true);
        return line(QStringLiteral("saved"), fields);
    case DownloadState::Skipped:
        fields.insert(QStringLiteral("identical"), download.identical);
        return line(QStringLiteral("skipped"), fields);
    case DownloadState::Failed:
        if (download.error.code == ErrorCode::NotFound)
            return line(QStringLiteral("notfound"), fields);
        fields.insert(QStringLiteral("error"), download.error.text);
        fields.insert(QStringLiteral("code"), exitCodeFor(download.error.code));
        return line(QStringLiteral("failed"), fields);
    default:
        return;
    }
}

void JsonReport::connectionFailed(const Error &error)
{
    write(QStringLiteral("error"), {{QStringLiteral("error"), error.text},
                                    {QStringLiteral("code"), exitCodeFor(error.code)}});
}

void JsonReport::warning(const QString &text)
{
    write(QStringLiteral("warning"), {{QStringLiteral("warning"), text}});
}

void JsonReport::interrupted(const Result<qsizetype> &saved)
{
    write(QStringLiteral("interrupted"), interruptedFields(saved));
}

void JsonReport::summary(const QList<Download> &downloads, int exitCode)
{
    int saved = 0;
    int sent = 0;
    int notFound = 0;
    int skipped = 0;
    int failed = 0;
    qint64 bytes = 0;
    for (const Download &download : downloads) {
        if (download.kind == DownloadKind::Folder && download.state == DownloadState::Done)
            continue;
        if (download.state == DownloadState::Done) {
            ++(download.isUpload() ? sent : saved);
            bytes += download.received;
        } else if (download.state == DownloadState::Skipped) {
            ++skipped;
        } else if (download.state == DownloadState::Failed &&
                   download.error.code == ErrorCode::NotFound && !download.isUpload()) {
            ++notFound;
        } else {
            ++failed;
        }
    }
    QJsonObject fields{{QStringLiteral("saved"), saved},     {QStringLiteral("notfound"), notFound},
                       {QStringLiteral("skipped"), skipped}, {QStringLiteral("failed"), failed},
                       {QStringLiteral("bytes"), bytes},     {QStringLiteral("exit"), exitCode}};
    const bool sends = std::any_of(downloads.begin(), downloads.end(),
                                   [](const Download &download) { return download.isUpload(); });
    if (sends) // the line of those who only fetch stays as it was
        fields.insert(QStringLiteral("sent"), sent);
    write(QStringLiteral("summary"), fields);
}

void JsonReport::line(const QString &event, const QJsonObject &fields)
{
    m_output.write(jsonLine(event, fields));
}

void JsonReport::write(const QString &event, const QJsonObject &fields)
{
    line(event, fields);
    m_output.flush();
}

} // namespace ferry::client
