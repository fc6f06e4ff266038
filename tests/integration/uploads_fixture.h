// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/checksum.h"
#include "support/serverhost.h"
#include "support/tlspeer.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTest>

#include <memory>

namespace ferry::test {

inline QByteArray sumOf(QByteArrayView bytes)
{
    Checksum sum;
    sum.add(bytes);
    return "xxh3:" + sum.hex();
}

/// A server with three shares: `/pub` to read, `/add` to read and put in, `/in` only to put in.
class UploadHost : public ServerHost
{
public:
    UploadHost()
    {
        QDir(outside()).mkdir(QStringLiteral("add"));
        QDir(outside()).mkdir(QStringLiteral("in"));
        config.shares.append(
            {"add", QFile::encodeName(path(QStringLiteral("add"))), extended::Access::Add});
        config.shares.append(
            {"in", QFile::encodeName(path(QStringLiteral("in"))), extended::Access::Inbox});
        config.tlsEnabled = true;
        config.uploads.diskReserve = 0; // the disk of a test machine may be nearly full
    }

    quint16 tlsPort()
    {
        return call([](server::Server &server) { return server.tlsEndpoint().port; });
    }
    QString path(const QString &below) const { return outside() + u'/' + below; }

    /// All files and folders in a share's folder, without the parts of uploads.
    QStringList names(const QString &share) const
    {
        QStringList found =
            QDir(path(share))
                .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                           QDir::Name);
        found.removeAll(QStringLiteral(".ferry-uploads"));
        return found;
    }
    /// Parts of uploads.
    QStringList parts(const QString &share) const
    {
        return QDir(path(share) + QStringLiteral("/.ferry-uploads"))
            .entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    QByteArray content(const QString &below) const
    {
        QFile file(path(below));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
    }
};

inline QByteArray putLine(const QByteArray &path, qint64 size, const QByteArray &id,
                          const QByteArray &more = {})
{
    return "PUT " + path + " size=" + QByteArray::number(size) + " upload=" + id + more + "\r\n";
}

inline QByteArray dataOf(const QByteArray &bytes)
{
    constexpr qsizetype most = 1024 * 1024;
    QByteArray all;
    for (qsizetype at = 0; at < bytes.size(); at += most) {
        const QByteArray piece = bytes.sliced(at, qMin(most, bytes.size() - at));
        all += "DATA " + QByteArray::number(piece.size()) + "\r\n" + piece;
    }
    return all;
}

inline QByteArray endOf(const QByteArray &bytes)
{
    return "END sum=" + sumOf(bytes) + "\r\n";
}

/// All of a small file at once, without waiting for an answer.
inline QByteArray whole(const QByteArray &path, const QByteArray &bytes, const QByteArray &id = "1")
{
    return putLine(path, bytes.size(), id, " follows=yes") + dataOf(bytes) + endOf(bytes);
}

/// Puts a whole file, and gives the last answer.
inline QByteArray upload(TlsPeer &peer, const QByteArray &path, const QByteArray &bytes,
                         const QByteArray &id)
{
    peer.say(putLine(path, bytes.size(), id));
    const QByteArray begin = peer.line();
    if (!begin.startsWith("#SEND"))
        return begin;
    peer.say(dataOf(bytes) + endOf(bytes));
    return peer.line();
}

/// Tests with an UploadHost each, and peers of it.
class UploadTest : public QObject
{
protected:
    std::unique_ptr<TlsPeer> peer(const QByteArray &password = "passwd")
    {
        return std::make_unique<TlsPeer>(m_host->tlsPort(), password);
    }
    /// One that wants to know why.
    std::unique_ptr<TlsPeer> frankPeer()
    {
        auto made = std::make_unique<TlsPeer>(m_host->tlsPort());
        made->say("AUTH passwd\r\nHELLO ferry/1 can=REASONS,PUT\r\n");
        for (int line = 0; line < 3; ++line)
            made->line();
        return made;
    }
    void start()
    {
        const auto started = m_host->start();
        QVERIFY2(started.ok(), started ? "" : qPrintable(started.error().text));
    }
    std::unique_ptr<UploadHost> m_host;
};

} // namespace ferry::test
