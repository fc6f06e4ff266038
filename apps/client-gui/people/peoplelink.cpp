// SPDX-License-Identifier: MIT
#include "client-gui/people/peoplelink.h"

#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "wire/extended/party.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>

#include <utility>

namespace ferry::gui {

using client::ConnectionState;

PeopleLink::PeopleLink(TalkModel *model, PeoplePane *pane, QAction *shown, QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_pane(pane)
    , m_shown(shown)
    , m_log(std::make_shared<LogQueue>())
{
    m_log->keepWarningsOnly();
    connect(m_pane, &PeoplePane::messageEntered, this, &PeopleLink::say);
    connect(m_model, &TalkModel::unreadChanged, this, &PeopleLink::showUnread);
    connect(m_shown, &QAction::toggled, this, &PeopleLink::showPane);
    showPane();
    showUnread();
}

PeopleLink::~PeopleLink() = default;

void PeopleLink::setFold(QAbstractButton *fold)
{
    m_fold = fold;
    showPane();
    showUnread();
}

void PeopleLink::open(const client::ClientConfig &config,
                      std::shared_ptr<sasl::SaltedPasswords> derived)
{
    const QString server = client::serverName(config);
    if (m_connection && server == m_server)
        return; // it comes back by itself, or has failed for good
    close();
    if (std::exchange(m_server, server) != server)
        m_model->clear();
    client::ClientConfig own = config;
    own.window = true;
    own.reconnects = -1;
    // It is looked at, a few times a second.
    m_connection =
        std::make_unique<client::PeopleConnection>(own, m_log, std::move(derived), [] {});
    if (!m_connection->start())
        m_connection.reset();
    showPane();
    look();
}

void PeopleLink::close()
{
    if (!m_connection)
        return;
    m_connection.reset();
    showPane();
}

void PeopleLink::showPane()
{
    const bool offered = isOffered();
    m_shown->setVisible(offered);
    m_shown->setEnabled(offered);
    if (m_fold)
        m_fold->setVisible(offered);
    m_pane->setVisible(offered && m_shown->isChecked());
    if (m_connection)
        m_connection->setWatched(m_shown->isChecked());
}

void PeopleLink::look()
{
    if (!m_connection)
        return;
    const client::ConnectionStatus status = m_connection->status();
    const client::PeopleChanges changes = m_connection->changes();
    static_cast<void>(m_log->take()); // the main connection says the same
    if (changes.people)
        m_model->setPeople(*changes.people);
    for (const extended::Note &note : changes.notes) {
        const int row = m_model->add(note);
        const Message &last = m_model->messages(row).last();
        announce(QStringLiteral("%1: %2").arg(last.who, last.text));
    }
    for (const client::PeopleChanges::Answer &answer : changes.answers)
        m_model->setOutcome(answer.number, answer.error ? answer.error->text : QString());
    const bool online = status.state == ConnectionState::Online;
    m_pane->setPossible(online, online ? QString() : tr("Waiting for the server"));
    if (status.state == ConnectionState::Failed)
        showPane();
}

bool PeopleLink::isOffered() const
{
    return m_connection && m_connection->status().state != ConnectionState::Failed;
}

void PeopleLink::say(int row, const QString &text)
{
    if (m_connection)
        m_model->addOwn(row, text, m_connection->tell(m_model->party(row), text.toUtf8()));
}

/// Once for each message: the pane is no live region of its own.
void PeopleLink::announce(const QString &sentence)
{
    m_pane->setAccessibleDescription(sentence);
    QAccessibleEvent alert(m_pane, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    if (!m_pane->isVisible())
        Q_EMIT arrived(sentence);
}

void PeopleLink::showUnread()
{
    const int unread = m_model->unread();
    m_shown->setText(unread > 0 ? tr("People and &messages (%1)").arg(unread)
                                : tr("People and &messages"));
    if (m_fold)
        m_fold->setText(unread > 0 ? tr("People (%1)").arg(unread) : tr("People"));
}

} // namespace ferry::gui
