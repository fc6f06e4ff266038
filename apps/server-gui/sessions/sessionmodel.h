// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/pacing/sessioninfo.h"

#include <QHash>

namespace ferry::gui {

/// The sessions of a server, oldest first. Brought up to date a few times a second from the
/// façade's list; tells the views of nothing but what looks different.
class SessionModel : public ColumnModel
{
    Q_OBJECT
public:
    enum Column {
        Id,
        Since,
        Name,
        Address,
        Client,
        Account,
        Encryption,
        State,
        File,
        Progress,
        Speed,
        Average,
        Sent,
        Received,
        Verified,
        Idle,
        ColumnCount
    };
    enum Role {
        SortRole = Qt::UserRole, ///< the value behind the text
        ToneRole,                ///< int(Tone)
    };

    explicit SessionModel(QObject *parent = nullptr);

    void update(const QList<server::SessionInfo> &sessions);

    const server::SessionInfo &session(int row) const { return m_sessions[row]; }
    /// -1: no such session.
    int rowOf(quint64 id) const { return m_rows.value(id, -1); }
    bool hasEnded() const;

    QVariant data(const QModelIndex &index, int role) const override;
    /// The same of any session, or of what several have in common.
    QVariant dataOf(const server::SessionInfo &session, int column, int role) const;

Q_SIGNALS:
    void updated(); ///< at the end of update()

private:
    qsizetype rows() const override { return m_sessions.size(); }
    void removeGone(const QHash<quint64, const server::SessionInfo *> &now);
    void updateKnown(const QHash<quint64, const server::SessionInfo *> &now);
    void appendNew(const QList<server::SessionInfo> &sessions);

    QList<server::SessionInfo> m_sessions;
    QHash<quint64, int> m_rows;
};

} // namespace ferry::gui
