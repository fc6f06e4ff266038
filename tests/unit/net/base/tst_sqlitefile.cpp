// SPDX-License-Identifier: MIT
#include "net/base/sqlitefile.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QFile>
#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QSqlResult>
#include <QTemporaryDir>
#include <QTest>
#include <QVariant>

using namespace ferry;

namespace {

/// As one whose library cannot be loaded: its error has none of SQLite's codes.
class BrokenDriver : public QSqlDriver
{
public:
    bool hasFeature(DriverFeature) const override { return false; }
    bool open(const QString &, const QString &, const QString &, const QString &, int,
              const QString &) override
    {
        setLastError(
            QSqlError(QStringLiteral("Driver not loaded"), {}, QSqlError::ConnectionError));
        return false;
    }
    void close() override {}
    QSqlResult *createResult() const override { return nullptr; }
};

} // namespace

class SqliteFileTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsItsLocksWhateverElseOpensTheFile();
    void severalWriteAtOnce();
    void aFailedTransactionLeavesNothing();
    void aDamagedFileIsReadFromBothEndsAndPutAside();
    void aLaterVersionIsLeftAlone();
    void aMissingDriverIsNoDamage();

private:
    static SqliteFile::Format format(int version = 1)
    {
        return {QStringLiteral("The list"),
                version,
                {QStringLiteral("CREATE TABLE IF NOT EXISTS things(id INTEGER PRIMARY KEY, "
                                "name TEXT)")},
                QStringLiteral("SELECT id, name FROM things LIMIT 1")};
    }
    static Result<> add(SqliteFile &file, int count)
    {
        return file.transaction([&](QSqlQuery &query) -> Result<> {
            for (int i = 0; i < count; ++i) {
                if (!query.exec(QStringLiteral("INSERT INTO things(name) VALUES('%1')")
                                    .arg(QString(500, u'x'))))
                    return file.failure(query);
            }
            return {};
        });
    }
    static qint64 rows(SqliteFile &file)
    {
        QSqlQuery query = file.query();
        return query.exec(QStringLiteral("SELECT count(*) FROM things")) && query.next()
                   ? query.value(0).toLongLong()
                   : -1;
    }
    QString path() const
    {
        return m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()));
    }

    QTemporaryDir m_folder;
};

/// A program that finds no lock of ours takes itself for the only one, and when it closes the file
/// it removes what we still write into.
void SqliteFileTest::keepsItsLocksWhateverElseOpensTheFile()
{
    SqliteFile file(path(), format());
    QVERIFY(file.open());
    QVERIFY(test::isLockedForOthers(path()));
    {
        SqliteFile other(path(), format());
        QVERIFY(other.open());
        QVERIFY(test::isLockedForOthers(path()));
    }
    QVERIFY(test::isLockedForOthers(path()));
}

void SqliteFileTest::severalWriteAtOnce()
{
    SqliteFile one(path(), format());
    SqliteFile two(path(), format());
    QVERIFY(one.open() && two.open());
    for (int i = 0; i < 10; ++i)
        QVERIFY(add(one, 3) && add(two, 4));
    QCOMPARE(rows(one), 70);
    QCOMPARE(rows(two), 70);
}

void SqliteFileTest::aFailedTransactionLeavesNothing()
{
    SqliteFile file(path(), format());
    QVERIFY(file.open());
    const auto failed = file.transaction([&](QSqlQuery &query) -> Result<> {
        if (!query.exec(QStringLiteral("INSERT INTO things(name) VALUES('a')")))
            return file.failure(query);
        return Error{ErrorCode::Invalid, QStringLiteral("no")};
    });
    QVERIFY(!failed);
    QCOMPARE(rows(file), 0);
    QVERIFY(add(file, 1));
    QCOMPARE(rows(file), 1);
}

void SqliteFileTest::aDamagedFileIsReadFromBothEndsAndPutAside()
{
    {
        SqliteFile file(path(), format());
        QVERIFY(file.open() && add(file, 1000));
    }
    QFile damaged(path());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    QVERIFY(damaged.seek(damaged.size() / 2 / 4096 * 4096));
    QCOMPARE(damaged.write(QByteArray(4096, '\xff')), 4096);
    damaged.close();

    SqliteFile file(path(), format());
    const auto opened = file.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Damaged);
    qint64 before = 0;
    qint64 behind = 0;
    QVERIFY(file.rows(QStringLiteral("name FROM things"),
                      [&](const QSqlQuery &, bool backward) { ++(backward ? behind : before); }));
    QVERIFY(before > 0 && behind > 0 && before + behind < 1000);
    const auto fails = [&]() -> Result<> {
        static_cast<void>(add(file, 1));
        return Error{ErrorCode::LocalFile, QStringLiteral("no room")};
    };
    QVERIFY(!file.startOver(fails));
    QVERIFY(!QFileInfo::exists(path() + QStringLiteral(".damaged")));
    QCOMPARE(file.open().error().code, ErrorCode::Damaged);
    const auto aside = file.startOver([&] { return add(file, 2); });
    QVERIFY(aside);
    QVERIFY(QFileInfo::exists(aside.value()));
    QCOMPARE(rows(file), 2);
    QVERIFY(add(file, 1));
}

void SqliteFileTest::aLaterVersionIsLeftAlone()
{
    {
        SqliteFile later(path(), format(2));
        QVERIFY(later.open() && add(later, 3));
    }
    SqliteFile file(path(), format());
    const auto opened = file.open();
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Invalid);
    file.close();
    SqliteFile later(path(), format(2));
    QVERIFY(later.open());
    QCOMPARE(rows(later), 3);
}

void SqliteFileTest::aMissingDriverIsNoDamage()
{
    SqliteFile file(path(), format());
    QVERIFY(file.open() && add(file, 3));
    file.close();
    const QString name = QStringLiteral("QSQLITE");
    QSqlDatabase::registerSqlDriver(name, new QSqlDriverCreator<BrokenDriver>);
    const auto opened = file.open();
    QSqlDatabase::registerSqlDriver(name, nullptr); // Qt's own again
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::LocalFile);
    QCOMPARE(file.run(QStringLiteral("SELECT 1")).error().code, ErrorCode::LocalFile);
    QVERIFY(file.open());
    QCOMPARE(rows(file), 3);
}

FERRY_TEST(SqliteFileTest)
#include "tst_sqlitefile.moc"
