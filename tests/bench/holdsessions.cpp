// SPDX-License-Identifier: MIT
// A crowd: how many idle sessions a ferryd holds and what each costs it, how many logins a second
// it takes, how long a new login takes in the crowd while others fetch, and how evenly many share
// it. Prints figures.
#include "client/client.h"
#include "client/connect/encryptedconnection.h"
#include "net/channel/socketops.h"
#include "net/limits.h"
#include "support/process.h"
#include "support/transferpair.h"

#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include <sys/resource.h>

using namespace ferry;
using namespace ferry::client;
using namespace ferry::test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

double since(Clock::time_point began)
{
    return std::chrono::duration<double>(Clock::now() - began).count();
}

qint64 residentKiB(qint64 pid)
{
    QFile status(QStringLiteral("/proc/%1/status").arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).simplified().split(' ').first().toLongLong();
    }
    return 0;
}

/// Calls `work(index)` for 0 … count − 1 on several threads.
template <typename Work>
void inParallel(int count, int threads, Work work)
{
    std::atomic_int next = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i)
        workers.emplace_back([&] {
            for (int index = next++; index < count; index = next++)
                work(index);
        });
    for (std::thread &worker : workers)
        worker.join();
}

class Crowd
{
public:
    bool start()
    {
        // A ferryd takes as many sessions as a third of it.
        rlimit limit = {};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        limit.rlim_cur = limit.rlim_max;
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max < 17'000)
            std::printf("only %llu descriptors\n", static_cast<unsigned long long>(limit.rlim_cur));
        return writeFile(m_pair.share() + QStringLiteral("/large"), QByteArray(64 << 20, 'x')) &&
               m_pair.startServer({QStringLiteral("--max-sessions"), QStringLiteral("12000")});
    }

    std::unique_ptr<EncryptedConnection> logIn()
    {
        ClientConfig config;
        config.host = QStringLiteral("127.0.0.1");
        config.port = m_pair.port();
        config.pin = m_pair.fingerprint();
        config.password = TransferPair::password();
        auto connection = std::make_unique<EncryptedConnection>(config, m_log, m_derived);
        return connection->connect() ? std::move(connection) : nullptr;
    }

    void holdEncrypted(int count);
    void holdClassic(int count);
    void countLogins(int count);
    void logInBesideTransfers(int idle, int transfers, int logins);
    void share(int clients, std::chrono::seconds time);

private:
    void fetchUntil(const std::atomic_bool &over, std::atomic<qint64> &moved);
    void say(const char *what, int held, int count, qint64 before)
    {
        std::this_thread::sleep_for(2s); // buffers of idle sessions are given back after one
        std::printf("%d of %d %s held, %.1f KiB each\n", held, count, what,
                    double(residentKiB(m_pair.serverPid()) - before) / std::max(held, 1));
    }

    TransferPair m_pair;
    const std::shared_ptr<LogQueue> m_log = std::make_shared<LogQueue>();
    const std::shared_ptr<sasl::SaltedPasswords> m_derived =
        std::make_shared<sasl::SaltedPasswords>();
};

void Crowd::holdEncrypted(int count)
{
    const qint64 before = residentKiB(m_pair.serverPid());
    std::vector<std::unique_ptr<EncryptedConnection>> held(static_cast<size_t>(count));
    inParallel(count, 8, [&](int index) { held[size_t(index)] = logIn(); });
    const auto alive = std::count_if(held.begin(), held.end(), [](const auto &connection) {
        return connection && connection->conversation().ping().ok();
    });
    say("idle TLS sessions", int(alive), count, before);
}

void Crowd::holdClassic(int count)
{
    const qint64 before = residentKiB(m_pair.serverPid());
    std::vector<FileDescriptor> held(static_cast<size_t>(count));
    inParallel(count, 8, [&](int index) {
        auto socket = socketops::connectTo(QStringLiteral("127.0.0.1"), m_pair.classicPort(),
                                           QDeadlineTimer(10'000));
        if (!socket)
            return;
        const QByteArray login = "AUTH " + TransferPair::password() + "\r\n";
        QByteArray said;
        char bytes[256];
        socketops::send(socket.value().get(), login.constData(), login.size());
        while (said.count('\n') < 2 &&
               socketops::waitReadable(socket.value().get(), QDeadlineTimer(10'000)) ==
                   socketops::Ready::Yes) {
            const qint64 got = socketops::receive(socket.value().get(), bytes, sizeof bytes);
            if (got <= 0)
                return;
            said.append(bytes, got);
        }
        if (said.contains("#You are logged in."))
            held[size_t(index)] = socket.take();
    });
    const auto alive = std::count_if(held.begin(), held.end(), [](const FileDescriptor &socket) {
        return socket.valid() && socketops::waitWhileIntact(socket.get(), QDeadlineTimer(0));
    });
    say("idle classic sessions", int(alive), count, before);
}

void Crowd::countLogins(int count)
{
    std::atomic_int succeeded = 0;
    const auto began = Clock::now();
    inParallel(count, 8, [&](int) { succeeded += logIn() != nullptr; });
    std::printf("%.0f logins per second (TLS and SCRAM, both ends on this machine, %d of %d)\n",
                succeeded / since(began), succeeded.load(), count);
}

/// Fetches /pub/large again and again until `over`, and counts what comes.
void Crowd::fetchUntil(const std::atomic_bool &over, std::atomic<qint64> &moved)
{
    const auto connection = logIn();
    if (!connection)
        return;
    extended::Request get;
    get.verb = extended::Verb::Get;
    get.path = *VirtualPath::parse("/pub/large");
    QByteArray room(limits::ioBytes, Qt::Uninitialized);
    while (!over) {
        connection->conversation().send(get);
        for (bool done = false; !done && !over;) {
            const auto event = connection->conversation().next();
            if (!event)
                return;
            while (connection->conversation().bodyRemaining() > 0) {
                const auto got = connection->conversation().readBody(room.data(), room.size(), {});
                if (!got)
                    return;
                moved += got.value();
            }
            done = event.value().kind == ExtendedEvent::Kind::FileDone;
        }
    }
}

void Crowd::logInBesideTransfers(int idle, int transfers, int logins)
{
    std::vector<std::unique_ptr<EncryptedConnection>> held(static_cast<size_t>(idle));
    inParallel(idle, 8, [&](int index) { held[size_t(index)] = logIn(); });
    std::atomic_bool over = false;
    std::atomic<qint64> moved = 0;
    std::vector<std::thread> busy;
    for (int i = 0; i < transfers; ++i)
        busy.emplace_back([&] { fetchUntil(over, moved); });
    while (moved < (1 << 20))
        std::this_thread::sleep_for(1ms);
    const auto began = Clock::now();
    const qint64 movedBefore = moved;
    std::vector<double> seconds;
    for (int i = 0; i < logins; ++i) {
        const auto start = Clock::now();
        if (logIn())
            seconds.push_back(since(start));
    }
    const double rate = double(moved - movedBefore) / since(began) / 1e9;
    over = true;
    for (std::thread &thread : busy)
        thread.join();
    std::sort(seconds.begin(), seconds.end());
    if (seconds.empty())
        return;
    std::printf("a new login beside %d idle sessions and %d transfers (%.1f GB/s together): "
                "median %.0f ms, p99 %.0f ms (%zu of %d)\n",
                idle, transfers, rate, seconds[seconds.size() / 2] * 1000,
                seconds[seconds.size() * 99 / 100] * 1000, seconds.size(), logins);
}

void Crowd::share(int clients, std::chrono::seconds time)
{
    std::atomic_bool over = false;
    std::vector<std::atomic<qint64>> moved(static_cast<size_t>(clients));
    std::vector<std::thread> busy;
    for (auto &bytes : moved)
        busy.emplace_back([&] { fetchUntil(over, bytes); });
    const auto begun = [](const auto &bytes) { return bytes > 0; };
    while (!std::all_of(moved.begin(), moved.end(), begun))
        std::this_thread::sleep_for(1ms);
    std::vector<qint64> before(moved.begin(), moved.end());
    const auto began = Clock::now();
    std::this_thread::sleep_for(time);
    std::vector<double> speeds;
    for (size_t i = 0; i < moved.size(); ++i)
        speeds.push_back(double(moved[i] - before[i]) / since(began) / 1e6);
    over = true;
    for (std::thread &thread : busy)
        thread.join();
    const auto [slowest, fastest] = std::minmax_element(speeds.begin(), speeds.end());
    std::printf("%d clients at once for %d s: slowest %.1f MB/s, fastest %.1f MB/s, ratio %.2f; "
                "%.2f GB/s together\n",
                clients, int(time.count()), *slowest, *fastest, *fastest / *slowest,
                std::accumulate(speeds.begin(), speeds.end(), 0.0) / 1e3);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const bool quick = QCoreApplication::arguments().contains(QStringLiteral("--quick"));
    const int scale = quick ? 10 : 1;
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // each figure as it comes
    Crowd crowd;
    if (!crowd.start()) {
        std::fprintf(stderr, "ferryd does not start\n");
        return 1;
    }
    crowd.holdEncrypted(1000 / scale);
    crowd.holdClassic(5000 / scale);
    crowd.countLogins(2000 / scale);
    crowd.logInBesideTransfers(1000 / scale, 20, 300 / scale);
    crowd.share(50, quick ? 1s : 5s);
    return 0;
}
