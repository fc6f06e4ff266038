// SPDX-License-Identifier: MIT
#include "client-gui/people/peoplelink.h"

#include "client-gui/people/giftdesk.h"
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/people/talkview.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/theme.h"
#include "wire/extended/party.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace ferry::gui {

using client::ConnectionState;

PeopleLink::PeopleLink(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_model(parts.model)
    , m_pane(parts.pane)
    , m_shown(parts.shown)
    , m_desk(new GiftDesk(parts.model, parts.client, this))
    , m_lastFolder(QDir::homePath())
    , m_log(std::make_shared<LogQueue>())
{
    m_log->keepWarningsOnly();
    connect(m_pane, &PeoplePane::messageEntered, this, &PeopleLink::say);
    connect(m_pane, &PeoplePane::filesDropped, m_desk, &GiftDesk::give);
    connect(m_pane, &PeoplePane::looked, this, &PeopleLink::showGive);
    connect(m_pane->talk(), &TalkView::acted, this, &PeopleLink::act);
    connect(m_pane->give, &QAction::triggered, this, &PeopleLink::giveFiles);
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

QByteArray PeopleLink::boxFor(const client::ClientConfig &config)
{
    QByteArray &box = m_boxes[client::serverName(config)];
    if (box.isEmpty())
        box = client::newBox();
    return box;
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
    own.box = boxFor(config);
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
    look(); // what was answered counts
    m_desk->connectionGone();
    m_model->endOutcomes(tr("The connection ended before the server answered."));
    m_connection.reset();
    m_gifts = false;
    m_known = false;
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
        m_connection->setWatched(m_shown->isChecked() || m_desk->waitsForPeople());
    showGive();
}

void PeopleLink::showGive()
{
    const bool kept = keepsGifts();
    m_pane->give->setVisible(kept && m_pane->isVisibleTo(m_pane->window()));
    const QString why = m_desk->whyNot(m_pane->row());
    m_pane->give->setEnabled(kept && why.isEmpty());
    const QString words = why.isEmpty() ? tr("Give files to this person, who can save or decline "
                                             "them (Ctrl+G)")
                                        : why;
    m_pane->give->setToolTip(plainToolTip(words));
    m_pane->give->setStatusTip(words);
}

void PeopleLink::look()
{
    if (!m_connection) {
        m_desk->look(); // what was given before may end
        return;
    }
    const client::ConnectionStatus status = m_connection->status();
    const client::PeopleChanges changes = m_connection->changes();
    static_cast<void>(m_log->take()); // the main connection says the same
    const bool online = status.state == ConnectionState::Online;
    if (online && status.gifts != m_gifts) {
        m_gifts = status.gifts;
        m_pane->setGifts(m_gifts);
    }
    if (changes.loggedIn)
        m_known = false;
    if (changes.people)
        m_known = true;
    if (online && m_gifts && m_known)
        m_desk->setDrop([this](const auto &gift) { return m_connection->drop(gift); });
    else
        m_desk->setDrop({});
    if (changes.people) {
        m_model->setPeople(*changes.people);
        m_desk->peopleKnown();
    }
    m_desk->look();
    m_connection->setWatched(m_shown->isChecked() || m_desk->waitsForPeople());
    const TalkModel::News news = m_model->add(changes.notes);
    if (news.count == 1)
        announce(news.sentence);
    else if (news.count > 1)
        announce(tr("%Ln new messages", nullptr, int(news.count)));
    if (!news.senders.isEmpty())
        Q_EMIT wrote(news.senders);
    for (const client::PeopleChanges::Answer &answer : changes.answers) {
        if (!m_desk->takeAnswer(answer.number, answer.error))
            m_model->setOutcome(answer.number, answer.error ? answer.error->text : QString());
    }
    m_pane->setPossible(online, online ? QString() : tr("Connection lost"));
    if (status.state == ConnectionState::Failed) {
        m_desk->connectionGone();
        showPane();
    } else {
        showGive();
    }
}

bool PeopleLink::isOffered() const
{
    return m_connection && m_connection->status().state != ConnectionState::Failed;
}

bool PeopleLink::keepsGifts() const
{
    return m_gifts && isOffered();
}

void PeopleLink::say(int row, const QString &text)
{
    if (m_connection)
        m_model->addOwn(row, text, m_connection->tell(m_model->party(row), text.toUtf8()));
}

void PeopleLink::giveFiles()
{
    const int row = m_pane->row();
    if (row < 0 || !m_prompts)
        return;
    const extended::Party party = m_model->party(row);
    const qint64 since = m_model->sinceNs(row);
    const QString name = m_model->name(row);
    const QStringList chosen =
        m_prompts->askOpenNames(m_pane->window(), tr("Give to %1").arg(name), m_lastFolder);
    if (chosen.isEmpty())
        return;
    m_lastFolder = QFileInfo(chosen.first()).path();
    QByteArrayList paths;
    for (const QString &path : chosen)
        paths.append(QFile::encodeName(path));
    // While the dialog was open, others may have come and gone.
    const int now = m_model->rowOf(party);
    if (now < 0 || m_model->sinceNs(now) != since)
        Q_EMIT m_desk->refused(tr("%1 has left.").arg(name));
    else
        m_desk->give(now, paths);
}

void PeopleLink::act(quint64 message, GiftAct act)
{
    if (act != GiftAct::Save)
        return m_desk->act(message, act);
    const Gift *const gift = m_model->gift(message);
    if (gift && m_prompts)
        m_desk->save(message,
                     m_prompts->askFolder(m_pane->window(), tr("Save %1 in").arg(gift->name),
                                          m_folder ? m_folder() : QDir::homePath()));
}

/// Once for all that came together: the pane is no live region of its own.
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
