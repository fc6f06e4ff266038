// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>

#include <memory>
#include <vector>

namespace ferry::gui {

class SessionModel;

/// The sessions of a SessionModel by person: who has several gets one row that unfolds. Connections
/// that never logged in share one row. Columns and roles are those of the SessionModel.
class PeopleModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit PeopleModel(SessionModel *sessions, QObject *parent = nullptr);
    ~PeopleModel() override;

    /// Rows of the SessionModel: that of a session, or those of all sessions of a person.
    QList<int> sessionRows(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Person
    {
        QString key;
        int row = 0;
        QList<quint64> sessions; ///< rising; one has no row of its own below the person's
        server::SessionInfo summary;
        int live = 0;
        int addresses = 1;
    };

    void refresh();
    void removeGone(const QHash<QString, QList<quint64>> &now);
    void setSessions(Person &person, const QList<quint64> &now);
    void summarise(Person &person) const;
    void tellChanges(Person &person);
    QVariant personData(const Person &person, int column, int role) const;
    QString stateText(const Person &person) const;
    const Person &personAt(const QModelIndex &index) const;
    QModelIndex indexOf(const Person &person, int column = 0) const;

    SessionModel *m_sessions;
    std::vector<std::unique_ptr<Person>> m_people;
    QHash<QString, Person *> m_byKey;
    QSet<quint64> m_changed; ///< sessions that look different since the last refresh()
};

} // namespace ferry::gui
