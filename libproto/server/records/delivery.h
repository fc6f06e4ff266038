// SPDX-License-Identifier: MIT
/// What the sessions tell the history: of each file, or part of one, that it went out or came in,
/// how that ended, and that it was verified.
#pragma once

#include "server/limits.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <memory>
#include <mutex>
#include <vector>

namespace ferry::server {

/// With whom files are exchanged. All of it safe to show.
struct DeliveredTo
{
    quint64 session = 0;
    QString address; ///< without port
    QString account;
    QString client; ///< what it calls itself
    bool encrypted = false;
};

struct DeliveryEvent
{
    enum class Kind {
        Sent,         ///< `bytes` of the file went out, which may be a part of it
        BrokenOff,    ///< `bytes` of it went out or came in, but there should have been more
        Confirmed,    ///< who receives it has saved all of it, and the checksum was right
        SessionEnded, ///< nothing more comes from this session; no file is meant
    };
    Kind kind = Kind::Sent;
    qint64 timeMs = 0; ///< wall clock, since the epoch
    std::shared_ptr<const DeliveredTo> to;
    QString file;          ///< safe to show
    QByteArray id;         ///< of this version of the file
    qint64 size = 0;       ///< of the whole file
    qint64 bytes = 0;      ///< of what went out, or came in
    bool last = false;     ///< no confirmation can come: the dialect has none
    QString why;           ///< of BrokenOff and SessionEnded, safe to show
    bool received = false; ///< it came from the peer; `id` is that of the upload
};

/// From the sessions to the history. Bounded: beyond limits::deliveryEvents the
/// newest are counted instead of kept. Any thread may call anything.
class DeliveryQueue
{
public:
    /// Nobody will take them: then none are kept. As long as nobody says otherwise.
    void setEnabled(bool enabled);

    void add(DeliveryEvent event);
    /// As they come one after the other.
    void addAll(std::vector<DeliveryEvent> events);

    struct Taken
    {
        QList<DeliveryEvent> events; ///< since the last call, oldest first
        qint64 dropped = 0;
    };
    Taken take();

private:
    void append(DeliveryEvent event);

    std::mutex m_mutex; ///< guards all below
    bool m_enabled = false;
    QList<DeliveryEvent> m_events;
    qint64 m_dropped = 0;
};

/// A session's way to tell. Belongs to the session's thread.
class DeliveryReporter
{
public:
    DeliveryReporter(std::shared_ptr<DeliveryQueue> queue, DeliveredTo to);

    void setClient(const QString &displayName);
    void setAccount(const QString &displayName);

    /// What a file is called, which version of it or which upload, and how large it is as a whole.
    struct Subject
    {
        QString file;
        QByteArray id;
        qint64 size = 0;
        bool received = false;
    };
    void sent(const Subject &subject, qint64 bytes, bool last = false);
    void brokenOff(const Subject &subject, qint64 bytes, const QString &why);
    /// `bytes` of it since the last call.
    void confirmed(const Subject &subject, qint64 bytes = 0);
    /// Several files at once.
    void confirmedAll(const std::vector<Subject> &subjects);
    void ended(const QString &why);

private:
    DeliveryEvent event(DeliveryEvent::Kind kind, const Subject &subject, qint64 bytes, bool last,
                        const QString &why) const;
    void tell(DeliveryEvent::Kind kind, const Subject &subject, qint64 bytes, bool last,
              const QString &why);
    DeliveredTo copy() const { return *m_to; }

    std::shared_ptr<DeliveryQueue> m_queue;
    std::shared_ptr<const DeliveredTo> m_to;
};

} // namespace ferry::server
