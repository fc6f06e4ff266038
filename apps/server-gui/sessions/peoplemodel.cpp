// SPDX-License-Identifier: MIT
#include "server-gui/sessions/peoplemodel.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "server-gui/sessions/people.h"
#include "server-gui/sessions/sessionmodel.h"
#include "server-gui/sessions/sessionwords.h"

#include <QStringList>

#include <algorithm>
#include <utility>

namespace ferry::gui {

using server::SessionInfo;
using server::SessionState;

namespace {

/// The session that says most about its person; of equals, the newest.
int weightOf(const SessionInfo &session)
{
    switch (session.state) {
    case SessionState::Sending:
    case SessionState::Receiving:
        return 6;
    case SessionState::Stalled:
        return 5;
    case SessionState::Paused:
        return 4;
    case SessionState::Idle:
        return 3;
    case SessionState::Login:
        return 2;
    case SessionState::Ended:
        break;
    }
    return session.filesSent + session.filesReceived > 0 ? 1 : 0;
}

} // namespace

PeopleModel::PeopleModel(SessionModel *sessions, QObject *parent)
    : QAbstractItemModel(parent)
    , m_sessions(sessions)
{
    refresh();
    connect(sessions, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &first, const QModelIndex &last) {
                for (int row = first.row(); row <= last.row(); ++row)
                    m_changed.insert(m_sessions->session(row).id);
            });
    connect(sessions, &SessionModel::updated, this, &PeopleModel::refresh);
}

PeopleModel::~PeopleModel() = default;

void PeopleModel::refresh()
{
    QHash<QString, QList<quint64>> now;
    QStringList order;
    for (int row = 0; row < m_sessions->rowCount(); ++row) {
        const SessionInfo &session = m_sessions->session(row);
        QList<quint64> &ids = now[personOf(session)];
        if (ids.isEmpty())
            order.append(personOf(session));
        ids.append(session.id);
    }
    removeGone(now);
    for (const auto &person : m_people)
        setSessions(*person, now.value(person->key));
    for (const QString &key : std::as_const(order)) {
        if (m_byKey.contains(key))
            continue;
        const int row = int(m_people.size());
        auto person = std::make_unique<Person>();
        person->key = key;
        person->row = row;
        person->sessions = now.value(key);
        summarise(*person);
        beginInsertRows({}, row, row);
        m_byKey.insert(key, person.get());
        m_people.push_back(std::move(person));
        endInsertRows();
    }
    m_changed.clear();
}

void PeopleModel::removeGone(const QHash<QString, QList<quint64>> &now)
{
    for (int row = int(m_people.size()) - 1; row >= 0; --row) {
        const auto at = m_people.begin() + row;
        if (now.contains((*at)->key))
            continue;
        beginRemoveRows({}, row, row);
        m_byKey.remove((*at)->key);
        m_people.erase(at);
        for (int rest = row; rest < int(m_people.size()); ++rest)
            m_people[size_t(rest)]->row = rest;
        endRemoveRows();
    }
}

void PeopleModel::setSessions(Person &person, const QList<quint64> &now)
{
    QList<quint64> &known = person.sessions;
    const bool same = known == now;
    if (!same && known.size() > 1 && now.size() > 1) {
        // In this order there are never fewer than two.
        for (const quint64 id : now) {
            const auto at = std::lower_bound(known.begin(), known.end(), id);
            if (at != known.end() && *at == id)
                continue;
            const int row = int(at - known.begin());
            beginInsertRows(indexOf(person), row, row);
            known.insert(row, id);
            endInsertRows();
        }
        for (int row = int(known.size()) - 1; row >= 0; --row) {
            if (now.contains(known[row]))
                continue;
            beginRemoveRows(indexOf(person), row, row);
            known.removeAt(row);
            endRemoveRows();
        }
    } else if (!same && known.size() > 1) {
        beginRemoveRows(indexOf(person), 0, int(known.size()) - 1);
        known = now;
        endRemoveRows();
    } else if (!same && now.size() > 1) {
        beginInsertRows(indexOf(person), 0, int(now.size()) - 1);
        known = now;
        endInsertRows();
    }
    known = now;
    tellChanges(person);
}

void PeopleModel::tellChanges(Person &person)
{
    const Person before = person;
    summarise(person);
    if (person.summary != before.summary || person.live != before.live ||
        person.addresses != before.addresses)
        Q_EMIT dataChanged(indexOf(person), indexOf(person, columnCount() - 1));
    if (person.sessions.size() < 2)
        return;
    for (int row = 0; row < person.sessions.size(); ++row) {
        if (m_changed.contains(person.sessions[row]))
            Q_EMIT dataChanged(index(row, 0, indexOf(person)),
                               index(row, columnCount() - 1, indexOf(person)));
    }
}

void PeopleModel::summarise(Person &person) const
{
    const SessionInfo *best = nullptr;
    SessionInfo sum;
    QSet<QString> addresses;
    sum.sinceMs = std::numeric_limits<qint64>::max();
    person.live = 0;
    for (const quint64 id : std::as_const(person.sessions)) {
        const SessionInfo &session = m_sessions->session(m_sessions->rowOf(id));
        if (!best || weightOf(session) >= weightOf(*best))
            best = &session;
        person.live += session.state == SessionState::Ended ? 0 : 1;
        addresses.insert(session.address);
        sum.sinceMs = qMin(sum.sinceMs, session.sinceMs);
        sum.sent += session.sent;
        sum.received += session.received;
        sum.filesReceived += session.filesReceived;
        sum.filesSent += session.filesSent;
        sum.filesVerified += session.filesVerified;
        sum.bytesPerSecond += session.bytesPerSecond;
    }
    person.addresses = int(addresses.size());
    person.summary = *best;
    person.summary.id = person.sessions.last();
    person.summary.sinceMs = sum.sinceMs;
    person.summary.sent = sum.sent;
    person.summary.received = sum.received;
    person.summary.filesReceived = sum.filesReceived;
    person.summary.filesSent = sum.filesSent;
    person.summary.filesVerified = sum.filesVerified;
    person.summary.bytesPerSecond = sum.bytesPerSecond;
}

QList<int> PeopleModel::sessionRows(const QModelIndex &index) const
{
    const Person &person = personAt(index);
    const QList<quint64> ids =
        index.internalPointer() ? QList<quint64>{person.sessions[index.row()]} : person.sessions;
    QList<int> rows;
    for (const quint64 id : ids) {
        if (const int row = m_sessions->rowOf(id); row >= 0)
            rows.append(row);
    }
    return rows;
}

const PeopleModel::Person &PeopleModel::personAt(const QModelIndex &index) const
{
    const auto *person = static_cast<const Person *>(index.internalPointer());
    return person ? *person : *m_people[size_t(index.row())];
}

QModelIndex PeopleModel::indexOf(const Person &person, int column) const
{
    return createIndex(person.row, column, nullptr);
}

int PeopleModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_people.size());
    if (parent.internalPointer() || parent.column() != 0)
        return 0;
    const auto sessions = personAt(parent).sessions.size();
    return sessions > 1 ? int(sessions) : 0;
}

int PeopleModel::columnCount(const QModelIndex &) const
{
    return m_sessions->columnCount();
}

QModelIndex PeopleModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // A session's index names its person, a person's nobody.
    return parent.isValid() ? createIndex(row, column, m_people[size_t(parent.row())].get())
                            : createIndex(row, column, nullptr);
}

QModelIndex PeopleModel::parent(const QModelIndex &index) const
{
    const auto *person = static_cast<const Person *>(index.internalPointer());
    return person ? indexOf(*person) : QModelIndex();
}

QVariant PeopleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_sessions->headerData(section, orientation, role);
}

QVariant PeopleModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Person &person = personAt(index);
    if (!index.internalPointer())
        return personData(person, index.column(), role);
    const int row = m_sessions->rowOf(person.sessions[index.row()]);
    return row < 0 ? QVariant()
                   : m_sessions->dataOf(m_sessions->session(row), index.column(), role);
}

QVariant PeopleModel::personData(const Person &person, int column, int role) const
{
    const bool text = role == Qt::DisplayRole;
    if (person.sessions.size() > 1 && (text || role == Qt::ToolTipRole)) {
        if (column == SessionModel::State)
            return text ? stateText(person) : plainToolTip(stateText(person));
        if (column == SessionModel::Address && person.addresses > 1)
            return tr("%Ln addresses", nullptr, person.addresses);
    }
    if (person.sessions.size() > 1 && person.key.isEmpty()) { // what they have in common
        if (role == Qt::DecorationRole)
            return column == SessionModel::State ? icon(QLatin1StringView("client"), Tone::Quiet)
                                                 : QVariant();
        if (role == SessionModel::ToneRole)
            return int(Tone::Quiet);
        if (text && column != SessionModel::Id && column != SessionModel::Address)
            return {};
    }
    return m_sessions->dataOf(person.summary, column, role);
}

QString PeopleModel::stateText(const Person &person) const
{
    const int all = int(person.sessions.size());
    if (person.key.isEmpty())
        return tr("%Ln visits, no login", nullptr, all);
    const QString state = sessionStateText(person.summary);
    return person.live > 1 ? tr("%1, %2").arg(state, tr("%Ln connections", nullptr, person.live))
                           : state;
}

} // namespace ferry::gui
