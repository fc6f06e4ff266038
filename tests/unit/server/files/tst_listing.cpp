// SPDX-License-Identifier: MIT
#include "net/channel/plainchannel.h"
#include "server/files/listing.h"
#include "server/files/smallestnames.h"
#include "server/limits.h"
#include "server/pacing/pacer.h"
#include "server/pacing/sessioncounters.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

using namespace ferry;
using namespace ferry::server;

namespace {

/// Keeps all that is written, and lets a test step in.
class FakeChannel final : public Channel
{
public:
    QByteArray written;
    std::function<void(QByteArrayView)> onWrite;

    Result<qsizetype> read(char *, qsizetype, QDeadlineTimer) override { return qsizetype(0); }
    Result<> write(QByteArrayView bytes, QDeadlineTimer) override
    {
        written.append(bytes);
        if (onWrite)
            onWrite(bytes);
        return {};
    }
    Result<qsizetype> writeSome(QByteArrayView bytes, QDeadlineTimer deadline) override
    {
        static_cast<void>(write(bytes, deadline));
        return bytes.size();
    }
    Result<qint64> sendFile(int, qint64, qint64, QDeadlineTimer) override { return qint64(0); }
    Result<Heard> waitForBytes(QDeadlineTimer, const Wakeup *) override { return Heard::Bytes; }
    Result<> pause(QDeadlineTimer) override { return {}; }
    void finishWriting() override {}
    void finishReading() override {}
    void shutdown() override {}
    QString description() const override { return {}; }
};

/// Names of 200 bytes, which fill limits::namesInMemory several times.
constexpr int manyNames = 8000;

QByteArray longName(int number)
{
    return QByteArray::number(number).rightJustified(6, '0') + QByteArray(194, 'x');
}

QByteArrayList taken(SmallestNames &names)
{
    QByteArrayList all;
    names.sort();
    while (!names.isEmpty())
        all.append(names.takeFirst());
    return all;
}

} // namespace

class TestListing : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theSmallestNamesAreKept();
    void aNameThatDidNotFitLeavesNoGap();
    void manyNamesTakeNoMoreThanTheirRoom();
    void oneNameIsKeptHoweverLittleRoom();
    void pagesOfLongNamesAreWhole();
    void whatIsNotListedTakesNoPlaceInAPage();
    void aTreeOfManyFoldersIsWhole();
    void aFolderThatVanishesWhileItsTreeIsSentIsSkipped();
    void aTreeNamesWhatItLeavesOut();
    void aCancelIsNotLookedForAtEachEntry();
    void theSharesComeInPages();
    void aSingleFileIsOneInTheListOfShares();

private:
    /// The lines of an answer, each without its end.
    QByteArrayList answer(const QByteArray &request);
    /// The paths of `#ENTRY` lines.
    static QByteArrayList paths(const QByteArrayList &lines);

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<FakeChannel> m_channel;
    QStringList m_log;
    int m_looks = 0;           ///< for a cancel
    QList<ShareConfig> m_more; ///< shares
};

void TestListing::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_channel = std::make_unique<FakeChannel>();
    m_log.clear();
    m_looks = 0;
    m_more.clear();
    QVERIFY(m_dir->isValid());
}

QByteArrayList TestListing::answer(const QByteArray &request)
{
    const QByteArray folder = QFile::encodeName(m_dir->path());
    const auto shares = ShareSet::open(QList<ShareConfig>{{"s", folder}, {"t", folder}} + m_more);
    const auto parsed = extended::parseRequest(request);
    if (!shares || !parsed.request)
        return {};
    const ServerConfig config;
    SessionCounters counters;
    Pacer pacer(std::make_shared<RateLimiter>());
    ReplyStream stream(*m_channel, config, pacer, counters, [this] {
        ++m_looks;
        return Result<bool>(false);
    });
    Current<ShareSet> current;
    current.set(shares.value());
    LoggedShares logged(current, [this](const QString &text) { m_log.append(text); });
    const bool tree = parsed.request->verb == extended::Verb::Tree;
    const Result<> done = tree ? answerTree(*parsed.request, logged, stream)
                               : answerList(*parsed.request, logged, stream, false);
    if (!done || !stream.flush())
        return {};
    QByteArrayList lines = std::exchange(m_channel->written, {}).split('\n');
    lines.removeLast();
    for (QByteArray &line : lines)
        line.chop(1);
    return lines;
}

QByteArrayList TestListing::paths(const QByteArrayList &lines)
{
    QByteArrayList paths;
    for (const QByteArray &line : lines) {
        const auto reply = extended::parseReply(line);
        const auto entry =
            reply && reply->token == "ENTRY" ? extended::parseEntry(*reply) : std::nullopt;
        if (entry)
            paths.append(entry->path);
    }
    return paths;
}

void TestListing::theSmallestNamesAreKept()
{
    SmallestNames names("b", 1'000'000, 3);
    for (const char *name : {"x", "c", "b", "a", "e", "d", "bb"})
        names.add(name);
    QVERIFY(!names.wants("b"));
    QVERIFY(names.wants("bc"));
    QCOMPARE(taken(names), (QByteArrayList{"bb", "c", "d"}));
    QVERIFY(names.more());
    QVERIFY(!names.wants("e"));
}

void TestListing::aNameThatDidNotFitLeavesNoGap()
{
    const QByteArray large(1000, 'm');
    SmallestNames names({}, 40);
    names.add("a");
    names.add(large); // has to go
    names.add("z");   // would fit, but comes behind it
    names.add("b");
    QVERIFY(names.more());
    QCOMPARE(taken(names), (QByteArrayList{"a", "b"}));
}

void TestListing::manyNamesTakeNoMoreThanTheirRoom()
{
    constexpr qsizetype room = 10'000;
    QByteArray after;
    int found = 0;
    for (bool more = true; more;) {
        SmallestNames names(after, room);
        for (int i = 0; i < manyNames; ++i) {
            // In an order that is none.
            names.add(QByteArray::number(i * 3571 % manyNames));
            QVERIFY(names.bytes() <= room);
        }
        names.sort();
        QVERIFY(names.bytes() <= room);
        QVERIFY(!names.isEmpty());
        while (!names.isEmpty()) {
            const QByteArray name = names.takeFirst();
            QVERIFY(name > after);
            after = name;
            ++found;
        }
        more = names.more();
    }
    QCOMPARE(found, manyNames);
}

void TestListing::oneNameIsKeptHoweverLittleRoom()
{
    SmallestNames names({}, 0);
    names.add("b");
    QVERIFY(!names.more());
    names.add("a");
    QCOMPARE(taken(names), QByteArrayList{"a"});
    QVERIFY(names.more());
}

void TestListing::pagesOfLongNamesAreWhole()
{
    QByteArrayList expected;
    for (int number = 0; number < manyNames; ++number) {
        expected.append(longName(number));
        QFile file(m_dir->filePath(QString::fromLatin1(expected.last())));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const QByteArrayList first = answer("LIST /s limit=7000");
    QCOMPARE(first.last(), "#END entries=7000 more=yes");
    QCOMPARE(paths(first), expected.first(7000));
    const QByteArrayList second = answer("LIST /s limit=7000 after=" + expected[6999]);
    QCOMPARE(second.last(), "#END entries=1000 more=no");
    QCOMPARE(paths(second), expected.sliced(7000));
}

void TestListing::whatIsNotListedTakesNoPlaceInAPage()
{
    for (const char *name : {"a", "b", "c"})
        QVERIFY(QFile::link(QStringLiteral("/etc"), m_dir->filePath(QLatin1StringView(name))));
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("d")));
    QCOMPARE(paths(answer("LIST /s limit=1")), QByteArrayList{"d"});
}

void TestListing::aTreeOfManyFoldersIsWhole()
{
    // Below each of two folders so many that the names of neither fit.
    QSet<QByteArray> expected{"0", "1"};
    const QDir top(m_dir->path());
    for (int number = 0; number < manyNames; ++number) {
        const QByteArray path = QByteArray::number(number % 2) + '/' + longName(number);
        QVERIFY(top.mkpath(QString::fromLatin1(path)));
        expected.insert(path);
        if (number % 10 == 0) {
            QFile file(top.filePath(QString::fromLatin1(path) + QStringLiteral("/file")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            expected.insert(path + "/file");
        }
    }
    const QByteArrayList lines = answer("TREE /s");
    QCOMPARE(lines.last(), "#END entries=" + QByteArray::number(expected.size()) + " bytes=0");
    const QByteArrayList found = paths(lines);
    QCOMPARE(found.size(), expected.size());
    QSet<QByteArray> seen{QByteArray()};
    for (const QByteArray &path : found) {
        const QByteArray parent = path.first(std::max<qsizetype>(path.lastIndexOf('/'), 0));
        QVERIFY2(seen.contains(parent), path); // a folder comes before what is in it
        seen.insert(path);
    }
    seen.remove({});
    QVERIFY(seen == expected);
}

void TestListing::aFolderThatVanishesWhileItsTreeIsSentIsSkipped()
{
    QDir top(m_dir->path());
    for (int number = 0; number < manyNames; ++number)
        QVERIFY(top.mkpath(QStringLiteral("f/") + QString::fromLatin1(longName(number))));
    bool gone = false;
    m_channel->onWrite = [&](QByteArrayView) {
        if (!gone)
            gone = QDir(top.filePath(QStringLiteral("f"))).removeRecursively();
    };
    const QByteArrayList lines = answer("TREE /s");
    QVERIFY(gone);
    QVERIFY(!lines.isEmpty());
    QVERIFY2(lines.last().startsWith("#END entries="), lines.last());
    QVERIFY(lines.contains("#SKIPPED NOTFOUND f"));
}

void TestListing::aTreeNamesWhatItLeavesOut()
{
    const QByteArray top = QFile::encodeName(m_dir->path()) + '/';
    const auto link = [&top](const QByteArray &target, const char *name) {
        QCOMPARE(::symlink(target.constData(), (top + name).constData()), 0);
    };
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("d")));
    link("d", "folder");
    link("nowhere", "broken");
    link("/etc/passwd", "outside");
    link("/etc", "d/outside");
    QCOMPARE(::mkfifo((top + "fifo").constData(), 0600), 0);
    QFile file(m_dir->filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    link(top + "file", "absolute");

    QByteArrayList lines = answer("TREE /s");
    QCOMPARE(paths(lines).size(), 3);
    QCOMPARE(lines.takeLast(), "#END entries=3 bytes=0");
    lines.removeIf([](const QByteArray &line) { return line.startsWith("#ENTRY"); });
    std::sort(lines.begin(), lines.end());
    QCOMPARE(lines, QByteArrayList({"#SKIPPED LINK folder", "#SKIPPED NOTFOUND broken",
                                    "#SKIPPED NOTFOUND d/outside", "#SKIPPED NOTFOUND outside",
                                    "#SKIPPED SPECIAL fifo"}));
    QCOMPARE(m_log.filter(QStringLiteral("The path leads out of the share.")).size(), 2);
    QVERIFY(m_log.join(u'\n').contains(QStringLiteral("/s/d/outside: ")));
}

/// But sooner or later.
void TestListing::aCancelIsNotLookedForAtEachEntry()
{
    constexpr int files = 1000;
    for (int i = 0; i < files; ++i)
        QVERIFY(QFile(m_dir->filePath(QString::number(i))).open(QIODevice::WriteOnly));
    for (const char *request : {"TREE /s", "LIST /s", "LIST /s limit=1000"}) {
        m_looks = 0;
        QCOMPARE(paths(answer(request)).size(), qsizetype(files));
        QVERIFY2(m_looks > 0 && m_looks < files, QByteArray::number(m_looks));
    }
}

void TestListing::theSharesComeInPages()
{
    const QByteArray s = "#ENTRY d 0 0 - s";
    const QByteArray t = "#ENTRY d 0 0 - t";
    QCOMPARE(answer("LIST /"), QByteArrayList({s, t, "#END entries=2 more=no"}));
    QCOMPARE(answer("LIST / limit=1"), QByteArrayList({s, "#END entries=1 more=yes"}));
    QCOMPARE(answer("LIST / limit=1 after=s"), QByteArrayList({t, "#END entries=1 more=no"}));
    QCOMPARE(answer("LIST / limit=2 after=t"), QByteArrayList({"#END entries=0 more=no"}));
}

void TestListing::aSingleFileIsOneInTheListOfShares()
{
    const QString path = m_dir->filePath(QStringLiteral("plan"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("plan"), qint64(4));
    file.close();
    m_more = {{"one", QFile::encodeName(path)}};
    for (const char *request : {"LIST /", "LIST / skipped=yes", "TREE /"}) {
        const QByteArrayList lines = answer(request);
        QVERIFY2(lines.first().startsWith("#ENTRY f 4 "), lines.first().constData());
        QVERIFY(lines.first().endsWith(" one"));
        QCOMPARE(paths(lines).mid(0, 3), QByteArrayList({"one", "s", "t"}));
    }
    QVERIFY(answer("TREE /one").first().endsWith(" one"));
    QCOMPARE(answer("LIST /one"), QByteArrayList({"!NOTFOLDER"}));
    QCOMPARE(answer("LIST /one/plan"), QByteArrayList({"!NOTFOUND"}));
    QVERIFY(answer("TREE /").last().startsWith("#END entries=5 bytes=12")); // `plan` is in s and t
}

FERRY_TEST(TestListing)
#include "tst_listing.moc"
