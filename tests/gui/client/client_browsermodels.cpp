// SPDX-License-Identifier: MIT
#include "client-gui/browser/breadcrumb.h"
#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/browser/remotetreemodel.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVariantList>

#include <algorithm>
#include <memory>

using namespace ferry::gui;
using namespace Qt::Literals::StringLiterals;
using ferry::client::RemoteEntry;

namespace {

using Mode = QAbstractItemModelTester::FailureReportingMode;

RemoteEntry entry(const QByteArray &name, qint64 size = 0, qint64 mtimeNs = 0)
{
    return {name, ferry::client::naturalKey(name), size, mtimeNs, false};
}

RemoteEntry folder(const QByteArray &name)
{
    return {name, ferry::client::naturalKey(name), 0, 0, true};
}

QList<RemoteEntry> sorted(QList<RemoteEntry> entries)
{
    std::sort(entries.begin(), entries.end(), ferry::client::naturallyBefore);
    return entries;
}

QStringList shown(const QAbstractItemModel &model, int column = 0, const QModelIndex &parent = {})
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(parent); ++row)
        texts.append(model.index(row, column, parent).data().toString());
    return texts;
}

} // namespace

class ClientBrowserModelsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void piecesAreMergedInOrder();
    void foldersStayFirstWhateverIsSortedBy();
    void whatIsSelectedStaysSoWhileMoreComes();
    void anUpdateTouchesOnlyWhatChanged();
    void anUpdateKeepsTheOrderAndTheFilter();
    void anUpdateOfTheSameIsNone();
    void theFilterAndHiddenNames();
    void totalsAreOfWhatIsShown();
    void hostileNamesAreShownAsPlainText();
    void aDragCarriesPathsOfAnyBytes();
    void aHundredThousandEntriesInPieces();
    void theTreeAsksWhenItIsExpanded();
    void theTreeKeepsWhatIsStillThere();
    void aFailedFolderIsAskedForAgain();
    void theBreadcrumbLeadsToEveryFolder();
};

void ClientBrowserModelsTest::piecesAreMergedInOrder()
{
    RemoteListModel model;
    QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.begin("/S");
    model.append(sorted({entry("b2"), entry("b10"), folder("z")}));
    QCOMPARE(shown(model), QStringList({u"z"_s, u"b2"_s, u"b10"_s}));
    model.append(sorted({entry("b3"), entry("a"), folder("c")}));
    QCOMPARE(shown(model), QStringList({u"c"_s, u"z"_s, u"a"_s, u"b2"_s, u"b3"_s, u"b10"_s}));
    QCOMPARE(model.pathOf(2), QByteArray("/S/a"));
    model.begin("/");
    QCOMPARE(model.rowCount(), 0);
    model.append({folder("S")});
    QCOMPARE(model.pathOf(0), QByteArray("/S"));
}

void ClientBrowserModelsTest::foldersStayFirstWhateverIsSortedBy()
{
    RemoteListModel model;
    QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.begin("/S");
    model.append(sorted({entry("a.zip", 3, 10), entry("b.txt", 1, 30), entry("c.txt", 2, 20),
                         folder("d"), folder("e")}));
    model.sort(RemoteListModel::Size, Qt::DescendingOrder);
    QCOMPARE(shown(model), QStringList({u"d"_s, u"e"_s, u"a.zip"_s, u"c.txt"_s, u"b.txt"_s}));
    model.sort(RemoteListModel::Modified, Qt::AscendingOrder);
    QCOMPARE(shown(model), QStringList({u"d"_s, u"e"_s, u"a.zip"_s, u"c.txt"_s, u"b.txt"_s}));
    model.sort(RemoteListModel::Kind, Qt::AscendingOrder);
    QCOMPARE(shown(model), QStringList({u"d"_s, u"e"_s, u"b.txt"_s, u"c.txt"_s, u"a.zip"_s}));
    model.sort(RemoteListModel::Name, Qt::DescendingOrder);
    QCOMPARE(shown(model), QStringList({u"e"_s, u"d"_s, u"c.txt"_s, u"b.txt"_s, u"a.zip"_s}));
    model.append({entry("b9", 9, 9)});
    QCOMPARE(shown(model),
             QStringList({u"e"_s, u"d"_s, u"c.txt"_s, u"b9"_s, u"b.txt"_s, u"a.zip"_s}));
}

void ClientBrowserModelsTest::whatIsSelectedStaysSoWhileMoreComes()
{
    RemoteListModel model;
    model.begin("/S");
    model.append({entry("m")});
    const QPersistentModelIndex selected(model.index(0, 0));
    model.append(sorted({entry("a"), entry("z")}));
    QCOMPARE(selected.row(), 1);
    QCOMPARE(selected.data().toString(), QStringLiteral("m"));
    model.sort(RemoteListModel::Name, Qt::DescendingOrder);
    QCOMPARE(selected.data().toString(), QStringLiteral("m"));
}

void ClientBrowserModelsTest::anUpdateTouchesOnlyWhatChanged()
{
    RemoteListModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.begin("/S");
    model.append({folder("dir"), entry("a", 1), entry("b", 2), entry("c", 3), entry(".h", 4)});
    const QPersistentModelIndex b(model.index(model.rowOf("b"), 0));
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QVERIFY(model.update(
        {entry("c", 3), entry("b", 20, 5), entry("aa", 7), entry("dir", 9), entry(".h", 4)}));
    QCOMPARE(shown(model), (QStringList{u"aa"_s, u"b"_s, u"c"_s, u"dir"_s})); // no folder now
    QVERIFY(b.isValid());
    QCOMPARE(model.entry(b.row()).size, qint64(20));
    QCOMPARE(model.entry(b.row()).mtimeNs, qint64(5));
    QCOMPARE(model.totals().files, qint64(4));
    QCOMPARE(model.totals().folders, qint64(0));
    QCOMPARE(model.count(), qsizetype(5));
    QVERIFY(model.folders().isEmpty());
    QVERIFY(model.update({}));
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.count(), qsizetype(0));
    QCOMPARE(resets.count(), 0);
}

void ClientBrowserModelsTest::anUpdateKeepsTheOrderAndTheFilter()
{
    RemoteListModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.sort(RemoteListModel::Size, Qt::DescendingOrder);
    model.setFilter(u"x"_s);
    model.begin("/S");
    model.append({entry("x1", 1), entry("x2", 2), entry("y", 9)});
    QVERIFY(model.update({entry("x1", 8), entry("x2", 2), entry("x3", 5), entry("z", 7)}));
    QCOMPARE(shown(model), (QStringList{u"x1"_s, u"x3"_s, u"x2"_s}));
    model.setFilter({});
    QCOMPARE(shown(model), (QStringList{u"x1"_s, u"z"_s, u"x3"_s, u"x2"_s}));
}

void ClientBrowserModelsTest::anUpdateOfTheSameIsNone()
{
    RemoteListModel model;
    const QAbstractItemModelTester tester(&model, Mode::QtTest);
    QVERIFY(!model.update({}));
    // A server that says one name twice does no harm.
    const QList<RemoteEntry> entries{folder("d"), entry("a", 1), entry("a", 1)};
    model.begin("/S");
    model.append(entries);
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(!model.update(entries));
    QVERIFY(!model.update({entry("a", 1), folder("d")}));
    QCOMPARE(changes.count(), 0);
    QCOMPARE(model.rowCount(), 3);
}

void ClientBrowserModelsTest::theFilterAndHiddenNames()
{
    RemoteListModel model;
    QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.begin("/S");
    model.append(sorted({entry(".secret"), entry("Plan.PDF"), entry("notes")}));
    QCOMPARE(shown(model), QStringList({u"notes"_s, u"Plan.PDF"_s}));
    model.setFilter(QStringLiteral("pdf"));
    QCOMPARE(shown(model), QStringList({u"Plan.PDF"_s}));
    model.append({entry("more.pdf")});
    QCOMPARE(shown(model), QStringList({u"more.pdf"_s, u"Plan.PDF"_s}));
    QCOMPARE(model.rowOf("notes"), -1);
    model.setFilter({});
    model.setHiddenShown(true);
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.count(), qsizetype(4));
}

void ClientBrowserModelsTest::totalsAreOfWhatIsShown()
{
    RemoteListModel model;
    model.begin("/S");
    model.append(sorted({folder("d"), entry("a", 10), entry("b", 5), entry(".h", 100)}));
    QCOMPARE(model.totals().files, qint64(2));
    QCOMPARE(model.totals().folders, qint64(1));
    QCOMPARE(model.totals().bytes, qint64(15));
    model.setFilter(QStringLiteral("a"));
    QCOMPARE(model.totals().bytes, qint64(10));
    // Whatever a server claims, it is no negative number.
    model.append(QList<RemoteEntry>(1100, entry("a", qint64(1) << 53)));
    QCOMPARE(model.totals().bytes, qint64(1) << 53);
}

void ClientBrowserModelsTest::hostileNamesAreShownAsPlainText()
{
    RemoteListModel model;
    model.begin("/S");
    model.append({entry("<img src=x>\n\x1b[31m"), entry(QByteArray(255, 'x') + ".exe"),
                  entry("evil\xe2\x80\xae"
                        "fdp.exe"),
                  entry("\xff\xfe")});
    for (int row = 0; row < model.rowCount(); ++row) {
        for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole)}) {
            for (int column = 0; column < RemoteListModel::ColumnCount; ++column) {
                const QString text = model.index(row, column).data(role).toString();
                QVERIFY(!text.contains(u'\n') && !text.contains(u'\x1b') &&
                        !text.contains(QChar(0x202e)));
                QVERIFY(text.size() <= 600);
            }
        }
        // A tooltip may be HTML of ours, never of theirs.
        QVERIFY(
            !model.index(row, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<img")));
    }
}

void ClientBrowserModelsTest::aDragCarriesPathsOfAnyBytes()
{
    RemoteListModel model;
    model.begin("/S and T");
    model.append(sorted({folder("d e"), entry("\xff name\n", 12)}));
    const std::unique_ptr<QMimeData> data(model.mimeData(
        {model.index(0, 0), model.index(0, 1), model.index(1, 0), model.index(1, 1)}));
    const QList<RemoteItem> items = RemoteListModel::itemsIn(data.get());
    QCOMPARE(items.size(), qsizetype(2));
    QCOMPARE(items[0].path, QByteArray("/S and T/d e"));
    QVERIFY(items[0].folder);
    QCOMPARE(items[1].path, QByteArray("/S and T/\xff name\n"));
    QCOMPARE(items[1].size, qint64(12));
    QMimeData foreign;
    foreign.setData(RemoteListModel::mimeType(), QByteArray("garbage\0 \0f", 11));
    QVERIFY(RemoteListModel::itemsIn(&foreign).isEmpty());
}

void ClientBrowserModelsTest::aHundredThousandEntriesInPieces()
{
    constexpr int count = 100'000;
    constexpr int piece = 5000;
    QByteArrayList names;
    for (int i = 0; i < count; ++i)
        names.append("f" + QByteArray::number(i));
    std::sort(names.begin(), names.end()); // as a server gives them
    RemoteListModel model;
    model.begin("/S");
    for (int from = 0; from < count; from += piece) {
        QList<RemoteEntry> entries;
        for (const QByteArray &name : names.mid(from, piece))
            entries.append(entry(name, 1));
        model.append(sorted(entries));
    }
    QCOMPARE(model.rowCount(), count);
    for (const int row : {0, 9, 10, 12'345, count - 1})
        QCOMPARE(model.entry(row).name, "f" + QByteArray::number(row));
    model.setFilter(QStringLiteral("9999"));
    QCOMPARE(model.rowCount(), 19); // 9999, 99990 to 99999, 19999 to 89999
    QCOMPARE(model.totals().bytes, qint64(19));
}

void ClientBrowserModelsTest::theTreeAsksWhenItIsExpanded()
{
    RemoteTreeModel model;
    QAbstractItemModelTester tester(&model, Mode::QtTest);
    QSignalSpy wanted(&model, &RemoteTreeModel::wanted);
    model.reset(QStringLiteral("host"));
    const QModelIndex top = model.index(0, 0);
    QCOMPARE(top.data().toString(), QStringLiteral("host"));
    wanted.clear(); // the tester expands as well
    model.setFolders("/", {"A", "B"});
    QCOMPARE(shown(model, 0, model.index(0, 0)), QStringList({u"A"_s, u"B"_s}));
    const QModelIndex b = model.index(1, 0, model.index(0, 0));
    QVERIFY(model.hasChildren(b));
    if (model.canFetchMore(b))
        model.fetchMore(b);
    QVERIFY(wanted.contains(QVariantList({QByteArray("/B")})));
    model.setFolders("/B", {});
    QVERIFY(!model.hasChildren(b));
    QCOMPARE(model.pathOf(b), QByteArray("/B"));
    model.setFolders("/nowhere", {"x"}); // of a folder that is not known: nothing
    QCOMPARE(model.pathOf(model.nearest("/B/x/y")), QByteArray("/B"));
}

void ClientBrowserModelsTest::theTreeKeepsWhatIsStillThere()
{
    RemoteTreeModel model;
    QAbstractItemModelTester tester(&model, Mode::QtTest);
    model.setFolders("/", {"a", "c", "e"});
    model.setFolders("/c", {"inner"});
    const QPersistentModelIndex c(model.nearest("/c"));
    model.setFolders("/", {"b", "c", "d", "d", "f"}); // one of them twice
    QCOMPARE(shown(model, 0, model.index(0, 0)), QStringList({u"b"_s, u"c"_s, u"d"_s, u"f"_s}));
    QVERIFY(c.isValid());
    QCOMPARE(model.pathOf(c), QByteArray("/c"));
    QCOMPARE(model.rowCount(c), 1);
}

void ClientBrowserModelsTest::aFailedFolderIsAskedForAgain()
{
    RemoteTreeModel model;
    QSignalSpy wanted(&model, &RemoteTreeModel::wanted);
    model.setFolders("/", {"a"});
    const QModelIndex a = model.nearest("/a");
    model.fetchMore(a);
    QVERIFY(!model.canFetchMore(a));
    model.setUnread("/a");
    QVERIFY(model.canFetchMore(a));
    model.fetchMore(a);
    QCOMPARE(wanted.size(), qsizetype(2));
}

void ClientBrowserModelsTest::theBreadcrumbLeadsToEveryFolder()
{
    Breadcrumb breadcrumb;
    QSignalSpy chosen(&breadcrumb, &Breadcrumb::chosen);
    breadcrumb.resize(900, 30);
    breadcrumb.setPath(QStringLiteral("host"), "/a & b/\xff/c");
    const auto steps = [&] {
        QList<QToolButton *> visible;
        for (QToolButton *step : breadcrumb.findChildren<QToolButton *>())
            if (!step->isHidden())
                visible.append(step);
        return visible;
    };
    QCOMPARE(steps().size(), qsizetype(4));
    QCOMPARE(steps()[1]->accessibleName(), QStringLiteral("a & b"));
    QCOMPARE(steps()[1]->text(), QStringLiteral("a && b"));
    steps()[2]->click();
    QCOMPARE(chosen.takeFirst()[0].toByteArray(), QByteArray("/a & b/\xff"));
    // No room: the last one stays, and a menu has the others.
    breadcrumb.resize(130, 30);
    breadcrumb.setPath(QStringLiteral("host"), "/one/two/three/four");
    QCOMPARE(steps().last()->accessibleName(), QStringLiteral("four"));
    QVERIFY(steps().first()->menu() != nullptr);
}

FERRY_TEST(ClientBrowserModelsTest)
#include "client_browsermodels.moc"
