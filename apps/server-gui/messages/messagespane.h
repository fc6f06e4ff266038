// SPDX-License-Identifier: MIT
#pragma once

#include "server/pacing/sessioninfo.h"
#include "server/people/message.h"
#include "wire/result.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QStringList>
#include <QWidget>

#include <functional>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QTreeView;

namespace ferry::server {
class Server;
}

namespace ferry::gui {

class EmptyNote;
class MessagesModel;

/// Sends to the person of these sessions; none: to everyone. NotFound if nobody is there; Invalid.
Result<> tellPerson(server::Server &server, const QList<quint64> &sessions, const QString &text);

/// What people wrote to the operator, and a line to answer: to one of them or to everyone. A
/// person is who personOf() says, with all their sessions.
class MessagesPane final : public QWidget
{
    Q_OBJECT
public:
    explicit MessagesPane(QWidget *parent = nullptr);

    /// Sends a message to one of these sessions' person; no session: to everyone. An error is told
    /// in its words, and what was typed stays.
    using Send = std::function<Result<>(const QList<quint64> &sessions, const QString &text)>;
    void setSend(Send send) { m_send = std::move(send); }

    /// Who is there, and who was. To be called before take(), a few times a second.
    void look(const QList<server::SessionInfo> &sessions);
    void take(const server::Messages &messages);

    /// Makes the person of this session the receiver, and puts the cursor into the line.
    void writeTo(quint64 session);

    QTreeView *view() const { return m_view; }

Q_SIGNALS:
    void arrived(const QStringList &senders); ///< of messages, each as often as it wrote
    void announced(const QString &text);      ///< to a screen reader
    void refused(const QString &why);

private:
    struct Person
    {
        QString key;
        QString label;
        QList<quint64> sessions;
        bool operator==(const Person &) const = default;
    };
    void makeView();
    void makeLine();
    void showPeople();
    void choose(quint64 session, const QString &label);
    void showReceiver(int index);
    int selectedRow() const;
    void showSelected();
    void showContent();
    void send();
    void copySelected();
    void announce(const QString &text);
    QString senderOf(const server::Message &message) const;

    Send m_send;
    MessagesModel *m_model;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QPlainTextEdit *m_whole;
    QComboBox *m_to;
    QLineEdit *m_line;
    QPushButton *m_button;
    QList<Person> m_people;            ///< who can be written to, with what reads their messages
    QHash<quint64, Person> m_sessions; ///< also of those who left, or read no messages
    QSet<QString> m_connected;         ///< keys of persons, whether they read messages or not
    Person m_receiver;                 ///< without a key: everyone
};

} // namespace ferry::gui
