// SPDX-License-Identifier: MIT
#include "server/records/history.h"

#include "net/base/guarded.h"
#include "net/base/translate.h"

#include <QFileInfo>
#include <QSaveFile>

#include <memory>
#include <utility>

namespace ferry::server {

History::History(const QString &dataFolder, qint64 rows)
    : m_store(dataFolder, rows)
{
    m_thread.add([this, path = HistoryStore::pathIn(dataFolder)] {
        open(QFileInfo::exists(path) ? HistoryStore::Access::Keep : HistoryStore::Access::ReadOnly);
    });
}

void History::open(HistoryStore::Access access)
{
    m_kept = access == HistoryStore::Access::Keep;
    m_store.open(access);
    for (const QString &problem : m_store.problems())
        say(problem);
    const std::lock_guard lock(m_mutex);
    ++m_revision;
}

History::~History()
{
    static_cast<void>(guarded([this] {
        m_thread.add([this] {
            static_cast<void>(guarded([this] { record(m_ledger.takeAll()); }));
            m_store.close();
        });
    }));
}

void History::add(DeliveryQueue::Taken taken)
{
    {
        const std::lock_guard lock(m_mutex);
        taken.dropped += std::exchange(m_dropped, 0);
        if (m_waiting + taken.events.size() > limits::deliveryEvents) {
            m_dropped = taken.dropped + taken.events.size();
            return;
        }
        m_waiting += taken.events.size();
    }
    if (taken.events.isEmpty() && taken.dropped == 0)
        return;
    // Whatever becomes of the task, they no longer wait then.
    std::shared_ptr<void> waiting(nullptr, [this, count = taken.events.size()](void *) {
        const std::lock_guard lock(m_mutex);
        m_waiting -= count;
    });
    m_thread.add([this, taken = std::move(taken), waiting = std::move(waiting)]() mutable {
        const auto ending = std::move(waiting); // here, with no lock held
        record(m_ledger.take(taken.events));
        if (taken.dropped > 0)
            say(tr("%1 events were too many at once for the history, which has gaps now.")
                    .arg(taken.dropped));
    });
}

void History::record(const QList<Delivery> &deliveries)
{
    if (deliveries.isEmpty())
        return;
    if (!m_kept)
        open(HistoryStore::Access::Keep);
    if (const auto added = m_store.add(deliveries); !added) {
        if (!std::exchange(m_failed, true))
            say(added.error().text);
        return;
    }
    m_failed = false;
    const std::lock_guard lock(m_mutex);
    ++m_revision;
}

void History::search(const QString &text, qint64 most)
{
    quint64 number = 0;
    {
        const std::lock_guard lock(m_mutex);
        number = ++m_lastSearch;
    }
    m_thread.add([this, text, most, number] {
        {
            const std::lock_guard lock(m_mutex);
            if (number != m_lastSearch)
                return; // somebody typed on
        }
        auto page = m_store.search(text, most);
        if (!page)
            say(page.error().text);
        const std::lock_guard lock(m_mutex);
        m_found = Found{text, page ? page.take() : HistoryStore::Page()};
    });
}

void History::findReceived(qint64 most)
{
    m_thread.add([this, most] {
        auto rows = m_store.received(most);
        if (!rows)
            say(rows.error().text);
        const std::lock_guard lock(m_mutex);
        m_received = rows ? rows.take() : QList<Delivery>();
    });
}

void History::exportCsv(const QString &text, const QString &path)
{
    m_thread.add([this, text, path] {
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly)) {
            say(tr("%1 cannot be written: %2").arg(path, file.errorString()));
            return;
        }
        const auto lines = m_store.writeCsv(text, file);
        if (!lines || !file.commit())
            say(tr("%1 cannot be written: %2")
                    .arg(path, lines ? file.errorString() : lines.error().text));
        else
            say(tr("%1 deliveries were written to %2.").arg(lines.value()).arg(path));
    });
}

void History::clear()
{
    m_thread.add([this] {
        if (const auto cleared = m_store.clear(); !cleared)
            say(cleared.error().text);
        const std::lock_guard lock(m_mutex);
        ++m_revision;
    });
}

std::optional<History::Found> History::takePage()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_found, std::nullopt);
}

std::optional<QList<Delivery>> History::takeReceived()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_received, std::nullopt);
}

quint64 History::revision() const
{
    const std::lock_guard lock(m_mutex);
    return m_revision;
}

QStringList History::takeNews()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_news, {});
}

void History::say(const QString &sentence)
{
    const std::lock_guard lock(m_mutex);
    m_news.append(sentence);
}

} // namespace ferry::server
