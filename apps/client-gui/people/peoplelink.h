// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/people/peopleconnection.h"
#include "net/login/sasl.h"

#include <QObject>
#include <QString>

#include <memory>

class QAbstractButton;
class QAction;

namespace ferry::gui {

class TalkModel;
class PeoplePane;

/// Brings the people of the server that is connected and their pane together. Hidden, with its
/// action, while there is no server that knows of people.
class PeopleLink final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned. `shown` is checkable: the person wants to see the pane.
    PeopleLink(TalkModel *model, PeoplePane *pane, QAction *shown, QObject *parent);
    ~PeopleLink() override;

    /// A line that folds the pane out, and says how much is unread.
    void setFold(QAbstractButton *fold);

    /// A server that knows of people. Nothing changes if it is the one that is open.
    void open(const client::ClientConfig &config, std::shared_ptr<sasl::SaltedPasswords> derived);
    void close();

    /// A few times a second.
    void look();

Q_SIGNALS:
    /// Somebody wrote, and nobody saw it: one sentence, plain text.
    void arrived(const QString &sentence);

private:
    void say(int row, const QString &text);
    void showUnread();
    void announce(const QString &sentence);
    void showPane();
    bool isOffered() const;

    TalkModel *m_model;
    PeoplePane *m_pane;
    QAction *m_shown;
    QAbstractButton *m_fold = nullptr;
    const std::shared_ptr<LogQueue> m_log;
    QString m_server;
    std::unique_ptr<client::PeopleConnection> m_connection;
};

} // namespace ferry::gui
