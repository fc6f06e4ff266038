// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/party.h"
#include "wire/extended/people.h"

#include <QAbstractListModel>
#include <QList>
#include <QString>

namespace ferry::gui {

/// One thing that was said. All text is safe to show, and plain.
struct Message
{
    qint64 atMs = 0;    ///< since the epoch
    QString who;        ///< empty: the person here
    QString text;       ///< lines
    quint64 number = 0; ///< of one's own, while it is on its way; 0: it is over
    QString failure;    ///< of one's own that did not go
};

/// Whom a person can write to: the operator, everybody, and each who is there; with what was said.
class TalkModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    /// Messages of one conversation, and people who have left, of whom something is kept.
    static constexpr qsizetype mostMessages = 500;
    static constexpr qsizetype mostGone = 50;

    explicit TalkModel(QObject *parent = nullptr);

    /// Nothing is left of another server.
    void clear();
    /// Who is there now.
    void setPeople(const QList<extended::Person> &people);
    /// Somebody said something. The row of the conversation.
    int add(const extended::Note &note);
    /// The person here said something in the conversation of `row`.
    void addOwn(int row, const QString &text, quint64 number);
    /// What became of it; `failure` is empty if it went.
    void setOutcome(quint64 number, const QString &failure);
    void setRead(int row);

    extended::Party party(int row) const { return m_talks.at(row).party; }
    const QList<Message> &messages(int row) const { return m_talks.at(row).messages; }
    bool isThere(int row) const { return m_talks.at(row).there; }
    /// Of the row, or of all.
    int unread(int row) const { return m_talks.at(row).unread; }
    int unread() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void messagesChanged(int row);
    void unreadChanged();

private:
    struct Talk
    {
        extended::Party party;
        QString name;
        QString about; ///< account and address
        bool there = true;
        int unread = 0;
        QList<Message> messages;
    };
    int rowOf(const extended::Party &party) const;
    int makeRow(const extended::Party &party, const QString &name);
    void append(int row, const Message &message);
    void dropGone();

    QList<Talk> m_talks;
};

} // namespace ferry::gui
