// SPDX-License-Identifier: MIT
// The client window with a long queue: how long adding takes, what each look at it costs, how late
// the event loop is while files arrive at full speed, and the memory of a row.
//
//     bench_clientwindow [ROWS] [BYTES of each file]
//
// TMPDIR says where the files are; QT_QPA_PLATFORM=offscreen runs it without a display.
#include "gui/client/client_fixture.h"

#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "client-gui/queue/queuemodel.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QHeaderView>
#include <QLocale>
#include <QMimeData>
#include <QTabBar>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

using namespace ferry;
using namespace ferry::gui;
using client::Download;

namespace {

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.sliced(6).trimmed().split(' ').constFirst().toLongLong() * 1024;
    }
    return 0;
}

double msOf(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

template <typename Act>
void measure(const char *what, Act act)
{
    QElapsedTimer timer;
    timer.start();
    act();
    QCoreApplication::processEvents(); // and it is painted
    std::printf("%-44s %8.1f ms\n", what, msOf(timer));
    std::fflush(stdout);
}

/// Sends an event every few milliseconds from a thread of its own, and notes how late it is
/// handled: what a person's key press would wait.
class Lateness final : public QObject
{
public:
    Lateness()
        : m_thread([this] { send(); })
    {
    }
    ~Lateness() override { stop(); }

    void stop()
    {
        m_ending = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    void report(const char *when)
    {
        if (m_late.empty())
            return;
        std::sort(m_late.begin(), m_late.end());
        const auto at = [this](double part) {
            return m_late[size_t(part * double(m_late.size() - 1))];
        };
        std::printf("event loop %s: p50 %.1f ms, p99 %.1f ms, most %.1f ms (%zu events)\n", when,
                    at(0.5), at(0.99), at(1), m_late.size());
        std::fflush(stdout);
        m_late.clear();
    }

private:
    using Clock = std::chrono::steady_clock;

    void send()
    {
        while (!m_ending) {
            const auto sent = Clock::now();
            QMetaObject::invokeMethod(
                this,
                [this, sent] {
                    m_late.push_back(
                        std::chrono::duration<double, std::milli>(Clock::now() - sent).count());
                },
                Qt::QueuedConnection);
            std::this_thread::sleep_for(std::chrono::milliseconds(3));
        }
    }

    std::atomic<bool> m_ending = false;
    std::vector<double> m_late; ///< of the thread that it lives in
    std::thread m_thread;
};

/// In an event loop as the program's, which QTest's waiting is not: that sleeps between events.
template <typename Condition>
bool runUntil(Condition condition, int maxMs)
{
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (condition())
            loop.exit(1);
    });
    look.start(20);
    QTimer::singleShot(maxMs, &loop, [&loop] { loop.exit(0); });
    return loop.exec() == 1;
}

QList<Download> longQueue(int rows, const QString &folder)
{
    QList<Download> downloads(rows);
    for (int i = 0; i < rows; ++i) {
        downloads[i].remotePath = "/S/tree/folder/a file of the queue " + QByteArray::number(i);
        downloads[i].folder = folder;
        downloads[i].subfolder = QStringLiteral("tree/folder");
        downloads[i].localName = QStringLiteral("a file of the queue %1").arg(i);
        downloads[i].server = QStringLiteral("guest@nowhere:1");
        downloads[i].size = (qint64(i) * 7919) % 1'000'003;
    }
    return downloads;
}

void measureLooks(const ClientWindowFixture &f)
{
    auto *tabs = f.find<QTabBar>("queueTabs");
    auto *filter = f.find<QLineEdit>("queueFilter");
    auto *table = f.find<QTreeView>("queueTable");
    measure("tab Attention", [&] { tabs->setCurrentIndex(4); });
    measure("tab All", [&] { tabs->setCurrentIndex(0); });
    measure("filter: one letter", [&] { filter->setText(QStringLiteral("9")); });
    measure("filter: three letters", [&] { filter->setText(QStringLiteral("999")); });
    measure("filter: none", [&] { filter->clear(); });
    const char *names[] = {"sort by name", "sort by size", "sort by progress", "sort by speed",
                           "sort by state"};
    for (int column = 0; column < 5; ++column)
        measure(names[column],
                [&] { table->header()->setSortIndicator(column, Qt::DescendingOrder); });
    measure("the order of the queue",
            [&] { table->header()->setSortIndicator(-1, Qt::AscendingOrder); });
    measure("select all", [&] { table->selectAll(); });
    measure("pause all that are selected", [&] { f.find<QAction>("pauseAction")->trigger(); });
    measure("resume all that are selected", [&] { f.find<QAction>("resumeAction")->trigger(); });
    table->clearSelection();
    // Of a folder that is all there is, a file in it: it goes with its files.
    const QAbstractItemModel *rows = table->model();
    const QModelIndex folder = rows->rowCount() == 1 ? rows->index(0, 0) : QModelIndex();
    table->setCurrentIndex(rows->index(rows->rowCount(folder) / 2, 0, folder));
    measure("move one row up", [&] { f.find<QAction>("moveUpAction")->trigger(); });
    measure("remove one row", [&] { f.find<QAction>("removeAction")->trigger(); });
    table->selectAll();
    measure("remove all", [&] { f.find<QAction>("removeAction")->trigger(); });
}

/// Rows come in parts: waits until the last is there.
void showAll(ClientWindowFixture &f)
{
    const auto *const model = f.window->findChild<QueueModel *>();
    runUntil(
        [&] {
            qsizetype rows = model->rowCount();
            for (const QModelIndex &folder : model->folders())
                rows += model->rowCount(folder);
            return rows == f.client->queue().counts().all();
        },
        60'000);
}

/// What a drag of all of them to the file manager begins with.
void measureDragging(ClientWindowFixture &f, int rows)
{
    QList<Download> downloads = longQueue(rows, f.target());
    for (Download &download : downloads)
        download.state = client::DownloadState::Done;
    f.client->queue().add(downloads);
    f.window->addPaths({});
    showAll(f);
    auto *table = f.find<QTreeView>("queueTable");
    measure("saved rows: select all", [&] { table->selectAll(); });
    const QModelIndexList all = table->selectionModel()->selectedIndexes();
    measure("saved rows: taken to a drag",
            [&] { const std::unique_ptr<QMimeData> data(table->model()->mimeData(all)); });
    f.find<QAction>("removeAction")->trigger();
}

/// The same rows as the files of one folder, folded and unfolded.
void measureFolder(ClientWindowFixture &f, int rows)
{
    Download folder;
    folder.kind = client::DownloadKind::Folder;
    folder.state = client::DownloadState::Done;
    folder.remotePath = "/S/tree";
    folder.localName = QStringLiteral("tree");
    folder.folder = f.target();
    folder.server = QStringLiteral("guest@nowhere:1");
    const quint64 id = f.client->queue().add({folder}).first();
    QList<Download> downloads = longQueue(rows, f.target());
    for (Download &download : downloads)
        download.parent = id;
    auto *table = f.find<QTreeView>("queueTable");
    measure("a folder with all rows added and shown", [&] {
        f.client->queue().add(downloads);
        f.window->addPaths({});
        showAll(f);
    });
    measure("the folder is unfolded", [&] { table->expand(table->model()->index(0, 0)); });
    measureLooks(f);
}

void measureAdding(ClientWindowFixture &f, int rows)
{
    const QList<Download> downloads = longQueue(rows, f.target());
    QCoreApplication::processEvents();
    const qint64 before = residentBytes();
    measure("rows added and shown", [&] {
        f.client->queue().add(downloads);
        f.window->addPaths({});
        showAll(f);
    });
    const qint64 after = residentBytes();
    std::printf("memory per row, texts shared with the list they came from: %lld bytes\n",
                static_cast<long long>((after - before) / rows));
    measureLooks(f);
    measureFolder(f, rows);
    measureDragging(f, rows);
}

/// One folder with that many files in the browser.
void measureBrowsing(ClientWindowFixture &f, int files)
{
    const QString folder = f.share() + QStringLiteral("/flat");
    QDir().mkpath(folder);
    for (int i = 0; i < files; ++i)
        writeFile(folder + QStringLiteral("/file-%1.bin").arg(i), {});
    f.startServer();
    if (!f.connectTo(f.serverAddress()))
        return;
    FolderNavigator *navigator = f.find<BrowserPane>("browserPane")->navigator();
    auto *list = f.find<QTreeView>("remoteList");
    auto *filter = f.find<QLineEdit>("remoteFilter");
    Lateness lateness;
    QElapsedTimer timer;
    timer.start();
    navigator->go("/S/flat");
    runUntil([&] { return list->model()->rowCount() > 0; }, 60'000);
    std::printf("%-44s %8.1f ms\n", "first rows of the folder", msOf(timer));
    runUntil([&] { return list->model()->rowCount() == files; }, 60'000);
    std::printf("%-44s %8.1f ms\n", "all rows of the folder", msOf(timer));
    lateness.stop();
    QCoreApplication::processEvents();
    lateness.report("while a folder is listed");
    measure("browser, filter: one letter", [&] { filter->setText(QStringLiteral("9")); });
    measure("browser, filter: three letters", [&] { filter->setText(QStringLiteral("999")); });
    measure("browser, filter: none", [&] { filter->clear(); });
    measure("browser, sort by size", [&] { list->sortByColumn(1, Qt::DescendingOrder); });
    measure("browser, sort by name", [&] { list->sortByColumn(0, Qt::AscendingOrder); });
    measure("browser, select all", [&] { list->selectAll(); });
    measure("browser, select all and download",
            [&] { f.find<QAction>("downloadAction")->trigger(); });
    auto *queue = f.find<QTreeView>("queueTable");
    timer.start();
    showAll(f);
    std::printf("%-44s %8.1f ms\n", "browser, the last of their rows in the queue", msOf(timer));
    f.find<QAction>("communicateAction")->trigger(); // away from it
    queue->selectAll();
    f.find<QAction>("removeAction")->trigger();
    f.server.stop();
}

bool measureDownloading(ClientWindowFixture &f, int files, int bytes)
{
    const QByteArray content(bytes, 'f');
    for (int i = 0; i < files; ++i) {
        if (i % 1000 == 0)
            QDir().mkpath(f.share() + QStringLiteral("/tree/%1").arg(i / 1000));
        writeFile(f.share() + QStringLiteral("/tree/%1/%2.bin").arg(i / 1000).arg(i), content);
    }
    f.startServer();
    if (!f.connectTo(f.serverAddress()))
        return false;
    const qint64 before = residentBytes();
    {
        Lateness idle;
        runUntil([] { return false; }, 2000);
        idle.stop();
        idle.report("while idle");
    }
    Lateness lateness;
    QElapsedTimer timer;
    timer.start();
    f.window->addPaths({"/S/tree"});
    const bool done = runUntil([&] { return f.client->queue().finished(); }, 600'000);
    const double seconds = msOf(timer) / 1000;
    lateness.stop();
    QCoreApplication::processEvents();
    lateness.report("while downloading");
    const client::DownloadQueue::Counts counts = f.client->queue().counts();
    std::printf("%lld files in %.1f s, %.0f MB/s; memory for each %lld bytes\n",
                static_cast<long long>(counts.done()), seconds,
                double(counts.done()) * bytes / 1e6 / seconds,
                static_cast<long long>((residentBytes() - before) / files));
    return done;
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English));
    const int rows = argc > 1 ? QByteArray(argv[1]).toInt() : 100'000;
    const int bytes = argc > 2 ? QByteArray(argv[2]).toInt() : 8192;
    ClientWindowFixture f;
    f.window->resize(1280, 800);
    measureAdding(f, rows);
    measureBrowsing(f, rows);
    return measureDownloading(f, rows, bytes) ? 0 : 1;
}
