// SPDX-License-Identifier: MIT
#include "server-gui/window/activitytabs.h"

#include "gui-common/keys/panecycle.h"
#include "gui-common/log/logpane.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "server-gui/messages/messagespane.h"
#include "server-gui/received/receivedmodel.h"
#include "server-gui/received/receivedpane.h"
#include "server-gui/run/recorder.h"
#include "server-gui/setup/sharesmodel.h"

#include <QAction>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>
#include <QVBoxLayout>

#include <utility>

namespace ferry::gui {

ActivityTabs::ActivityTabs(LogModel *log, const SharesModel *shares, Recorder *recorder,
                           QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabBar(this))
    , m_pages(new QStackedWidget(this))
    , m_log(new LogPane(log, m_pages))
    , m_messages(new MessagesPane(m_pages))
    , m_shares(shares)
    , m_received(new ReceivedModel(this))
    , m_pane(new ReceivedPane(m_received, shares, m_pages))
{
    setObjectName(QStringLiteral("activity"));
    m_tabs->setObjectName(QStringLiteral("activityTabs"));
    m_tabs->setAccessibleName(tr("Log, messages and received files"));
    m_tabs->setDocumentMode(true);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Log"));
    m_tabs->addTab({});
    m_pages->addWidget(m_log);
    m_pages->addWidget(m_messages);
    m_pages->addWidget(m_pane);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(m_tabs);
    layout->addWidget(m_pages, 1);

    connect(m_log->findAction(), &QAction::triggered, this, [this] {
        if (isLogShown())
            return;
        showLog();
        m_log->findAction()->trigger(); // the field can have the focus now
    });
    connect(m_messages, &MessagesPane::refused, this, &ActivityTabs::refused);
    connect(m_messages, &MessagesPane::arrived, this, [this](const QStringList &senders) {
        setUnread(m_unread + int(senders.size()));
        look();
    });
    connect(m_pane, &ReceivedPane::refused, this, &ActivityTabs::refused);
    connect(shares, &SharesModel::sharesChanged, this, &ActivityTabs::placeReceived);
    connect(recorder, &Recorder::received, this, [this](const server::Delivery &file) {
        m_received->add(file);
        countNew();
    });
    connect(recorder, &Recorder::foundReceived, this, [this](const auto &files) {
        m_received->addEarlier(files);
        placeReceived();
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        if (tab == Received)
            setNew(0);
        look();
        Q_EMIT currentChanged();
    });
    setUnread(0);
    placeReceived();
}

bool ActivityTabs::isLogShown() const
{
    return m_tabs->currentIndex() == Log;
}

bool ActivityTabs::hasReceived() const
{
    return m_tabs->count() > Received;
}

void ActivityTabs::showLog()
{
    m_tabs->setCurrentIndex(Log);
}

void ActivityTabs::addPanes(PaneCycle *panes) const
{
    panes->addPane(m_log, m_log->view());
    panes->addPane(m_messages, m_messages->view());
    panes->addPane(m_pane, m_pane->view());
}

void ActivityTabs::setActions(QAction *log, QAction *messages, QAction *received)
{
    connect(log, &QAction::triggered, this, &ActivityTabs::showLog);
    connect(messages, &QAction::triggered, this, [this] {
        m_tabs->setCurrentIndex(Messages);
        m_messages->view()->setFocus(Qt::ShortcutFocusReason);
    });
    m_action = received;
    m_action->setEnabled(hasReceived());
    connect(received, &QAction::triggered, this, [this] {
        m_tabs->setCurrentIndex(Received);
        m_pane->view()->setFocus(Qt::ShortcutFocusReason);
    });
}

void ActivityTabs::writeTo(quint64 session)
{
    m_tabs->setCurrentIndex(Messages);
    m_messages->writeTo(session);
}

void ActivityTabs::look()
{
    if (m_unread > 0 && m_messages->isVisible() && window()->isActiveWindow())
        setUnread(0);
}

/// The tab stays as long as the window, once there is something in it.
void ActivityTabs::placeReceived()
{
    const bool wanted = m_shares->takesFiles() || m_received->rowCount() > 0;
    if (wanted == hasReceived())
        return;
    if (wanted)
        m_tabs->addTab({});
    else
        m_tabs->removeTab(Received);
    setNew(m_new);
    if (m_action)
        m_action->setEnabled(wanted);
}

void ActivityTabs::countNew()
{
    placeReceived();
    setNew(m_tabs->currentIndex() != Received || !isVisible() ? m_new + 1 : 0);
}

void ActivityTabs::setNew(int count)
{
    m_new = count;
    if (hasReceived())
        showCount(Received, tr("Received"), "down", count);
}

void ActivityTabs::setUnread(int count)
{
    const bool changed = count != std::exchange(m_unread, count);
    showCount(Messages, tr("Messages"), "message", count);
    if (changed)
        Q_EMIT unreadChanged();
}

void ActivityTabs::showCount(Tab tab, const QString &text, const char *iconName, int count)
{
    m_tabs->setTabText(
        tab, count > 0 ? tr("%1, %2 new", "tab: word, count").arg(text, formatCount(count)) : text);
    m_tabs->setTabIcon(tab, count > 0 ? icon(QLatin1StringView(iconName), Tone::Accent) : QIcon());
}

void ActivityTabs::goToLog()
{
    showLog();
    m_log->view()->setFocus(Qt::OtherFocusReason);
}

} // namespace ferry::gui
