// SPDX-License-Identifier: MIT
// The server window with a crowd: how late its event loop is, its memory, and how fast its files
// go out, beside ferryd under the same load. Sessions are held, some of them fetch one file again
// and again, some ask for what is not there, two lines of the log each time.
//
//     bench_serverwindow [SESSIONS] [TRANSFERS] [FLOODERS] [SECONDS] [LINES per second]
//
// The crowd is a process of its own. QT_QPA_PLATFORM=offscreen runs it without a display.
#include "gui/server/serverfixture.h"
#include "net/base/filedescriptor.h"
#include "support/program.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace ferry;

namespace {

constexpr qint64 fileBytes = 64 << 20;

struct Load
{
    int sessions = 1000;
    int transfers = 20;
    int flooders = 8;
    int seconds = 10;
    int lines = 100'000; ///< of the log per second; 0: as many as there can be
};

// ---- the crowd ----

FileDescriptor logIn(quint16 port, const QByteArray &password, int number)
{
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in from = {};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(0x7f000100U + unsigned(number) % 60'000);
    sockaddr_in to = from;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    const QByteArray login = "AUTH " + password + "\r\n";
    char bytes[256];
    if (::bind(socket.get(), reinterpret_cast<sockaddr *>(&from), sizeof from) != 0 ||
        ::connect(socket.get(), reinterpret_cast<sockaddr *>(&to), sizeof to) != 0 ||
        ::send(socket.get(), login.constData(), size_t(login.size()), 0) < 0)
        return {};
    QByteArray said;
    while (said.count('\n') < 2) {
        const ssize_t got = ::recv(socket.get(), bytes, sizeof bytes, 0);
        if (got <= 0)
            return {};
        said.append(bytes, got);
    }
    return said.contains("#You are logged in") ? std::move(socket) : FileDescriptor();
}

int crowd(quint16 port, const QByteArray &password, const Load &load)
{
    std::vector<FileDescriptor> held;
    for (int i = 0; i < load.sessions; ++i) {
        held.push_back(logIn(port, password, i));
        if (!held.back().valid()) {
            std::fprintf(stderr, "session %d was not let in\n", i);
            return 1;
        }
    }
    std::atomic_bool over = false;
    std::atomic<qint64> moved = 0, asked = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < load.transfers; ++i)
        workers.emplace_back([&over, &moved, socket = held[size_t(i)].get()] {
            const QByteArray request = "FILE pub/large\r\n";
            std::vector<char> bytes(1 << 20);
            while (!over && ::send(socket, request.constData(), size_t(request.size()), 0) > 0) {
                for (qint64 left = fileBytes; left > 0 && !over;) {
                    const ssize_t got =
                        ::recv(socket, bytes.data(), bytes.size(), MSG_TRUNC); // none is copied
                    if (got <= 0)
                        return;
                    left -= got;
                    moved += got;
                }
            }
        });
    for (int i = load.transfers; i < load.transfers + load.flooders; ++i)
        workers.emplace_back([&over, &asked, &load, socket = held[size_t(i)].get()] {
            const auto step = std::chrono::nanoseconds(
                load.lines > 0 ? 2 * 50 * 1'000'000'000LL * load.flooders / load.lines : 0);
            auto next = std::chrono::steady_clock::now();
            const QByteArray request = QByteArray("FILE pub/none\r\n").repeated(50);
            std::vector<char> bytes(1 << 16);
            while (!over && ::send(socket, request.constData(), size_t(request.size()), 0) > 0) {
                for (int answers = 0; answers < 50 && !over;) {
                    const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
                    if (got <= 0)
                        return;
                    answers += int(std::count(bytes.begin(), bytes.begin() + got, '\n'));
                    asked += std::count(bytes.begin(), bytes.begin() + got, '\n');
                }
                std::this_thread::sleep_until(next += step);
            }
        });
    std::puts("ready");
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::seconds(2)); // it has got going
    const qint64 movedBefore = moved, askedBefore = asked;
    std::this_thread::sleep_for(std::chrono::seconds(load.seconds));
    const double seconds = load.seconds;
    std::printf("%-10s %7.0f MB/s sent, %8.0f lines of the log per second\n", "",
                double(moved - movedBefore) / seconds / 1e6,
                2 * double(asked - askedBefore) / seconds);
    std::fflush(stdout);
    over = true;
    for (const FileDescriptor &socket : held)
        ::shutdown(socket.get(), SHUT_RDWR);
    for (std::thread &worker : workers)
        worker.join();
    return 0;
}

// ---- the window, and ferryd ----

qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm")); // in pages: all, resident
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

bool runCrowd(quint16 port, const QByteArray &password, const Load &load,
              const std::function<void()> &ready)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--crowd"), QString::number(port), QString::fromUtf8(password),
                   QString::number(load.sessions), QString::number(load.transfers),
                   QString::number(load.flooders), QString::number(load.seconds),
                   QString::number(load.lines)});
    QObject::connect(&process, &QProcess::readyReadStandardOutput, [&] {
        while (process.canReadLine()) {
            const QByteArray line = process.readLine();
            if (line == "ready\n")
                ready();
            else
                std::fputs(line.constData(), stdout);
        }
    });
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return process.exitCode() == 0;
}

/// How late a timer is that wants to be called every few milliseconds.
class LoopWatch
{
public:
    LoopWatch()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(stepMs);
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_late.push_back(std::max(0.0, double(m_since.nsecsElapsed()) / 1e6 - stepMs));
            m_since.start();
        });
    }
    void start()
    {
        m_late.clear();
        m_since.start();
        m_timer.start();
    }
    void print()
    {
        m_timer.stop();
        std::sort(m_late.begin(), m_late.end());
        const auto at = [this](double part) {
            return m_late.empty() ? 0.0 : m_late[size_t(part * double(m_late.size() - 1))];
        };
        std::printf("event loop late by: median %.1f ms, 99 %% %.1f ms, most %.1f ms (%zu looks)\n",
                    at(0.5), at(0.99), at(1), m_late.size());
    }

private:
    static constexpr int stepMs = 5;
    QTimer m_timer;
    QElapsedTimer m_since;
    std::vector<double> m_late;
};

bool runFerryd(const test::WindowUser &user, const Load &load)
{
    QProcess ferryd;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FERRY_PASSWORD"), QStringLiteral("kelp-oval-mist"));
    ferryd.setProcessEnvironment(environment);
    ferryd.setStandardErrorFile(QProcess::nullDevice());
    ferryd.start(test::programPath(QStringLiteral("ferryd")),
                 {QStringLiteral("--share"), QStringLiteral("pub=") + user.pub(),
                  QStringLiteral("--data-dir"), user.folder.filePath(QStringLiteral("d")),
                  QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                  QStringLiteral("--classic"), QStringLiteral("127.0.0.1:0"),
                  QStringLiteral("--max-sessions"), QStringLiteral("5000")});
    QByteArray said;
    while (!said.contains("ready\n") && ferryd.waitForReadyRead(test::patienceMs))
        said += ferryd.readAllStandardOutput();
    const QByteArray mark = "listening classic 127.0.0.1:";
    const auto from = said.indexOf(mark);
    if (from < 0)
        return false;
    const quint16 port = said.mid(from + mark.size()).split('\n').constFirst().toUShort();
    const bool done = runCrowd(port, "kelp-oval-mist", load, [] {});
    ferryd.kill();
    ferryd.waitForFinished();
    return done;
}

} // namespace

int main(int argc, char **argv)
{
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    QByteArrayList words(argv + 1, argv + argc);
    const bool isCrowd = !words.isEmpty() && words.first() == "--crowd";
    const QByteArrayList place = isCrowd ? words.mid(1, 2) : QByteArrayList();
    words = isCrowd ? words.mid(3) : words;
    Load load;
    int *const figures[] = {&load.sessions, &load.transfers, &load.flooders, &load.seconds,
                            &load.lines};
    for (qsizetype i = 0; i < std::min<qsizetype>(words.size(), 5); ++i)
        *figures[i] = words.at(i).toInt();
    if (isCrowd)
        return crowd(place.at(0).toUShort(), place.at(1), load);

    QApplication application(argc, argv);
    test::WindowUser user;
    user.writeFile(QStringLiteral("large"), QByteArray(fileBytes, 'x'));
    gui::SettingsFile file(user.dataFolder());
    file.settings.tls.reach = gui::Reach::ThisComputer;
    file.settings.limits.sessions = 5000;
    if (!file.save())
        return 1;
    user.open();
    LoopWatch watch;
    for (int round = 0; round < 3; ++round) {
        if (!user.start())
            return 1;
        const qint64 before = residentBytes();
        std::printf("window\n");
        if (!runCrowd(user.port(), user.password(), load, [&] { watch.start(); }))
            return 1;
        watch.print();
        std::printf("memory %.0f MB, %.0f MB before; %d rows of the log\n",
                    double(residentBytes()) / 1e6, double(before) / 1e6,
                    user.find<QTreeView>("logView")->model()->rowCount());
        user.click("startButton");
        user.server().clearEnded();
        std::printf("ferryd\n");
        if (!runFerryd(user, load))
            return 1;
        std::fflush(stdout);
    }
    user.close();
    return 0;
}
