// SPDX-License-Identifier: MIT
/// A client window with everything around it: folders of its own, answers for its dialogs, a
/// real server on the loopback interface, and one that stops in the middle.
#pragma once

#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/settings/settings.h"
#include "client-gui/window/mainwindow.h"
#include "client/client.h"
#include "net/channel/tlsidentity.h"
#include "net/login/passphrase.h"
#include "server/server.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <memory>
#include <optional>
#include <utility>

namespace ferry::gui {

/// Answers in the place of a person, and keeps what was asked.
class Answers final : public ClientPrompts
{
public:
    int ask(QWidget *, const QString &, const std::function<QString()> &text,
            const QStringList &) override
    {
        asked.append(text());
        return yes ? 0 : -1;
    }
    void tell(QWidget *, const QString &, const QString &text) override { told.append(text); }
    QString askFolder(QWidget *, const QString &, const QString &) override { return folder; }
    QStringList askOpenNames(QWidget *, const QString &, const QString &) override { return files; }
    QString askSaveName(QWidget *, const QString &, const QString &) override { return {}; }

    bool confirmServer(QWidget *, const QString &server, const QByteArray &fingerprint,
                       const QStringList &knownAs) override
    {
        contacts.append({server, fingerprint});
        contactKnownAs = knownAs;
        return same;
    }
    void tellServerChanged(QWidget *, const QString &, Expected expected, const QByteArray &saved,
                           const QByteArray &offered) override
    {
        expectedLast = expected;
        changes.append({saved, offered});
    }

    std::optional<ConflictAnswer> askConflict(QWidget *, const ConflictQuestion &question) override
    {
        conflicts.append(question);
        return conflictAnswer;
    }
    std::optional<QString> askText(QWidget *, const QString &, const QString &,
                                   const QString &value) override
    {
        asked.append(value);
        return typed;
    }
    std::optional<qint64> askRateLimit(QWidget *, const QString &about, qint64) override
    {
        asked.append(about);
        return rateLimit;
    }

    std::optional<Preferences> askPreferences(QWidget *, const Preferences &now) override
    {
        settingsOffered = now;
        return settingsChosen;
    }

    bool yes = false;
    Preferences settingsOffered; ///< by askPreferences()
    std::optional<Preferences> settingsChosen;
    bool same = true; ///< the fingerprint of the first contact
    QString folder;
    QStringList files;
    std::optional<QString> typed;                 ///< nothing: cancelled
    std::optional<ConflictAnswer> conflictAnswer; ///< nothing: later
    std::optional<qint64> rateLimit;
    QList<ConflictQuestion> conflicts;
    QStringList asked;
    QStringList told;
    QList<std::pair<QString, QByteArray>> contacts;   ///< server, fingerprint
    QStringList contactKnownAs;                       ///< of the last one
    QList<std::pair<QByteArray, QByteArray>> changes; ///< saved, offered
    Expected expectedLast = Expected::Saved;          ///< of the last one
};

/// Speaks the classic dialect up to the middle of a file, and then says nothing more.
class StallingServer final : public QTcpServer
{
    Q_OBJECT
public:
    explicit StallingServer(QByteArray beginning)
        : m_beginning(std::move(beginning))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            socket->write("#Server Ready.\r\n");
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                while (socket->canReadLine()) {
                    const QByteArray line = socket->readLine();
                    if (line.startsWith("AUTH"))
                        socket->write("#You are logged in.\r\n");
                    else if (line.startsWith("FILE"))
                        socket->write(m_beginning);
                }
            });
            m_sockets.append(socket);
        });
    }
    /// In the middle of whatever is under way.
    void hangUp()
    {
        for (QTcpSocket *socket : std::exchange(m_sockets, {}))
            socket->disconnectFromHost();
    }

private:
    QByteArray m_beginning;
    QList<QTcpSocket *> m_sockets;
};

inline QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

/// Of every file below `folder`, hidden ones too.
inline QByteArrayList contentsBelow(const QString &folder)
{
    QByteArrayList contents;
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext())
        contents.append(contentOf(it.next()));
    return contents;
}

inline void writeFile(const QString &name, const QByteArray &content)
{
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), qint64(content.size()));
}

class ClientWindowFixture
{
public:
    /// Like those that servers make up: its proof is cheap.
    const QString password = passphraseFor(20260201);

    ClientWindowFixture()
    {
        QDir().mkpath(target());
        QDir().mkpath(share());
        open();
    }

    /// A new run of the program on the same data folder.
    void open()
    {
        close();
        settings = std::make_unique<ClientSettings>(dir.filePath(QStringLiteral("data")));
        settings->setDestination(target());
        client = std::make_unique<client::Client>();
        window = std::make_unique<MainWindow>(client.get(), settings.get(), &answers);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        window->reportProblems();
    }
    void close()
    {
        window.reset();
        client.reset();
        settings.reset();
    }

    QString target() const { return dir.filePath(QStringLiteral("target")); }
    QString share() const { return dir.filePath(QStringLiteral("share")); }
    QString saved(const QString &name) const { return QDir(target()).filePath(name); }
    QStringList savedNames() const
    {
        return QDir(target()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    server::ServerConfig serverConfig() const
    {
        server::ServerConfig config;
        config.shares = {{"S", QFile::encodeName(share())}};
        config.shares += moreShares;
        config.uploads.diskReserve = 0; // the disk of a test machine may be nearly full
        config.password = password.toUtf8();
        config.dataFolder = dir.filePath(QStringLiteral("server"));
        config.tlsEnabled = true;
        config.tlsAddress = QHostAddress(QHostAddress::LocalHost);
        config.tlsPort = tlsPort;
        config.classicAddress = QHostAddress(QHostAddress::LocalHost);
        config.classicPort = 0;
        config.members = members;
        config.loginFailureDelay = std::chrono::milliseconds(1);
        return config;
    }
    void startServer()
    {
        const auto started = server.start(serverConfig());
        QVERIFY2(started.ok(), started.ok() ? "" : qPrintable(started.error().text));
        tlsPort = server.tlsEndpoint().port;
    }
    /// Somebody connected to it before.
    void rememberServer(const QString &address, const QString &name = {}) const
    {
        settings->setServers(savedservers::withUsed(settings->servers(), {address, name}));
    }
    QStringList hosts() const
    {
        QStringList addresses;
        for (const SavedServer &known : settings->servers())
            addresses.append(known.address);
        return addresses;
    }
    /// At the same address, as another one.
    void startImpostor()
    {
        server.stop();
        QVERIFY(QFile::remove(TlsIdentity::pathIn(dir.filePath(QStringLiteral("server")))));
        startServer();
    }
    QString serverAddress() const { return QStringLiteral("127.0.0.1:%1").arg(tlsPort); }
    QString classicAddress() const
    {
        return QStringLiteral("127.0.0.1:%1").arg(server.classicEndpoint().port);
    }

    template <typename T>
    T *find(const char *name) const
    {
        T *found = window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QString words(const char *label) const { return find<QLabel>(label)->text(); }
    QAction *communicate() const { return find<QAction>("communicateAction"); }

    void fillIn(const QString &host, const QString &typedPassword)
    {
        find<QComboBox>("hostField")->setEditText(host);
        auto *field = find<QLineEdit>("passwordField");
        field->clear();
        QTest::keyClicks(field, typedPassword);
    }
    bool connectTo(const QString &host) { return connectTo(host, password); }
    bool connectTo(const QString &host, const QString &typedPassword)
    {
        fillIn(host, typedPassword);
        QTest::mouseClick(find<QToolButton>("communicateButton"), Qt::LeftButton);
        return QTest::qWaitFor(
            [&] { return words("linkLight").endsWith(QStringLiteral("Connected")); }, 20000);
    }
    void chooseClassic() { find<QAction>("classicAction")->trigger(); }
    bool connectClassic(const QString &host)
    {
        chooseClassic();
        return connectTo(host);
    }
    void addPath(const QString &path)
    {
        auto *field = find<QPlainTextEdit>("pathsEdit");
        QTest::keyClicks(field, path);
        QTest::keyClick(field, Qt::Key_Return);
    }

    QAbstractItemModel *rows() const { return find<QTreeView>("queueTable")->model(); }
    QString cell(int row, int column) const { return rows()->index(row, column).data().toString(); }
    QString state(int row) const { return cell(row, 4); }
    /// Of the row with that name, also of a file in a folder.
    QString stateOf(const QString &name) const
    {
        const QModelIndexList found = rows()->match(rows()->index(0, 0), Qt::DisplayRole, name, 1,
                                                    Qt::MatchExactly | Qt::MatchRecursive);
        return found.isEmpty() ? QString() : found.first().siblingAtColumn(4).data().toString();
    }

    QTemporaryDir dir;
    server::Server server;
    QList<server::ShareConfig> moreShares;
    bool members = false; ///< people may write and give to each other
    quint16 tlsPort = 0;  ///< of the last start
    Answers answers;
    std::unique_ptr<ClientSettings> settings;
    std::unique_ptr<client::Client> client;
    std::unique_ptr<MainWindow> window;
};

} // namespace ferry::gui
