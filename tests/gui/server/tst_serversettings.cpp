// SPDX-License-Identifier: MIT
#include "net/limits.h"
#include "server-gui/settings/settings.h"

#include "server-gui/commandline.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace ferry;
using namespace ferry::gui;

namespace {

Result<StartValues> read(const QStringList &options)
{
    QByteArrayList words;
    for (const QString &option : options)
        words.append(QFile::encodeName(option));
    return parseCommandLine(words);
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

class SettingsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aFirstRunLetsOthersInEncryptedOnlyAndSharesNothing()
    {
        SettingsFile file(m_folder->filePath(QStringLiteral("deep/er")));
        file.load();
        QVERIFY(file.problem().isEmpty());
        QVERIFY(file.settings.shares.isEmpty());
        QVERIFY(file.settings.password.isEmpty());
        QVERIFY(file.settings.tls.reach == Reach::Everyone);
        QCOMPARE(file.settings.tls.port, limits::tlsPort);
        QVERIFY(file.settings.classic.reach == Reach::ThisComputer);
        QCOMPARE(file.settings.classic.port, limits::classicPort);
    }

    void everythingComesBack()
    {
        SettingsFile file(m_folder->path());
        file.settings.shares = {{"c:", "/tmp/a b"}, {"\xff\xfe%2F", "/srv/\xe4\xf6=;,\"\\"}};
        file.settings.password = QStringLiteral(" a=b;\"c\\d, é%41 \u2713");
        file.settings.classic.reach = Reach::OneAddress;
        file.settings.classic.address = QStringLiteral("2001:db8::1");
        file.settings.classic.port = 65535;
        file.settings.classicPassword = QStringLiteral("#;other");
        file.settings.tls = {Reach::ThisComputer, {}, 1};
        file.window.geometry = QByteArray("\0\1\2geometry", 11);
        file.window.setupShown = false;
        file.window.passwordShown = false;
        QVERIFY(file.save());

        SettingsFile again(m_folder->path());
        again.load();
        QCOMPARE(again.problem(), QString());
        QCOMPARE(again.settings.shares.size(), 2);
        for (int i = 0; i < 2; ++i) {
            QCOMPARE(again.settings.shares[i].name, file.settings.shares[i].name);
            QCOMPARE(again.settings.shares[i].folder, file.settings.shares[i].folder);
        }
        QCOMPARE(again.settings.password, file.settings.password);
        QVERIFY(again.settings.classic.reach == Reach::OneAddress);
        QCOMPARE(again.settings.classic.address, file.settings.classic.address);
        QCOMPARE(again.settings.classic.port, quint16(65535));
        QCOMPARE(again.settings.classicPassword, file.settings.classicPassword);
        QVERIFY(again.settings.tls.reach == Reach::ThisComputer);
        QCOMPARE(again.settings.tls.port, quint16(1));
        QCOMPARE(again.window.geometry, file.window.geometry);
        QVERIFY(!again.window.setupShown);
        QVERIFY(!again.window.passwordShown);

        again.settings.shares.clear();
        QVERIFY(again.save());
        again.load();
        QVERIFY(again.settings.shares.isEmpty());
    }

    void whatTheFirstVersionCalledOtherwiseIsTakenOver()
    {
        const QString path = SettingsFile(m_folder->path()).path();
        write(path, "[General]\nformat=1\npassword=abc\n[limits]\npenaltyFirst=7\n"
                    "penaltyMost=1234\n");
        SettingsFile file(m_folder->path());
        file.load();
        QCOMPARE(file.problem(), QString());
        QCOMPARE(file.settings.limits.penaltyFirst, 7);
        QCOMPARE(file.settings.limits.maxPenalty, 1234);
        file.settings.limits.maxPenalty = 99;
        QVERIFY(file.save());
        file.load();
        QCOMPARE(file.settings.limits.maxPenalty, 99);
    }

    void onlyTheOwnerMayReadTheFile()
    {
        constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther |
                                QFile::WriteOther | QFile::ExeGroup | QFile::ExeOther;
        SettingsFile file(m_folder->path());
        file.settings.password = QStringLiteral("secret");
        QVERIFY(file.save());
        QVERIFY(!(QFileInfo(file.path()).permissions() & others));
        // Somebody widened it: the next save closes it again.
        QVERIFY(QFile::setPermissions(file.path(), QFile::ReadOwner | QFile::WriteOwner | others));
        QVERIFY(file.save());
        QVERIFY(!(QFileInfo(file.path()).permissions() & others));
    }

    void aFileThatOthersCouldChangeIsPutAside_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("everybody") << 0666;
        QTest::newRow("the group") << 0620;
        QTest::newRow("no matter who reads") << 0777;
    }
    void aFileThatOthersCouldChangeIsPutAside()
    {
        QFETCH(int, mode);
        SettingsFile file(m_folder->path());
        file.settings.password = QStringLiteral("secret");
        file.settings.shares = {{"everything", "/etc"}};
        QVERIFY(file.save());
        QCOMPARE(::chmod(QFile::encodeName(file.path()).constData(), mode_t(mode)), 0);
        file.load();
        QVERIFY2(file.problem().contains(QStringLiteral("Others could change")),
                 qPrintable(file.problem()));
        QVERIFY(file.settings.shares.isEmpty());
        QVERIFY(file.settings.password.isEmpty());
        QVERIFY(QFile::exists(file.path() + QStringLiteral(".untrusted")));
        QVERIFY(file.save());
        file.load();
        QVERIFY(file.problem().isEmpty());
    }

    void passwordsThatOthersCouldReadAreSaidAndTheFileIsClosed()
    {
        SettingsFile file(m_folder->path());
        file.settings.password = QStringLiteral("secret");
        QVERIFY(file.save());
        QCOMPARE(::chmod(QFile::encodeName(file.path()).constData(), 0644), 0);
        file.load();
        QVERIFY2(file.problem().contains(QStringLiteral("Others could read")),
                 qPrintable(file.problem()));
        QCOMPARE(file.settings.password, QStringLiteral("secret"));
        file.load();
        QVERIFY(file.problem().isEmpty());
    }

    void anAddressToListenAtIsStrict_data()
    {
        QTest::addColumn<bool>("good");
        QTest::newRow("127.0.0.1") << true;
        QTest::newRow("::1") << true;
        QTest::newRow("fe80::1%lo") << true;
        QTest::newRow("127.1") << false;
        QTest::newRow("0177.0.0.1") << false;
        QTest::newRow("010.1.1.1") << false;
        QTest::newRow("2001:db8::7%lo") << false;
        QTest::newRow("localhost") << false;
    }
    void anAddressToListenAtIsStrict()
    {
        QFETCH(bool, good);
        for (Door ServerSettings::*door : {&ServerSettings::tls, &ServerSettings::classic}) {
            ServerSettings settings;
            settings.password = QStringLiteral("secret");
            settings.classicPassword = QStringLiteral("another");
            (settings.*door).reach = Reach::OneAddress;
            (settings.*door).address = QString::fromLatin1(QTest::currentDataTag());
            const auto config = toConfig(settings, m_folder->path());
            QCOMPARE(config.ok(), good);
            QVERIFY(config || config.error().text.contains(QStringLiteral("Write ")));
        }
    }

    void aDamagedFileIsPutAsideAndSaid_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("binary") << QByteArray("\x00\xff\x13\x37", 4).repeated(200);
        QTest::newRow("text") << QByteArray("this is no settings file\n");
        QTest::newRow("cut at the start") << QByteArray("[General]\n");
        QTest::newRow("other format") << QByteArray("[General]\nformat=99\npassword=x\n");
        QTest::newRow("broken value") << QByteArray("[General]\nformat=@Variant(\\0\\0)\n");
    }
    void aDamagedFileIsPutAsideAndSaid()
    {
        QFETCH(QByteArray, content);
        SettingsFile file(m_folder->path());
        write(file.path(), content);
        file.load();
        QVERIFY(file.problem().contains(QStringLiteral("damaged")));
        QVERIFY(file.settings.password.isEmpty());
        QFile aside(file.path() + QStringLiteral(".damaged"));
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll(), content);

        file.settings.password = QStringLiteral("new");
        QVERIFY(file.save());
        file.load();
        QVERIFY(file.problem().isEmpty());
        QCOMPARE(file.settings.password, QStringLiteral("new"));
    }

    void aFileThatCannotBeReadIsSaid()
    {
        SettingsFile file(m_folder->path());
        QVERIFY(QDir().mkpath(file.path())); // a folder in its place
        file.load();
        QVERIFY(!file.problem().isEmpty());
        const auto saved = file.save();
        QVERIFY(!saved);
        QVERIFY(!saved.error().text.isEmpty());
    }

    void aFileFromBeforeTheEncryptedDoorIsRead()
    {
        SettingsFile file(m_folder->path());
        write(file.path(), "[General]\nformat=1\npassword=old one\n[classic]\nreach=everyone\n"
                           "address=\nport=7777\n");
        file.load();
        QVERIFY(file.problem().isEmpty());
        QCOMPARE(file.settings.password, QStringLiteral("old one"));
        QVERIFY(file.settings.classic.reach == Reach::Everyone);
        QCOMPARE(file.settings.classic.port, quint16(7777));
        QVERIFY(file.settings.classicPassword.isEmpty());
        QVERIFY(file.settings.tls.reach == Reach::Everyone);
        QCOMPARE(file.settings.tls.port, limits::tlsPort);
    }

    void aDoorThatIsOffStaysOff()
    {
        SettingsFile file(m_folder->path());
        file.settings.classic.reach = Reach::Nobody;
        QVERIFY(file.save());
        file.load();
        QVERIFY(file.settings.classic.reach == Reach::Nobody);
        QVERIFY(!toConfig(file.settings, m_folder->path()).value().classicEnabled);
        file.settings.tls.reach = Reach::Nobody; // not by any control of the window
        QVERIFY(file.save());
        file.load();
        QVERIFY(file.settings.tls.reach == Reach::ThisComputer);
    }

    void nonsenseNeverOpensTheDoor()
    {
        SettingsFile file(m_folder->path());
        write(file.path(),
              "[General]\nformat=1\npassword=x\n[classic]\nreach=everybody!\n"
              "port=70000\n[tls]\nreach=-\nport=x\n[shares]\nsize=3\n1\\name=\n1\\folder=/tmp\n");
        file.load();
        QVERIFY(file.problem().isEmpty());
        QVERIFY(file.settings.classic.reach == Reach::ThisComputer);
        QCOMPARE(file.settings.classic.port, limits::classicPort);
        QVERIFY(file.settings.tls.reach == Reach::ThisComputer);
        QCOMPARE(file.settings.tls.port, limits::tlsPort);
        QVERIFY(file.settings.shares.isEmpty());
    }

    void anAddressThatIsNoneIsRefused()
    {
        ServerSettings settings;
        settings.classic.reach = Reach::OneAddress;
        settings.classic.address = QStringLiteral("nowhere");
        const auto config = toConfig(settings, m_folder->path());
        QVERIFY(!config);
        QVERIFY(config.error().code == ErrorCode::Invalid);
        settings.classic.reach = Reach::ThisComputer;
        QVERIFY(toConfig(settings, m_folder->path()).value().classicAddress.isLoopback());
    }

    void telnetForOthersNeedsAPasswordOfItsOwn()
    {
        ServerSettings settings;
        settings.password = QStringLiteral("yellow submarine");
        settings.classic.reach = Reach::ThisComputer;
        QVERIFY(toConfig(settings, m_folder->path()).value().classicPassword.isEmpty());
        settings.classic.reach = Reach::Everyone;
        QVERIFY(!toConfig(settings, m_folder->path()));
        settings.classicPassword = settings.password;
        QVERIFY(!toConfig(settings, m_folder->path()));
        settings.classicPassword = QStringLiteral("green submarine");
        const auto config = toConfig(settings, m_folder->path());
        QVERIFY(config);
        QCOMPARE(config.value().classicAddress, QHostAddress(QHostAddress::Any));
        QCOMPARE(config.value().password, QByteArray("yellow submarine"));
        QCOMPARE(config.value().classicPassword, QByteArray("green submarine"));
        QVERIFY(config.value().tlsEnabled);
        QCOMPARE(config.value().dataFolder, m_folder->path());
    }

    void theCommandLineTakesSharesPortsAndFolder()
    {
        const auto line =
            read({QStringLiteral("--data-dir"), m_folder->path(), QStringLiteral("--share"),
                  QStringLiteral("Pub=") + m_folder->path(), QStringLiteral("--share"),
                  m_folder->path(), QStringLiteral("--port"), QStringLiteral("0"),
                  QStringLiteral("--classic-port"), QStringLiteral("65535")});
        QVERIFY(line);
        QCOMPARE(line.value().dataFolder, m_folder->path());
        QCOMPARE(line.value().shares.size(), 2);
        QCOMPARE(line.value().shares[0].name, QByteArray("Pub"));
        QCOMPARE(line.value().shares[1].name,
                 QFile::encodeName(QFileInfo(m_folder->path()).fileName()));
        QCOMPARE(*line.value().port, quint16(0));
        QCOMPARE(*line.value().classicPort, quint16(65535));
        QVERIFY(!read({}).value().port);
        QVERIFY(!read({}).value().classicPort);
    }

    void aRelativeShareBecomesAbsolute()
    {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder->path()));
        QVERIFY(QDir().mkdir(QStringLiteral("sub")));
        const auto line = read({QStringLiteral("--share"), QStringLiteral("sub")});
        QDir::setCurrent(before);
        QVERIFY(line);
        QCOMPARE(
            line.value().shares[0].folder,
            QFile::encodeName(QDir(m_folder->path()).canonicalPath() + QStringLiteral("/sub")));
    }

    void theEnvironmentNamesTheDataFolderUnlessTheOptionDoes()
    {
        qputenv("FERRY_DATA_DIR", "/env/dir");
        QCOMPARE(read({}).value().dataFolder, QStringLiteral("/env/dir"));
        QCOMPARE(
            read({QStringLiteral("--data-dir"), QStringLiteral("/opt/dir")}).value().dataFolder,
            QStringLiteral("/opt/dir"));
        qunsetenv("FERRY_DATA_DIR");
        QCOMPARE(read({}).value().dataFolder, SettingsFile::defaultFolder());
    }

    void wrongOptionsAreRefusedInASentence_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("unknown") << QStringList{QStringLiteral("--nonsense")};
        QTest::newRow("port") << QStringList{QStringLiteral("--port"), QStringLiteral("65536")};
        QTest::newRow("word") << QStringList{QStringLiteral("--port"), QStringLiteral("http")};
        QTest::newRow("classic") << QStringList{QStringLiteral("--classic-port=-1")};
        QTest::newRow("stray") << QStringList{QStringLiteral("stray")};
        QTest::newRow("no value") << QStringList{QStringLiteral("--share")};
    }
    void wrongOptionsAreRefusedInASentence()
    {
        QFETCH(QStringList, options);
        const auto line = read(options);
        QVERIFY(!line);
        QVERIFY(!line.error().text.isEmpty());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

FERRY_TEST(SettingsTest)
#include "tst_serversettings.moc"
