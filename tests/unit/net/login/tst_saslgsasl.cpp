// SPDX-License-Identifier: MIT
/// Login by a program of somebody else: `gsasl`, which speaks TLS through GnuTLS and takes the
/// channel binding from there. It knows SMTP and not Ferry's wire, so the test plays a mail
/// server of five lines in front of Ferry's own TLS and SASL.
#include "net/channel/socketops.h"
#include "net/channel/tlschannel.h"
#include "net/login/sasl.h"
#include "support/testprogram.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <functional>
#include <future>
#include <optional>

#include <unistd.h>

using namespace ferry;
using namespace std::chrono_literals;

namespace {

QDeadlineTimer soon()
{
    return QDeadlineTimer(30s);
}

using Read = std::function<Result<qsizetype>(char *to)>;

/// One line without its end; nothing at any failure.
std::optional<QByteArray> readLine(const Read &readByte)
{
    QByteArray line;
    char byte = 0;
    for (;;) {
        const Result<qsizetype> got = readByte(&byte);
        if (!got || got.value() == 0)
            return std::nullopt;
        if (byte == '\n')
            return line.trimmed();
        line += byte;
    }
}

struct Outcome
{
    bool finished = false;
    QByteArray user;
    Error error{ErrorCode::Cancelled, {}};
};

/// Plays the mail server on a connected socket up to the end of the login.
Outcome serve(int fd, const std::shared_ptr<const TlsContext> &context,
              const sasl::ScramServer::Lookup &lookup)
{
    FileDescriptor socket(fd);
    socketops::prepare(socket.get());
    const auto say = [&](const QByteArray &text) {
        return socketops::send(socket.get(), text.constData(), text.size()) == text.size();
    };
    const Read plain = [&](char *to) -> Result<qsizetype> {
        if (socketops::waitReadable(socket.get(), soon()) != socketops::Ready::Yes)
            return qsizetype(0);
        return qsizetype(socketops::receive(socket.get(), to, 1));
    };
    say("220 test ESMTP\r\n");
    QByteArray command = readLine(plain).value_or(QByteArray()).toUpper();
    if (command.startsWith("EHLO")) {
        say("250-test\r\n250 STARTTLS\r\n");
        command = readLine(plain).value_or(QByteArray()).toUpper();
    }
    if (command != "STARTTLS")
        return {false, {}, {ErrorCode::Protocol, QStringLiteral("no STARTTLS")}};
    say("220 go ahead\r\n");

    TlsChannel channel(std::move(socket), context);
    if (const Result<> done = channel.handshake(soon()); !done)
        return {false, {}, done.error()};
    const Read secure = [&](char *to) { return channel.read(to, 1, soon()); };
    const auto reply = [&](const QByteArray &text) { return channel.write(text, soon()).ok(); };
    sasl::ScramServer server(channel.exporter(), lookup);
    for (;;) {
        const std::optional<QByteArray> read = readLine(secure);
        const QByteArray line = read.value_or(QByteArray());
        if (!read)
            return {server.finished(),
                    server.user(),
                    {ErrorCode::CutShort, QStringLiteral("the client left")}};
        if (line.toUpper().startsWith("EHLO")) {
            reply("250-test\r\n250 AUTH SCRAM-SHA-256-PLUS\r\n");
            continue;
        }
        if (server.finished()) { // the client's empty answer to our last message
            reply("235 welcome\r\n");
            channel.finishWriting();
            return {true, server.user(), {ErrorCode::Cancelled, {}}};
        }
        const QByteArray message = line.startsWith("AUTH ") ? line.split(' ').value(2) : line;
        if (message.isEmpty()) {
            reply("334 \r\n");
            continue;
        }
        const Result<QByteArray> answer = server.step(QByteArray::fromBase64(message));
        if (!answer) {
            reply("535 no\r\n");
            return {false, server.user(), answer.error()};
        }
        reply("334 " + answer.value().toBase64() + "\r\n");
    }
}

} // namespace

class TestSaslGsasl : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void gsaslLogsIn();
    void gsaslWithAWrongPasswordDoesNot();
    void gsaslDerivesTheSameKeys();

private:
    Outcome logIn(const QString &password);

    std::shared_ptr<const TlsContext> m_context;
    QString m_program;
    QByteArray m_output; ///< gsasl's own words
};

void TestSaslGsasl::initTestCase()
{
    m_program = QStandardPaths::findExecutable(QStringLiteral("gsasl"));
    if (m_program.isEmpty())
        QSKIP("the gsasl program is not installed");
    m_context = TlsContext::forServer(TlsIdentity::generate().take()).take();
}

Outcome TestSaslGsasl::logIn(const QString &password)
{
    const sasl::Verifier verifier = sasl::makeVerifier("pencil", 4096).value();
    const auto lookup = [&](const QByteArray &user) {
        return sasl::ScramServer::Account{verifier, user == "ferry"};
    };
    QTcpServer listener;
    if (!listener.listen(QHostAddress::LocalHost))
        return {false, {}, {ErrorCode::CannotBind, listener.errorString()}};
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(
        m_program,
        {QStringLiteral("--client"), QStringLiteral("--smtp"), QStringLiteral("--verbose"),
         QStringLiteral("--no-client-first"), QStringLiteral("--starttls"),
         QStringLiteral("--connect=127.0.0.1:%1").arg(listener.serverPort()),
         QStringLiteral("--x509-ca-file="), QStringLiteral("--mechanism=SCRAM-SHA-256-PLUS"),
         QStringLiteral("--authentication-id=ferry"), QStringLiteral("--authorization-id="),
         QStringLiteral("--password=%1").arg(password)});
    Outcome outcome;
    if (listener.waitForNewConnection(20'000)) {
        const std::unique_ptr<QTcpSocket> accepted(listener.nextPendingConnection());
        const int fd = ::dup(int(accepted->socketDescriptor()));
        auto served = std::async(std::launch::async, [&] { return serve(fd, m_context, lookup); });
        outcome = served.get();
        accepted->abort();
    }
    process.closeWriteChannel();
    if (!process.waitForFinished(20'000)) {
        process.kill();
        process.waitForFinished();
    }
    m_output = process.readAll();
    return outcome;
}

void TestSaslGsasl::gsaslLogsIn()
{
    const Outcome outcome = logIn(QStringLiteral("pencil"));
    QVERIFY2(outcome.finished, (outcome.error.text.toUtf8() + "\n" + m_output).constData());
    QCOMPARE(outcome.user, QByteArray("ferry"));
    QVERIFY2(m_output.contains("Client authentication finished (server trusted)"),
             m_output.constData());
}

void TestSaslGsasl::gsaslWithAWrongPasswordDoesNot()
{
    const Outcome outcome = logIn(QStringLiteral("Pencil"));
    QVERIFY(!outcome.finished);
    QCOMPARE(outcome.user, QByteArray("ferry"));
    QCOMPARE(int(outcome.error.code), int(ErrorCode::WrongPassword));
    QVERIFY2(!m_output.contains("server trusted"), m_output.constData());
}

void TestSaslGsasl::gsaslDerivesTheSameKeys()
{
    QProcess process;
    process.start(m_program,
                  {QStringLiteral("--mkpasswd"), QStringLiteral("--mechanism=SCRAM-SHA-256"),
                   QStringLiteral("--password=pencil"), QStringLiteral("--iteration-count=600000"),
                   QStringLiteral("--salt=W22ZaJ0SNY7soEsUEjb6gQ==")});
    QVERIFY(process.waitForFinished());
    const QByteArray made = process.readAllStandardOutput().trimmed();
    const sasl::Verifier verifier =
        sasl::makeVerifier("pencil", 600'000, QByteArray::fromBase64("W22ZaJ0SNY7soEsUEjb6gQ=="))
            .value();
    QCOMPARE(made, "{SCRAM-SHA-256}600000," + verifier.salt.toBase64() + "," +
                       verifier.storedKey.toBase64() + "," + verifier.serverKey.toBase64());
}

FERRY_TEST(TestSaslGsasl)
#include "tst_saslgsasl.moc"
