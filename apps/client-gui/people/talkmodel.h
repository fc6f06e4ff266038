// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/message.h"
#include "wire/extended/party.h"
#include "wire/extended/people.h"

#include <QAbstractListModel>
#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <map>
#include <utility>

namespace ferry::gui {

/// Whom a person can write to: the operator, everybody, and each who is there; with what was said
/// and given.
class TalkModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    /// Messages of one conversation, and people who have left, of whom something is kept.
    static constexpr qsizetype mostMessages = 500;
    static constexpr qsizetype mostGone = 50;
    /// Characters of all conversations together.
    static constexpr qsizetype mostCharacters = 4'000'000;

    explicit TalkModel(QObject *parent = nullptr);

    /// Nothing is left of another server.
    void clear();
    /// Who is there now.
    void setPeople(const QList<extended::Person> &people);

    /// What a person is to hear of notes that came.
    struct News
    {
        qsizetype count = 0;
        QString sentence;    ///< if it is one: what it says, plain text
        QStringList senders; ///< of each, at most mostSenders
    };
    static constexpr qsizetype mostSenders = 1000;

    /// Notes as they came. Each view hears of a conversation once, however many they are.
    News add(const QList<extended::Note> &notes);
    /// The person here said something in the conversation of `row`.
    void addOwn(int row, const QString &text, quint64 number);
    /// What became of it; `failure` is empty if it went.
    void setOutcome(quint64 number, const QString &failure);
    /// Nothing comes any more of those that are on their way.
    void endOutcomes(const QString &failure);
    void setRead(int row);

    /// The person here gives something in the conversation of `row`: the message's id.
    quint64 addGift(int row, const Gift &gift);
    /// Null: it is no more.
    const Gift *gift(quint64 message) const;
    void setGift(quint64 message, const Gift &gift);
    /// Those that wait for the answer to a DROP.
    QList<quint64> giftsAsked() const;
    /// The gift whose DROP has that number; 0: none.
    quint64 giftAsked(quint64 number) const;

    extended::Party party(int row) const { return m_talks.at(row).party; }
    QString name(int row) const { return m_talks.at(row).name; }
    const QList<Message> &messages(int row) const { return m_talks.at(row).messages; }
    bool isThere(int row) const { return m_talks.at(row).there; }
    /// Since when, as the server said it last; 0: it did not say.
    qint64 sinceNs(int row) const { return m_talks.at(row).sinceNs; }
    /// -1: none.
    int rowOf(const extended::Party &party) const;
    /// Of the row, or of all.
    int unread(int row) const { return m_talks.at(row).unread; }
    int unread() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    /// The last `count` messages of the conversation are new, and some of its first may be gone.
    void messagesAdded(int row, qsizetype count);
    void messageChanged(int row, quint64 id);
    void unreadChanged();

private:
    struct Talk
    {
        extended::Party party;
        QString name;
        QString about; ///< account and address
        bool there = true;
        bool listed = false; ///< the server said that they are there
        bool over = false;   ///< the number of this party is somebody else's now
        qint64 sinceNs = 0;
        int unread = 0;
        qsizetype characters = 0;
        QList<Message> messages;
    };
    using Bucket = QList<const extended::Note *>;

    static QByteArray giftKey(const extended::GiftPath &path);
    static extended::Party conversationOf(const extended::Note &note);
    int makeRow(const extended::Party &party, const QString &name);
    Message messageOf(const extended::Note &note);
    bool settle(const extended::Note &note, News *news);
    void settleEarly(quint64 message);
    void addBucket(const extended::Party &party, const Bucket &bucket);
    quint64 append(int row, QList<Message> messages);
    void trim(Talk *talk, qsizetype most);
    void trimAll();
    void dropGone();
    std::pair<int, qsizetype> find(quint64 message) const;
    Message *messageAt(quint64 message, int *row);

    QList<Talk> m_talks;
    quint64 m_lastId = 0;
    qsizetype m_characters = 0;
    QHash<QByteArray, quint64> m_gifts; ///< the message of each that the server has
    QList<extended::Note> m_early;      ///< of gifts that are not known yet
};

} // namespace ferry::gui
