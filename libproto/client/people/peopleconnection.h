// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/connectionstate.h"
#include "client/connect/encryptedconnection.h"
#include "client/people/newscursor.h"
#include "client/people/peoplerequests.h"
#include "net/base/logqueue.h"
#include "net/base/workerthread.h"
#include "net/channel/wakeup.h"
#include "net/login/sasl.h"
#include "wire/extended/party.h"
#include "wire/extended/people.h"

#include <QByteArray>
#include <QDeadlineTimer>
#include <QList>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// What happened among the people of a server since the last look.
struct PeopleChanges
{
    /// It has logged in since the last call: numbers of people that were known before may be
    /// somebody else's, if the server was restarted.
    bool loggedIn = false;
    /// Who is there now, since that login; nothing: nobody asked meanwhile.
    std::optional<QList<extended::Person>> people;
    QList<extended::Note> notes; ///< oldest first, each once
    qint64 lost = 0;             ///< notes that the server had to drop, because nobody asked

    struct Answer
    {
        quint64 number = 0;         ///< as tell() and drop() gave it
        std::optional<Error> error; ///< nothing: it was done
    };
    QList<Answer> answers;
};

/// Messages of the people of a server, both ways, over a connection of its own on a thread of its
/// own. It asks for news all the time, and comes back after the connection was lost: nothing is
/// missed then, and nothing comes twice. A message that was under way when the connection broke has
/// an error, since nobody knows whether it arrived.
///
/// The owner is one thread; everything but the constructor and start() is for any.
class PeopleConnection
{
public:
    /// Called from this thread when changes() or status() have something new.
    using Notify = std::function<void()>;

    /// `config`: a connection that was lost is made anew for ever. `first`: one that is logged in
    /// already; may be null.
    PeopleConnection(const ClientConfig &config, std::shared_ptr<LogQueue> log,
                     std::shared_ptr<sasl::SaltedPasswords> derived, Notify notify,
                     std::unique_ptr<EncryptedConnection> first = {});
    /// Closes it, and waits for its thread.
    ~PeopleConnection();
    PeopleConnection(const PeopleConnection &) = delete;
    PeopleConnection &operator=(const PeopleConnection &) = delete;

    /// Once. CannotConnect: the system gives no thread.
    Result<> start() { return m_thread.start(); }

    /// Says goodbye if nothing is under way. Does not wait.
    void close();

    /// Offline: it is lost, and comes back (`lost`). Failed: it does not.
    ConnectionStatus status() const;

    /// Takes what is new. Until then, news wait at the server beyond a bound.
    PeopleChanges changes();

    /// Somebody looks at who is there: it is asked for every now and then.
    void setWatched(bool watched);

    /// To be sent as soon as it can be; which of the answers in changes() is its own. A message
    /// that comes too soon for the server waits.
    quint64 tell(const extended::Party &to, const QByteArray &text);
    quint64 drop(const extended::GiftPath &gift);

private:
    /// A message, or a gift that is dropped.
    struct Task
    {
        quint64 number = 0;
        bool drops = false;
        extended::Party to;
        QByteArray text;
        extended::GiftPath gift;
        QDeadlineTimer due = QDeadlineTimer(0); ///< not before
    };

    void run();
    Result<> communicate();
    Result<> connect();
    Result<> converse(ExtendedConversation &conversation);
    Result<> doTask(PeopleRequests &requests, Task task);
    Result<> askWho(PeopleRequests &requests);
    Result<> askNews(ExtendedConversation &conversation);
    Result<bool> takeNews(const ExtendedEvent &event, bool cancelled);
    bool waitBefore(const Error &error);
    void rest(QDeadlineTimer until);

    quint64 add(Task task);
    std::optional<Task> takeTask();
    void requeue(Task task);
    void answer(quint64 number, const std::optional<Error> &error = {});
    void wake();
    bool hasWork();
    QDeadlineTimer nextTask();
    bool hasRoom();
    bool isClosing();
    std::chrono::milliseconds newsTime();
    void setState(ConnectionState state, const std::optional<Error> &error = {});
    void fail(const Error &error);

    const ClientConfig m_config;
    const std::shared_ptr<LogQueue> m_log;
    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    const Notify m_notify;

    // This thread only.
    NewsCursor m_cursor;
    int m_tries = 0; ///< without an answer since the last one
    QDeadlineTimer m_nextWho = QDeadlineTimer(0);
    QDeadlineTimer m_second = QDeadlineTimer(0);
    quint64 m_came = 0;   ///< news so far
    bool m_fresh = false; ///< news that nobody was told of
    int m_inSecond = 0;   ///< news that came until m_second

    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::unique_ptr<EncryptedConnection> m_connection;
    ConnectionStatus m_status;
    PeopleChanges m_changes;
    qsizetype m_noteBytes = 0;
    std::deque<Task> m_tasks;
    quint64 m_lastNumber = 0;
    bool m_watched = false;
    Wakeup *m_wakeup = nullptr; ///< of the thread that waits for news
    bool m_askWho = false;      ///< at once
    bool m_waiting = false;     ///< the server has nothing to do but to wait for news
    bool m_closing = false;

    WorkerThread m_thread; ///< last: it uses all the others
};

} // namespace ferry::client
