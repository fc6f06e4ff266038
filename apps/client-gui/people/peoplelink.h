// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/gift.h"
#include "client/connect/clientconfig.h"
#include "client/people/peopleconnection.h"
#include "net/base/logqueue.h"
#include "net/login/sasl.h"

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>

class QAbstractButton;
class QAction;

namespace ferry::client {
class Client;
}

namespace ferry::gui {

class GiftDesk;
class PeoplePane;
class Prompts;
class TalkModel;

/// Brings the people of the server that is connected and their pane together. Hidden, with its
/// action, while there is no server that knows of people.
class PeopleLink final : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        TalkModel *model;
        PeoplePane *pane;
        QAction *shown; ///< checkable: the person wants to see the pane
        client::Client *client;
    };
    /// Nothing is owned.
    PeopleLink(const Parts &parts, QObject *parent);
    ~PeopleLink() override;

    /// A line that folds the pane out, and says how much is unread.
    void setFold(QAbstractButton *fold);
    /// Who asks which files, and where to; not owned.
    void setPrompts(Prompts *prompts) { m_prompts = prompts; }
    /// Where files are saved, unless a person says otherwise.
    void setFolder(std::function<QString()> folder) { m_folder = std::move(folder); }

    /// What all connections to a server name, so that they are one person's.
    QByteArray boxFor(const client::ClientConfig &config);

    /// The client's main connection was lost: the server may be another one when it is back.
    void mainLost() { m_known = false; }

    /// A server that knows of people. Nothing changes if it is the one that is open.
    void open(const client::ClientConfig &config, std::shared_ptr<sasl::SaltedPasswords> derived);
    void close();

    /// A few times a second.
    void look();

    GiftDesk *desk() const { return m_desk; }

Q_SIGNALS:
    /// Somebody wrote, and nobody saw it: one sentence, plain text.
    void arrived(const QString &sentence);
    /// Messages and gifts came, by whom they are from.
    void wrote(const QStringList &senders);

private:
    void say(int row, const QString &text);
    void giveFiles();
    void act(quint64 message, GiftAct act);
    void showUnread();
    void announce(const QString &sentence);
    void showPane();
    void showGive();
    bool isOffered() const;
    bool keepsGifts() const;

    TalkModel *m_model;
    PeoplePane *m_pane;
    QAction *m_shown;
    GiftDesk *m_desk;
    Prompts *m_prompts = nullptr;
    std::function<QString()> m_folder;
    QString m_lastFolder; ///< of this computer, that a file was given from
    QAbstractButton *m_fold = nullptr;
    const std::shared_ptr<LogQueue> m_log;
    QString m_server;
    /// The numbers of people are those of the server as it runs now.
    bool m_known = false;
    bool m_gifts = false;               ///< the server keeps files for people, as far as is known
    QHash<QString, QByteArray> m_boxes; ///< by server
    std::unique_ptr<client::PeopleConnection> m_connection;
};

} // namespace ferry::gui
