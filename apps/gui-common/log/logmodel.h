// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "net/base/logqueue.h"

#include <QSet>

#include <deque>

namespace ferry::gui {

/// The last records of a log, oldest first. Bounded: the oldest go, a tenth at a time.
class LogModel : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Time, Session, Kind, Message, ColumnCount };
    enum Role {
        KindRole = Qt::UserRole, ///< int(LogKind)
        SessionRole,             ///< quint64
    };

    static constexpr qsizetype maxRecords = 100'000;

    explicit LogModel(QObject *parent = nullptr, qsizetype most = maxRecords);

    /// Messages are made safe to show here, whatever they hold.
    void append(const QList<LogRecord> &records);
    void clear();
    void clearSessions(const QSet<quint64> &sessions);

    qsizetype most() const { return m_most; }
    const LogRecord &record(int row) const { return m_records[size_t(row)]; }

    QVariant data(const QModelIndex &index, int role) const override;

    /// "→ Command": a shape and a word.
    static QString kindText(LogKind kind);

    /// One line for the clipboard or a file.
    static QString lineOf(const LogRecord &record);

private:
    qsizetype rows() const override { return qsizetype(m_records.size()); }

    qsizetype m_most;
    std::deque<LogRecord> m_records;
};

} // namespace ferry::gui
