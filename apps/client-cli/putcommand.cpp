// SPDX-License-Identifier: MIT
#include "client-cli/putcommand.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/firstconnection.h"
#include "client-cli/givenreceiver.h"
#include "client-cli/putreport.h"
#include "client-cli/savedqueue.h"
#include "client/connect/encryptedconnection.h"
#include "client/disk/localname.h"
#include "client/limits.h"
#include "client/people/peoplerequests.h"
#include "client/queue/retryplan.h"
#include "client/upload/queueuploads.h"
#include "client/upload/uploader.h"
#include "client/upload/uploadids.h"
#include "client/upload/uploadrefusal.h"
#include "client/upload/uploadsource.h"
#include "common/terminationsignals.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/base/workerthread.h"
#include "wire/virtualpath.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QFileInfo>
#include <QTimer>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ferry::client {

namespace {

constexpr std::chrono::milliseconds lookInterval{200};

/// An error with the exit code that it ends the program with.
struct Failure
{
    Error error;
    int code = exitcode::usage;
};

Failure failureOf(const Error &error)
{
    return {error, exitCodeFor(error.code)};
}

/// Sends everything on a thread of its own; the main thread looks at it and says what happened.
class PutRun final : private UploadSource
{
public:
    PutRun(Arguments arguments, PutReport &report)
        : m_arguments(std::move(arguments))
        , m_report(report)
        , m_log(std::make_shared<LogQueue>())
        , m_derived(std::make_shared<sasl::SaltedPasswords>())
        , m_limiter(m_arguments.rateLimit)
        , m_receiver(m_arguments.to.session)
    {
        m_log->keepWarningsOnly();
        if (gives())
            m_arguments.config.box = newBox();
    }

    int run();

private:
    // The main thread:
    std::optional<Failure> connectFirst();
    std::optional<Failure> chooseTarget();
    void findItems();
    void look();
    bool gives() const { return m_arguments.command == Arguments::Command::Give; }
    int exitCode() const;

    // The sending thread:
    void sendAll();
    Result<> sendOnce();
    bool waitBefore(const Error &error, int tries);
    bool mayRetry(quint64 row, const Error &error);
    std::optional<UploadItem> next() override;
    Wish wish(quint64 row) override;
    void compared(quint64 row, qint64 bytes, qint64 all) override;
    void begun(quint64 row, qint64 offset) override;
    void sent(quint64 row, qint64 bytes) override;
    qint64 piece(quint64 row, qint64 most) override;
    RateLimiter::Clock::duration spend(quint64 row, qint64 bytes) override;
    void ended(quint64 row, const UploadResult &result) override;
    std::unique_ptr<EncryptedConnection> newConnection() const
    {
        return std::make_unique<EncryptedConnection>(m_arguments.config, m_log, m_derived);
    }

    Arguments m_arguments;
    PutReport &m_report;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    RateLimiter m_limiter;
    VirtualPath m_target = VirtualPath::root();
    QList<UploadItem> m_items;
    qsizetype m_files = 0;
    std::unique_ptr<UploadIds> m_ids;
    bool m_leftOut = false;
    std::optional<int> m_firstFailure; ///< an exit code
    bool m_someDone = false;
    qsizetype m_filesEnded = 0;
    bool m_connectedBefore = false; ///< the first connection was made by the main thread
    QList<quint64> m_waiting;       ///< what has not ended; the sending thread's, as all below
    QList<quint64> m_toGive;        ///< over this connection
    GivenReceiver m_receiver;       ///< give
    std::optional<Error> m_later;   ///< why something is sent again over the next one
    PrefixSum m_prefix;
    std::map<quint64, int> m_refused; ///< how often, for a reason that may pass
    std::map<quint64, qint64> m_kept; ///< bytes of each that the server was seen to have
    qint64 m_keptBytes = 0;           ///< of all together

    struct Retry
    {
        Error error;
        int seconds;
    };
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::unique_ptr<EncryptedConnection> m_connection;
    std::vector<std::pair<quint64, UploadResult>> m_ended; ///< not said yet
    std::vector<Retry> m_retries;                          ///< likewise
    qsizetype m_current = -1;
    qint64 m_sent = 0;
    bool m_closing = false;
    bool m_over = false;
    std::optional<Failure> m_failure; ///< of everything that is not sent

    /// Told of by the sending thread, which may be through before the main one has its event loop:
    /// a loop that begins forgets QEvent::Quit, but no other event.
    class End final : public QObject
    {
        void customEvent(QEvent *) override { QCoreApplication::quit(); }
    };
    End m_end;

    // Only look():
    QElapsedTimer m_sinceLook;
    qsizetype m_lastCurrent = -1;
    qint64 m_lastSent = 0;
};

std::optional<Failure> PutRun::connectFirst()
{
    auto connected = client::connectFirst(m_arguments, m_log, m_derived,
                                          [this](const QString &text) { m_report.warning(text); });
    if (!connected)
        return Failure{connected.error(), exitCodeOfFirst(connected.error())};
    m_connection = connected.take();
    return {};
}

/// The folder of -t, or the only share that takes files.
std::optional<Failure> PutRun::chooseTarget()
{
    Uploader uploader(m_connection->conversation(), m_prefix);
    if (gives()) {
        if (!PeopleRequests(m_connection->conversation()).keepsGifts())
            return failureOf(keepsNoGifts());
        m_target = *VirtualPath::fromTyped("/@" + QByteArray::number(m_arguments.to.session));
        return {};
    }
    if (!uploader.isOffered())
        return failureOf(takesNoFiles());
    if (m_arguments.putFolder) {
        m_target = *VirtualPath::fromTyped(*m_arguments.putFolder);
        return {};
    }
    const auto shares = guarded([&] { return uploader.shares(); });
    if (!shares)
        return failureOf(shares.error());
    if (shares.value().size() == 1) {
        m_target = *VirtualPath::fromNames({shares.value().first().name});
        return {};
    }
    QStringList names;
    for (const TakingShare &share : shares.value())
        names.append(QStringLiteral("/") + displayText(QByteArrayView(share.name)));
    return Failure{{ErrorCode::Invalid,
                    QStringLiteral("Several shares of this server take files. Say which one by -t: "
                                   "%1.")
                        .arg(names.join(QStringLiteral(", ")))},
                   exitcode::usage};
}

void PutRun::findItems()
{
    const auto leave = [this](const QByteArray &name, const Error &why) {
        m_leftOut = true;
        if (!m_firstFailure)
            m_firstFailure = exitCodeFor(why.code);
        m_report.leftOut(name, why);
    };
    for (const QByteArray &path : m_arguments.paths) {
        if (gives() && QFileInfo(localText(path)).isDir()) {
            leave(path, {ErrorCode::NotTaken, QStringLiteral("A folder cannot be given.")});
            continue;
        }
        auto found = findUploads(path, m_target, leave);
        if (!found)
            leave(path, found.error());
        else
            m_items += found.take();
    }
    m_files = std::count_if(m_items.begin(), m_items.end(),
                            [](const UploadItem &item) { return !item.folder; });
    // One file under its name for all attempts.
    m_ids = std::make_unique<UploadIds>(QFileInfo(m_arguments.config.knownServersFile).path() +
                                            QStringLiteral("/uploads"),
                                        serverName(m_arguments.config).toUtf8());
    for (qsizetype i = 0; i < m_items.size(); ++i)
        m_items[i].row = quint64(i);
    if (const auto kept = m_ids->giveIds(m_items); !kept)
        m_report.warning(QStringLiteral("If this is interrupted, large files begin again, since it "
                                        "cannot be noted what was sent: %1")
                             .arg(kept.error().text));
}

int PutRun::run()
{
    std::optional<Failure> failure = connectFirst();
    if (!failure)
        failure = chooseTarget();
    if (failure) {
        m_report.failed(failure->error, failure->code);
        m_report.summary(failure->code);
        return endOutput(m_report.output(), failure->code);
    }
    findItems();
    const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
    QObject::connect(&signals, &TerminationSignals::received, qApp, [this] {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
        m_changed.notify_all();
        if (m_connection)
            m_connection->close();
    });
    WorkerThread thread("put", [this] { sendAll(); });
    if (const auto started = thread.start(); !started) {
        m_report.failed(started.error(), exitCodeFor(started.error().code));
        return endOutput(m_report.output(), exitCodeFor(started.error().code));
    }
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, qApp,
                     [this] { static_cast<void>(guarded([this] { look(); })); });
    timer.start(lookInterval);
    m_sinceLook.start();
    QCoreApplication::exec();
    static_cast<void>(thread.wait());
    look();
    const int signal = TerminationSignals::first();
    if (signal != 0)
        // Later the number may mean somebody else.
        m_report.interrupted(gives()
                                 ? Result<qsizetype>(0)
                                 : saveQueue(m_arguments, rowsOf(m_items, m_waiting,
                                                                 serverName(m_arguments.config))));
    else if (m_failure)
        m_report.failed(m_failure->error, m_failure->code);
    const int code = signal != 0 ? TerminationSignals::exitBase + signal : exitCode();
    m_report.summary(code);
    return endOutput(m_report.output(), code);
}

int PutRun::exitCode() const
{
    std::optional<int> failed = m_firstFailure;
    if (!failed && m_failure)
        failed = m_failure->code;
    if (!failed)
        return exitcode::success;
    return m_someDone ? exitcode::mixed : *failed;
}

/// Says what happened since the last look.
void PutRun::look()
{
    std::vector<std::pair<quint64, UploadResult>> ended;
    std::vector<Retry> retries;
    qsizetype current = -1;
    qint64 sent = 0;
    {
        const std::lock_guard lock(m_mutex);
        ended.swap(m_ended);
        retries.swap(m_retries);
        current = m_over ? -1 : m_current;
        sent = m_sent;
    }
    for (const LogRecord &record : m_log->take())
        m_report.warning(record.message);
    for (const auto &[row, result] : ended) {
        const UploadItem &item = m_items.at(qsizetype(row));
        m_filesEnded += item.folder ? 0 : 1;
        m_someDone = m_someDone || !result.error;
        if (result.error && !m_firstFailure)
            m_firstFailure = exitCodeFor(result.error->code);
        m_report.ended(item, result);
    }
    for (const Retry &retry : retries)
        m_report.retrying(retry.error, retry.seconds);
    if (current < 0)
        return;
    const qint64 passed = std::max<qint64>(m_sinceLook.restart(), 1);
    const bool same = std::exchange(m_lastCurrent, current) == current;
    const qint64 before = std::exchange(m_lastSent, sent);
    m_report.progress({m_items.at(current).shownName, m_items.at(current).size, sent,
                       same ? (sent - before) * 1000 / passed : 0, m_filesEnded, m_files});
}

/// Until all is sent, refused, or there is no way.
void PutRun::sendAll()
{
    for (const UploadItem &item : std::as_const(m_items))
        m_waiting.append(item.row);
    const auto done = guarded([&]() -> Result<> {
        for (int tries = 0;;) {
            const qsizetype before = m_waiting.size();
            const qint64 keptBefore = m_keptBytes;
            const auto sent = sendOnce();
            if (sent)
                return {};
            // Progress gives all retries back: what the server has, not what was sent to it.
            const bool progress =
                m_waiting.size() < before || m_keptBytes - keptBefore >= limits::progressBytes;
            tries = progress ? 1 : tries + 1;
            if (!isTemporary(sent.error().code, 0) || !waitBefore(sent.error(), tries))
                return sent;
        }
    });
    {
        const std::lock_guard lock(m_mutex);
        if (!done)
            m_failure = failureOf(done.error());
        m_over = true;
    }
    QCoreApplication::postEvent(&m_end, new QEvent(QEvent::User));
}

/// Over one connection. What may succeed later goes on waiting.
Result<> PutRun::sendOnce()
{
    EncryptedConnection *connection = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closing)
            return Error{ErrorCode::Cancelled, QStringLiteral("interrupted")};
        if (!m_connection)
            m_connection = newConnection();
        connection = m_connection.get();
    }
    if (m_connectedBefore) {
        if (auto connected = connection->connect(); !connected) {
            const std::lock_guard lock(m_mutex);
            m_connection.reset();
            return connected;
        }
    }
    m_connectedBefore = true;
    if (gives()) {
        if (auto checked = m_receiver.look(connection->conversation()); !checked) {
            const std::lock_guard lock(m_mutex);
            m_connection.reset();
            return checked;
        }
    }
    m_toGive = m_waiting;
    m_later.reset();
    auto sent = Uploader(connection->conversation(), m_prefix).send(*this);
    if (sent)
        connection->conversation().quit();
    const std::lock_guard lock(m_mutex);
    m_connection.reset();
    if (!sent || !m_later)
        return sent;
    return *m_later;
}

std::optional<UploadItem> PutRun::next()
{
    while (gives() && !m_toGive.isEmpty()) {
        const auto refusal = m_receiver.refusalOf(m_toGive.first());
        if (!refusal)
            break;
        ended(m_toGive.takeFirst(), {{}, 0, {}, refusal});
    }
    if (m_toGive.isEmpty() || wish(0) != Wish::Send)
        return {};
    return m_items.at(qsizetype(m_toGive.takeFirst()));
}

UploadSource::Wish PutRun::wish(quint64)
{
    const std::lock_guard lock(m_mutex);
    return m_closing ? Wish::Keep : Wish::Send;
}

void PutRun::compared(quint64 row, qint64, qint64)
{
    const std::lock_guard lock(m_mutex);
    m_current = qsizetype(row);
}

void PutRun::begun(quint64 row, qint64 offset)
{
    m_receiver.begun(m_items.at(qsizetype(row)));
    if (offset > 0) {
        qint64 &kept = m_kept[row];
        m_keptBytes += std::max<qint64>(offset - kept, 0);
        kept = std::max(kept, offset);
    }
    const std::lock_guard lock(m_mutex);
    m_current = qsizetype(row);
    m_sent = offset;
}

void PutRun::sent(quint64, qint64 bytes)
{
    const std::lock_guard lock(m_mutex);
    m_sent += bytes;
}

qint64 PutRun::piece(quint64, qint64 most)
{
    return m_limiter.piece(most);
}

RateLimiter::Clock::duration PutRun::spend(quint64, qint64 bytes)
{
    return m_limiter.spend(bytes);
}

void PutRun::ended(quint64 row, const UploadResult &result)
{
    const UploadItem &item = m_items.at(qsizetype(row));
    if (result.error && mayRetry(row, *result.error)) {
        m_later = result.error;
        if (m_later->code != ErrorCode::ChecksumMismatch)
            m_later->code = ErrorCode::CutShort; // on this connection, nothing stands in the way
        return;
    }
    const std::lock_guard lock(m_mutex);
    if (m_closing && result.error && result.error->code == ErrorCode::Cancelled)
        return; // it goes on in the next run
    m_waiting.removeOne(row);
    m_kept.erase(row);
    if (!item.folder)
        m_ids->forget(item);
    m_ended.emplace_back(row, result);
}

/// A wrong checksum may be a fault on the way once; again, it is somebody's.
bool PutRun::mayRetry(quint64 row, const Error &error)
{
    if (!isTemporary(error.code, 0))
        return false;
    const int most = error.code == ErrorCode::ChecksumMismatch ? std::min(m_arguments.retries, 1)
                                                               : m_arguments.retries;
    return ++m_refused[row] <= most;
}

/// False: there were enough tries, or somebody wants it to end.
bool PutRun::waitBefore(const Error &error, int tries)
{
    const auto delay = retryDelay(tries, m_arguments.retries);
    std::unique_lock lock(m_mutex);
    if (!delay || m_closing)
        return false;
    m_retries.push_back(
        {error, int(std::chrono::duration_cast<std::chrono::seconds>(*delay).count())});
    return !m_changed.wait_for(lock, *delay, [this] { return m_closing; });
}

} // namespace

int runPut(Arguments arguments)
{
    PutReport report(arguments.json, arguments.quiet);
    return PutRun(std::move(arguments), report).run();
}

} // namespace ferry::client
