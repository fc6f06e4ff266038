// SPDX-License-Identifier: MIT
#include "client-gui/commandline.h"
#include "client-gui/settings/settings.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QSysInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace ferry::gui;

namespace {

void write(const QString &name, const QByteArray &content)
{
    QFile file(name);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

} // namespace

class ClientSettingsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everythingSurvivesARestart();
    void serversOfAnEarlierVersionAreThere();
    void whatTheFirstVersionKeptIsTakenOver();
    void onlyServersWithoutANameAreForgottenAsRecent();
    void aDestinationThatIsGoneFallsBack();
    void aDestinationThatCannotBeLookedAtIsKept();
    void damagedFilesAreSetAside_data();
    void damagedFilesAreSetAside();
    void aFileThatCannotBeReadIsSetAside();
    void whatOthersCouldChangeIsClosedToThem_data();
    void whatOthersCouldChangeIsClosedToThem();
    void aFolderThatCannotBeMadeIsTold();
    void aLockThatStayedIsNotWaitedFor();
    void theEnvironmentNamesTheDataFolder();
    void theCommandLineFillsIn();
    void aWrongCommandLineIsToldBriefly_data();
    void aWrongCommandLineIsToldBriefly();
};

void ClientSettingsTest::everythingSurvivesARestart()
{
    const QTemporaryDir dir;
    const QString data = dir.filePath(QStringLiteral("a/b"));
    {
        ClientSettings settings(data);
        QVERIFY(settings.problem().isEmpty());
        QVERIFY(!settings.conversationShown());
        settings.setServers({{QStringLiteral("anna@[::1]:7421"), QStringLiteral("Anna's ½ disk")},
                             {QStringLiteral("studio"), {}}});
        settings.setDestination(dir.path());
        settings.setWindowGeometry(QByteArray("geometry\0\xff", 10));
        settings.setPanes("panes");
        settings.setConversationShown(true);
    }
    const ClientSettings again(data);
    QVERIFY2(again.problem().isEmpty(), qPrintable(again.problem()));
    QCOMPARE(again.servers(), (QList<SavedServer>{{QStringLiteral("anna@[::1]:7421"),
                                                   QStringLiteral("Anna's ½ disk")},
                                                  {QStringLiteral("studio"), {}}}));
    QCOMPARE(again.destination(), dir.path());
    QCOMPARE(again.windowGeometry(), QByteArray("geometry\0\xff", 10));
    QCOMPARE(again.panes(), QByteArray("panes"));
    QVERIFY(again.conversationShown());
}

/// As the window of 0.1 (commit 81d3deb) wrote it.
void ClientSettingsTest::whatTheFirstVersionKeptIsTakenOver()
{
    const QTemporaryDir dir;
    write(dir.filePath(QStringLiteral("client.ini")),
          "[ferry]\nversion=1\n"
          "[browser]\nhidden=true\n"
          "[connect]\nhosts=anna@studio:7420, 192.168.1.20\nremembered=anna@studio:7420\n"
          "[conversation]\nshown=true\n"
          "[queue]\nbytesPerSecond=3000000\ncolumns=\"@ByteArray(header)\"\ndestination=" +
              QFile::encodeName(dir.path()) +
              "\nfilesAtOnce=4\nretries=2\nspaceReserve=700000000\n"
              "[window]\nbinaryUnits=true\nnotify=false\nplot=true\ntray=false\n");
    const ClientSettings settings(dir.path());
    QCOMPARE(settings.problem(), QString());
    QCOMPARE(settings.servers().size(), qsizetype(2));
    QVERIFY(settings.isPasswordRemembered(QStringLiteral("anna@studio:7420")));
    QCOMPARE(settings.destination(), dir.path());
    const Preferences kept = settings.preferences();
    QCOMPARE(kept.rateLimit, qint64(3'000'000));
    QCOMPARE(kept.filesAtOnce, 4);
    QCOMPARE(kept.retries, 2);
    QCOMPARE(kept.spaceReserve, qint64(700'000'000));
    QVERIFY(kept.binaryUnits && !kept.notify && !kept.trayIcon);
    QVERIFY(settings.hiddenShown() && settings.conversationShown() && settings.plotShown());
    // Of another number of columns.
    QVERIFY(settings.queueColumns().isEmpty());
}

void ClientSettingsTest::serversOfAnEarlierVersionAreThere()
{
    const QTemporaryDir dir;
    write(dir.filePath(QStringLiteral("client.ini")),
          "[ferry]\nversion=1\n[connect]\nhosts=anna@studio:7420, 192.168.1.20\n");
    const ClientSettings settings(dir.path());
    QVERIFY2(settings.problem().isEmpty(), qPrintable(settings.problem()));
    QCOMPARE(settings.servers(), (QList<SavedServer>{{QStringLiteral("anna@studio:7420"), {}},
                                                     {QStringLiteral("192.168.1.20"), {}}}));
}

void ClientSettingsTest::onlyServersWithoutANameAreForgottenAsRecent()
{
    const QTemporaryDir dir;
    ClientSettings settings(dir.path());
    const SavedServer named{QStringLiteral("studio"), QStringLiteral("Studio")};
    settings.setServers({{QStringLiteral("other"), {}}, named});
    settings.forgetRecentServers();
    QCOMPARE(settings.servers(), QList<SavedServer>{named});
}

void ClientSettingsTest::aDestinationThatIsGoneFallsBack()
{
    const QTemporaryDir dir;
    ClientSettings settings(dir.path());
    settings.setDestination(dir.filePath(QStringLiteral("gone")));
    QVERIFY(settings.destination() != dir.filePath(QStringLiteral("gone")));
    QVERIFY(!settings.destination().isEmpty());
}

void ClientSettingsTest::aDestinationThatCannotBeLookedAtIsKept()
{
    const QTemporaryDir dir;
    // A disk that fails cannot be had here; a link to itself fails in the same place.
    const QString folder = dir.filePath(QStringLiteral("itself"));
    QVERIFY(QFile::link(folder, folder));
    ClientSettings settings(dir.path());
    settings.setDestination(folder);
    QCOMPARE(settings.destination(), folder);
}

void ClientSettingsTest::damagedFilesAreSetAside_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("random") << QByteArray("\x89\x00\xff\xfe garbage \n\n\x01\x02", 18);
    QTest::newRow("another program's") << QByteArray("<xml version='1'/>\n");
    QTest::newRow("no version") << QByteArray("[connect]\nhosts=a\n");
    QTest::newRow("nonsense version") << QByteArray("[ferry]\nversion=banana\n");
}

void ClientSettingsTest::damagedFilesAreSetAside()
{
    QFETCH(const QByteArray, content);
    const QTemporaryDir dir;
    const QString file = dir.filePath(QStringLiteral("client.ini"));
    write(file, content);
    {
        ClientSettings settings(dir.path());
        QVERIFY(!settings.problem().isEmpty());
        QVERIFY(settings.servers().isEmpty());
        settings.setServers({{QStringLiteral("host"), {}}});
    }
    QFile aside(file + QStringLiteral(".damaged"));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), content);
    const ClientSettings again(dir.path());
    QVERIFY2(again.problem().isEmpty(), qPrintable(again.problem()));
    QCOMPARE(again.servers(), (QList<SavedServer>{{QStringLiteral("host"), {}}}));
}

void ClientSettingsTest::aFileThatCannotBeReadIsSetAside()
{
    const QTemporaryDir dir;
    const QString file = dir.filePath(QStringLiteral("client.ini"));
    // A disk that fails cannot be had here; a folder in its place cannot be read either.
    QVERIFY(QDir().mkpath(file));
    write(file + QStringLiteral("/inside"), "kept");
    {
        ClientSettings settings(dir.path());
        QVERIFY2(settings.problem().contains(QStringLiteral("could not be read")),
                 qPrintable(settings.problem()));
        settings.setServers({{QStringLiteral("host"), {}}});
    }
    QVERIFY(QFile::exists(file + QStringLiteral(".unread/inside")));
    const ClientSettings again(dir.path());
    QVERIFY2(again.problem().isEmpty(), qPrintable(again.problem()));
    QCOMPARE(again.servers(), (QList<SavedServer>{{QStringLiteral("host"), {}}}));
}

void ClientSettingsTest::whatOthersCouldChangeIsClosedToThem_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("told");
    QTest::newRow("everybody writes") << 0666 << true;
    QTest::newRow("the group writes, as older programs let it") << 0664 << false;
    QTest::newRow("everybody reads") << 0644 << false;
}

void ClientSettingsTest::whatOthersCouldChangeIsClosedToThem()
{
    QFETCH(int, mode);
    QFETCH(bool, told);
    const QTemporaryDir dir;
    const QString file = dir.filePath(QStringLiteral("client.ini"));
    ClientSettings(dir.path()).setServers({{QStringLiteral("host"), {}}});
    QCOMPARE(::chmod(QFile::encodeName(file).constData(), mode_t(mode)), 0);
    {
        ClientSettings settings(dir.path());
        QCOMPARE(settings.problem().contains(QStringLiteral("Others could change")), told);
        QCOMPARE(settings.servers(), (QList<SavedServer>{{QStringLiteral("host"), {}}}));
        settings.setServers({{QStringLiteral("other"), {}}});
    }
    struct stat status = {};
    QCOMPARE(::stat(QFile::encodeName(file).constData(), &status), 0);
    QCOMPARE(int(status.st_mode & 07777), 0600);
    QVERIFY(ClientSettings(dir.path()).problem().isEmpty());
}

void ClientSettingsTest::aFolderThatCannotBeMadeIsTold()
{
    const QTemporaryDir dir;
    write(dir.filePath(QStringLiteral("file")), "x");
    ClientSettings settings(dir.filePath(QStringLiteral("file/below")));
    QVERIFY(!settings.problem().isEmpty());
    settings.setServers({{QStringLiteral("host"), {}}}); // works, for this run
    QCOMPARE(settings.servers().size(), qsizetype(1));
}

/// As it stays when the disk refuses to remove it.
void ClientSettingsTest::aLockThatStayedIsNotWaitedFor()
{
    const QTemporaryDir dir;
    const QString name = dir.filePath(QStringLiteral("client.ini.lock"));
    ClientSettings settings(dir.path());
    QLockFile left(name);
    QVERIFY(left.lock());
    settings.setDestination(dir.path());
    QVERIFY(!QFile::exists(name)); // before Qt writes the change
    settings.save();
    // Another program's is not ours to remove.
    write(name, "1\nferry-client\n" + QSysInfo::machineHostName().toUtf8() + "\n");
    settings.setHiddenShown(true);
    QVERIFY(QFile::exists(name));
    QVERIFY(QFile::remove(name));
}

void ClientSettingsTest::theEnvironmentNamesTheDataFolder()
{
    qputenv("FERRY_DATA_DIR", "some/where");
    QCOMPARE(ClientSettings::defaultDataDir(), QStringLiteral("some/where"));
    qunsetenv("FERRY_DATA_DIR");
    QVERIFY(ClientSettings::defaultDataDir() != QStringLiteral("some/where"));
}

void ClientSettingsTest::theCommandLineFillsIn()
{
    const auto parsed =
        parseCommandLine({"--data-dir", "d", "host:1", "/a b", "/\xFF", "--", "--odd"});
    QVERIFY(parsed.ok());
    const CommandLine &line = parsed.value();
    QVERIFY(!line.classic);
    QVERIFY(parseCommandLine({"--classic"}).value().classic);
    QCOMPARE(line.dataDir, QStringLiteral("d"));
    QCOMPARE(line.host, QStringLiteral("host:1"));
    QCOMPARE(line.paths, (QByteArrayList{"/a b", "/\xFF", "--odd"}));
    QCOMPARE(parseCommandLine({"--data-dir=x=y"}).value().dataDir, QStringLiteral("x=y"));
    QVERIFY(parseCommandLine({}).ok());
}

void ClientSettingsTest::aWrongCommandLineIsToldBriefly_data()
{
    QTest::addColumn<QByteArrayList>("arguments");
    QTest::newRow("unknown") << QByteArrayList{"--nonsense"};
    QTest::newRow("missing value") << QByteArrayList{"--data-dir"};
    QTest::newRow("a password") << QByteArrayList{"--password=x"};
}

void ClientSettingsTest::aWrongCommandLineIsToldBriefly()
{
    QFETCH(const QByteArrayList, arguments);
    const auto line = parseCommandLine(arguments);
    QVERIFY(!line.ok());
    QCOMPARE(line.error().code, ferry::ErrorCode::Invalid);
    QVERIFY(!line.error().text.contains(u'\n'));
}

FERRY_TEST(ClientSettingsTest)
#include "client_settings.moc"
