// SPDX-License-Identifier: MIT
#include "net/base/privatefile.h"
#include "support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <memory>

using namespace ferry;
using privatefile::Others;

class TestPrivateFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void whatOthersMayDoIsLooked_data();
    void whatOthersMayDoIsLooked();
    void whatIsNotThereIsNoFault();
    void whatBelongsToAnotherUserIsNotOurs();

private:
    QString path() const { return m_folder->filePath(QStringLiteral("file")); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestPrivateFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(privatefile::replace(path(), "x").ok());
}

void TestPrivateFile::whatOthersMayDoIsLooked_data()
{
    QTest::addColumn<int>("folder");
    QTest::addColumn<int>("file");
    QTest::addColumn<bool>("maybeRead");
    QTest::addColumn<bool>("secret");
    const auto row = [](const char *name, int folder, int file, bool maybeRead, bool secret) {
        QTest::newRow(name) << folder << file << maybeRead << secret;
    };
    row("ours alone", 0700, 0600, true, true);
    row("read by the group", 0700, 0640, true, false);
    row("read by all", 0755, 0644, true, false);
    row("written by the group", 0700, 0660, false, false);
    row("written by all", 0700, 0606, false, false);
    row("run by all", 0700, 0777, false, false);
    row("folder of the group", 0770, 0600, false, false);
    row("folder of all", 0777, 0600, false, false);
    row("folder like /tmp", 01777, 0600, true, true);
    row("folder like /tmp, written by all", 01777, 0666, false, false);
}

void TestPrivateFile::whatOthersMayDoIsLooked()
{
    QFETCH(int, folder);
    QFETCH(int, file);
    QFETCH(bool, maybeRead);
    QFETCH(bool, secret);
    QCOMPARE(::chmod(QFile::encodeName(path()).constData(), mode_t(file)), 0);
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), mode_t(folder)), 0);
    const auto read = privatefile::checkOurs(path(), Others::MayRead);
    const auto nothing = privatefile::checkOurs(path(), Others::MayNothing);
    QCOMPARE(read.ok(), maybeRead);
    QCOMPARE(nothing.ok(), secret);
    for (const auto &checked : {read, nothing}) {
        if (checked)
            continue;
        QCOMPARE(int(checked.error().code), int(ErrorCode::Invalid));
        QVERIFY(checked.error().text.contains(m_folder->path()));
        QVERIFY(checked.error().text.contains(QStringLiteral("chmod")));
    }
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), 0700), 0);
    QCOMPARE(privatefile::isOurs(path(), Others::MayRead), (file & 022) == 0);
    QCOMPARE(privatefile::isOurs(path(), Others::MayNothing), (file & 077) == 0);
}

void TestPrivateFile::whatIsNotThereIsNoFault()
{
    const QString none = m_folder->filePath(QStringLiteral("none/file"));
    QVERIFY(privatefile::checkOurs(none, Others::MayNothing).ok());
    QVERIFY(privatefile::isOurs(none, Others::MayNothing));
}

void TestPrivateFile::whatBelongsToAnotherUserIsNotOurs()
{
    if (::chown(QFile::encodeName(path()).constData(), 65534, gid_t(-1)) != 0)
        QSKIP("only the administrator gives files to others");
    QVERIFY(!privatefile::checkOurs(path(), Others::MayRead).ok());
    QVERIFY(!privatefile::isOurs(path(), Others::MayNothing));
}

FERRY_TEST(TestPrivateFile)
#include "tst_privatefile.moc"
