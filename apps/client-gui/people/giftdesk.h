// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/gift.h"
#include "client/download.h"
#include "wire/extended/party.h"
#include "wire/result.h"

#include <QByteArrayList>
#include <QList>
#include <QObject>
#include <QSet>
#include <QString>

#include <functional>
#include <optional>
#include <utility>

namespace ferry::client {
class Client;
}

namespace ferry::gui {

class TalkModel;

/// Gives files to people, saves what they give, and keeps the cards of a conversation true. Both
/// ways are rows of the queue.
class GiftDesk final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned.
    GiftDesk(TalkModel *model, client::Client *client, QObject *parent);

    /// How the server is asked to drop a gift: gives the number of the answer. None: nobody can be
    /// asked now.
    using Drop = std::function<quint64(const extended::GiftPath &gift)>;
    void setDrop(Drop drop) { m_drop = std::move(drop); }

    /// Why nothing can be given in the conversation of `row`; empty if it can.
    QString whyNot(int row) const;
    /// Files of this computer, `paths` as the file system has them.
    void give(int row, const QByteArrayList &paths);
    /// Everything but GiftAct::Save.
    void act(quint64 message, GiftAct act);
    /// Into a folder of this computer, under a name that nothing there has.
    void save(quint64 message, const QString &folder);
    /// What came of a DROP. False: it was none of these.
    bool takeAnswer(quint64 number, const std::optional<Error> &error);

    /// What became of the rows of the queue. Before the notes that came meanwhile.
    void look();
    /// The server said who is there. What was cut off before the last look() goes on if its
    /// receiver is still the same.
    void peopleKnown();
    /// The connection that asked and listened is gone: nothing that was to come over it comes.
    void connectionGone();
    bool waitsForPeople() const { return !m_cutOff.isEmpty(); }

    /// Gifts that are on their way, in either direction.
    qsizetype underWay() const;
    /// The window closes: numbers of people mean nothing to the next one.
    void end();

Q_SIGNALS:
    /// Somebody tried what cannot be: one sentence.
    void refused(const QString &why);
    /// A file or folder of this computer is to be shown.
    void openRequested(const QString &path);

private:
    void giveFile(int row, const QByteArray &path);
    void send(quint64 message, Gift gift, int row);
    void drop(quint64 message, Gift gift);
    void takeBack(quint64 message, Gift gift);
    bool follow(quint64 message);
    static void followOwn(Gift *gift, const client::Download &row);
    static void followSaving(Gift *gift, const client::Download &row);
    int receiverRow(const Gift &gift) const;

    TalkModel *m_model;
    client::Client *m_client;
    Drop m_drop;
    QSet<quint64> m_watched; ///< messages whose row of the queue is looked at
    QSet<quint64> m_cutOff;  ///< messages whose gift goes on once its receiver is known
};

} // namespace ferry::gui
