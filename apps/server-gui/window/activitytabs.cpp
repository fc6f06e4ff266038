// SPDX-License-Identifier: MIT
#include "server-gui/window/activitytabs.h"

#include "gui-common/keys/panecycle.h"
#include "gui-common/log/logpane.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "server-gui/received/receivedmodel.h"
#include "server-gui/received/receivedpane.h"
#include "server-gui/run/recorder.h"
#include "server-gui/setup/sharesmodel.h"

#include <QAction>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

ActivityTabs::ActivityTabs(LogModel *log, const SharesModel *shares, Recorder *recorder,
                           QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabBar(this))
    , m_pages(new QStackedWidget(this))
    , m_log(new LogPane(log, m_pages))
    , m_shares(shares)
    , m_received(new ReceivedModel(this))
    , m_pane(new ReceivedPane(m_received, shares, m_pages))
{
    setObjectName(QStringLiteral("activity"));
    m_tabs->setObjectName(QStringLiteral("activityTabs"));
    m_tabs->setAccessibleName(tr("Log and received files"));
    m_tabs->setDocumentMode(true);
    m_tabs->setExpanding(false);
    m_tabs->setAutoHide(true);
    m_tabs->addTab(tr("Log"));
    m_pages->addWidget(m_log);
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
    connect(m_pane, &ReceivedPane::refused, this, &ActivityTabs::refused);
    connect(shares, &SharesModel::sharesChanged, this, &ActivityTabs::look);
    connect(recorder, &Recorder::received, this, [this](const server::Delivery &file) {
        m_received->add(file);
        countNew();
    });
    connect(recorder, &Recorder::foundReceived, this, [this](const auto &files) {
        m_received->addEarlier(files);
        look();
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        if (!isLogShown())
            setNew(0);
        Q_EMIT currentChanged();
    });
    look();
}

bool ActivityTabs::isLogShown() const
{
    return m_tabs->currentIndex() == 0;
}

bool ActivityTabs::hasReceived() const
{
    return m_tabs->count() > 1;
}

void ActivityTabs::showLog()
{
    m_tabs->setCurrentIndex(0);
}

void ActivityTabs::addPanes(PaneCycle *panes) const
{
    panes->addPane(m_log, m_log->view());
    panes->addPane(m_pane, m_pane->view());
}

void ActivityTabs::setActions(QAction *log, QAction *received)
{
    connect(log, &QAction::triggered, this, &ActivityTabs::showLog);
    m_action = received;
    m_action->setEnabled(hasReceived());
    connect(received, &QAction::triggered, this, [this] {
        m_tabs->setCurrentIndex(1);
        m_pane->view()->setFocus(Qt::ShortcutFocusReason);
    });
}

/// The tab stays as long as the window, once there is something in it.
void ActivityTabs::look()
{
    const bool wanted = m_shares->takesFiles() || m_received->rowCount() > 0;
    if (wanted == hasReceived())
        return;
    if (wanted)
        m_tabs->addTab({});
    else
        m_tabs->removeTab(1);
    setNew(m_new);
    if (m_action)
        m_action->setEnabled(wanted);
}

void ActivityTabs::countNew()
{
    look();
    setNew(isLogShown() || !isVisible() ? m_new + 1 : 0);
}

void ActivityTabs::setNew(int count)
{
    m_new = count;
    if (!hasReceived())
        return;
    m_tabs->setTabText(1,
                       count > 0 ? tr("Received, %1 new").arg(formatCount(count)) : tr("Received"));
    m_tabs->setTabIcon(1, count > 0 ? icon(QLatin1StringView("down"), Tone::Accent) : QIcon());
}

void ActivityTabs::goToLog()
{
    showLog();
    m_log->view()->setFocus(Qt::OtherFocusReason);
}

} // namespace ferry::gui
