// SPDX-License-Identifier: MIT
#include "client/upload/uploadids.h"
#include "support/testprogram.h"

#include <QDir>
#include <QFile>
#include <QList>
#include <QTemporaryDir>
#include <QTest>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace ferry;
using namespace ferry::client;

class TestUploadIds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void largeFilesKeepTheirIds();
    void anotherInodeIsTheSameUpload();
    void manyFilesAreWrittenDownAtOnce();
    void whatCannotBeWrittenDownIsSaid();

private:
    QString path(const char *name) const { return m_dir.filePath(QLatin1StringView(name)); }
    UploadItem itemOf(const QByteArray &name, qint64 size = 2'000'000) const
    {
        UploadItem item;
        item.localPath = QFile::encodeName(m_dir.path()) + '/' + name;
        item.remotePath = *VirtualPath::fromNames({"in", name});
        item.size = size;
        item.mtimeNs = 5;
        QFile file(QFile::decodeName(item.localPath));
        return file.open(QIODevice::WriteOnly) ? item : UploadItem();
    }
    const QTemporaryDir m_dir;
};

void TestUploadIds::largeFilesKeepTheirIds()
{
    QList<UploadItem> first = {itemOf("large"), itemOf("small", 10), itemOf("other")};
    QList<UploadItem> second = first;
    QVERIFY(UploadIds(path("ids"), "server").giveIds(first).ok());
    UploadIds again(path("ids"), "server");
    QVERIFY(again.giveIds(second).ok());
    QCOMPARE(first[0].id.size(), 32);
    QCOMPARE(second[0].id, first[0].id);
    QVERIFY(second[1].id != first[1].id);
    QCOMPARE(second[2].id, first[2].id);
    QVERIFY(first[0].id != first[2].id);
    // Neither another server, nor a changed file, nor one that is over.
    QList<UploadItem> elsewhere = first;
    QVERIFY(UploadIds(path("ids"), "another").giveIds(elsewhere).ok());
    QVERIFY(elsewhere[0].id != first[0].id);
    QList<UploadItem> changed = first;
    changed[0].mtimeNs = 6;
    QVERIFY(again.giveIds(changed).ok());
    QVERIFY(changed[0].id != first[0].id);
    {
        UploadIds over(path("ids"), "server");
        over.forget(first[0]);
    }
    QList<UploadItem> third = first;
    QVERIFY(again.giveIds(third).ok());
    QVERIFY(third[0].id != first[0].id);
    QCOMPARE(third[2].id, first[2].id);
}

/// exFAT and other FUSE file systems number their files anew each time they are mounted.
void TestUploadIds::anotherInodeIsTheSameUpload()
{
    QList<UploadItem> items = {itemOf("moved")};
    QVERIFY(UploadIds(path("moves"), "server").giveIds(items).ok());
    const QByteArray id = items[0].id;
    const QByteArray local = items[0].localPath;
    QCOMPARE(::rename(local.constData(), (local + "2").constData()), 0);
    items = {itemOf("moved")};
    QVERIFY(UploadIds(path("moves"), "server").giveIds(items).ok());
    QCOMPARE(items[0].id, id);
}

/// How often the file is replaced does not grow with what is in it.
void TestUploadIds::manyFilesAreWrittenDownAtOnce()
{
    QList<UploadItem> items;
    for (int i = 0; i < 400; ++i)
        items.append(itemOf("many" + QByteArray::number(i)));
    QVERIFY(QDir(m_dir.path()).mkdir(QStringLiteral("data")));
    QVERIFY(
        QFile(path("data")).setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(UploadIds(path("data/ids"), "server").giveIds(items).ok());
    // Both ends of a rename: equal events that follow each other become one.
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    QVERIFY(::inotify_add_watch(watch, QFile::encodeName(path("data")).constData(),
                                IN_MOVED_FROM | IN_MOVED_TO) >= 0);
    {
        UploadIds ids(path("data/ids"), "server");
        QVERIFY(ids.giveIds(items).ok());
        for (const UploadItem &item : items)
            ids.forget(item);
    }
    int replaced = 0;
    alignas(inotify_event) char events[16 * 1024];
    for (ssize_t size = 0; (size = ::read(watch, events, sizeof events)) > 0;) {
        for (ssize_t at = 0; at < size;) {
            const auto *const event = reinterpret_cast<const inotify_event *>(events + at);
            replaced += (event->mask & IN_MOVED_TO) != 0 ? 1 : 0;
            at += ssize_t(sizeof(inotify_event)) + event->len;
        }
    }
    ::close(watch);
    QCOMPARE(replaced, 2); // once when it begins, once at the end
    QFile file(path("data/ids"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray());
}

void TestUploadIds::whatCannotBeWrittenDownIsSaid()
{
    QList<UploadItem> items = {itemOf("alone")};
    const auto nowhere = UploadIds(QStringLiteral("/proc/none/ids"), "server").giveIds(items);
    QVERIFY(!nowhere.ok());
    QCOMPARE(items[0].id.size(), 32);
    QFile open(path("open"));
    QVERIFY(open.open(QIODevice::WriteOnly));
    QCOMPARE(::chmod(QFile::encodeName(path("open")).constData(), 0666), 0);
    QVERIFY(!UploadIds(path("open"), "server").giveIds(items).ok());
    QCOMPARE(open.size(), 0);
}

FERRY_TEST(TestUploadIds)
#include "tst_uploadids.moc"
