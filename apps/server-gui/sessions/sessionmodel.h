// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"
#include "server/pacing/sessioninfo.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QIcon>

namespace ferry::gui {

/// The sessions of a server, oldest first. Brought up to date a few times a second from the
/// façade's list; tells the views of nothing but what looks different.
class SessionModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        Id,
        Since,
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

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QVariant icon(const server::SessionInfo &s, int column) const;
    QIcon stateIcon(const server::SessionInfo &s) const;
    void removeGone(const QHash<quint64, const server::SessionInfo *> &now);
    void updateKnown(const QHash<quint64, const server::SessionInfo *> &now);
    void appendNew(const QList<server::SessionInfo> &sessions);

    QList<server::SessionInfo> m_sessions;
    QHash<quint64, int> m_rows;
    QIcon m_sendingIcon;
    QIcon m_stalledIcon;
    QIcon m_pausedIcon;
    QIcon m_endedIcon;
    QIcon m_failedIcon;
    QIcon m_connectedIcon;
    QIcon m_loginIcon;
    QIcon m_verifiedIcon;
    QIcon m_encryptedIcon;
    QIcon m_unencryptedIcon;
};

} // namespace ferry::gui
