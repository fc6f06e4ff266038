// SPDX-License-Identifier: MIT
#include "support/rawpeer.h"
#include "support/serverhost.h"
#include "support/testprogram.h"
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace ferry;
using namespace ferry::test;

/// The transcripts of tests/transcripts, replayed over a real port: all whose files lie in shares.
class ServerTranscripts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTutorialIsAmongThem();
    void allInOneSegment_data() { transcripts(); }
    void allInOneSegment();
    void oneByteAtATime_data() { transcripts(); }
    void oneByteAtATime();
    void withLfOnly_data() { transcripts(); }
    void withLfOnly();
    void lineByLine_data() { transcripts(); }
    void lineByLine();

private:
    static void transcripts();
    bool prepare(const QString &name);
    void compareRest(RawPeer &peer, QByteArray heard = {});

    Transcript m_transcript;
    std::unique_ptr<ServerHost> m_host;
};

void ServerTranscripts::transcripts()
{
    QTest::addColumn<QString>("name");
    const auto all = allTranscripts();
    for (auto it = all.begin(); it != all.end(); ++it) {
        const QByteArrayList paths = it->files.keys();
        const bool inShares = std::all_of(paths.begin(), paths.end(), [](const QByteArray &path) {
            return path.contains('/') || path.contains('\\');
        });
        if (inShares)
            QTest::newRow(qPrintable(it.key())) << it.key();
    }
}

void ServerTranscripts::theTutorialIsAmongThem()
{
    const Transcript tutorial = allTranscripts().value(QStringLiteral("tutorial.txt"));
    QVERIFY(tutorial.fault.isEmpty());
    QVERIFY(tutorial.clientBytes().startsWith("file c:\\config.sys\r\nauth yellow\r\n"));
    QVERIFY(tutorial.serverBytes().startsWith("#Server Ready.\r\n!You are not logged in.\r\n"));
}

/// A server with the transcript's password and files.
bool ServerTranscripts::prepare(const QString &name)
{
    m_transcript = allTranscripts().value(name);
    m_host = std::make_unique<ServerHost>();
    if (!m_transcript.fault.isEmpty())
        return false;
    if (!m_transcript.password.isEmpty())
        m_host->config.password = m_transcript.password;
    m_host->config.shares.clear();
    QMap<QByteArray, QByteArray> folders{{"d:", {}}};
    for (auto file = m_transcript.files.begin(); file != m_transcript.files.end(); ++file) {
        QByteArray path = QByteArray(file.key()).replace('\\', '/');
        if (path.startsWith('/'))
            path.remove(0, 1);
        const qsizetype slash = path.indexOf('/');
        const QByteArray share = path.first(slash);
        folders.insert(share, {});
        const QString full = m_host->folder() + u'/' + QFile::decodeName(path);
        QDir().mkpath(full.section(u'/', 0, -2));
        QFile content(full);
        if (!content.open(QIODevice::WriteOnly) ||
            content.write(file.value()) != file.value().size())
            return false;
    }
    for (auto share = folders.begin(); share != folders.end(); ++share) {
        const QString folder = m_host->folder() + u'/' + QFile::decodeName(share.key());
        QDir().mkpath(folder);
        m_host->config.shares.append({share.key(), QFile::encodeName(folder)});
    }
    return m_host->start().ok();
}

/// The peer has said all: everything that came back is what the transcript says, and then the
/// server closes.
void ServerTranscripts::compareRest(RawPeer &peer, QByteArray heard)
{
    const QByteArray expected = m_transcript.serverBytes();
    if (!m_transcript.serverEnds() || m_transcript.clientEnds())
        peer.finishWriting();
    const auto rest = peer.readToEnd();
    QVERIFY(rest.has_value());
    heard += *rest;
    QCOMPARE(heard, expected);
    // Whatever it was, it disturbs nobody.
    RawPeer next(m_host->port());
    QVERIFY(next.login(m_host->config.password));
}

void ServerTranscripts::allInOneSegment()
{
    QFETCH(QString, name);
    QVERIFY(prepare(name));
    RawPeer peer(m_host->port());
    QVERIFY(peer.connected());
    peer.send(m_transcript.clientBytes());
    compareRest(peer);
}

void ServerTranscripts::oneByteAtATime()
{
    QFETCH(QString, name);
    QVERIFY(prepare(name));
    RawPeer peer(m_host->port());
    QVERIFY(peer.connected());
    // False where the server closes before it has heard all.
    peer.sendByteByByte(m_transcript.clientBytes());
    compareRest(peer);
}

void ServerTranscripts::withLfOnly()
{
    QFETCH(QString, name);
    QVERIFY(prepare(name));
    RawPeer peer(m_host->port());
    QVERIFY(peer.connected());
    peer.send(m_transcript.clientBytes("\n"));
    compareRest(peer);
}

void ServerTranscripts::lineByLine()
{
    QFETCH(QString, name);
    QVERIFY(prepare(name));
    RawPeer peer(m_host->port());
    QVERIFY(peer.connected());
    QByteArray heard;
    for (const TranscriptStep &step : std::as_const(m_transcript.steps)) {
        switch (step.kind) {
        case TranscriptStep::Kind::ClientLine:
            QVERIFY(peer.send(step.bytes + "\r\n"));
            break;
        case TranscriptStep::Kind::ClientBytes:
            QVERIFY(peer.send(step.bytes));
            break;
        case TranscriptStep::Kind::Server:
            heard += peer.read(step.bytes.size());
            break;
        case TranscriptStep::Kind::ClientEnd:
        case TranscriptStep::Kind::ServerEnd:
            break;
        }
    }
    compareRest(peer, heard);
}

FERRY_TEST(ServerTranscripts)
#include "server_transcripts.moc"
