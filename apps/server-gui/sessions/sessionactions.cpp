// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessionactions.h"

#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "server-gui/sessions/people.h"
#include "server-gui/sessions/sessionmodel.h"

#include <QAction>
#include <QMenu>
#include <QSet>

#include <algorithm>

namespace ferry::gui {

using server::SessionState;

SessionActions::SessionActions(SessionModel *model, QWidget *view)
    : QObject(view)
    , m_model(model)
    , m_view(view)
{
    details = add("info", tr("De&tails…"), "sessionDetailsAction");
    details->setShortcut(Qt::ALT | Qt::Key_Return);
    showLog = add("log", tr("Show &log"), "showSessionLog");
    copyAddress = add("copy", tr("&Copy address"), "copySessionAddress");
    pause = add("pause", tr("&Pause"), "pauseSession");
    pause->setShortcut(Qt::Key_Space);
    makeLimits(view);
    message = add("message", tr("Send messa&ge…"), "messageSession");
    message->setStatusTip(tr("Write to this person"));
    mute = add("hide", tr("M&ute"), "muteSession");
    mute->setStatusTip(tr("What this person writes reaches nobody"));
    disconnectSessions = add("disconnect", tr("&Disconnect"), "disconnectSession");
    disconnectSessions->setShortcut(QKeySequence::Delete);
    disconnectForAWhile =
        add("disconnect", tr("Disconnect for &10 minutes"), "disconnectForTenMinutes");
    disconnectForAWhile->setStatusTip(
        tr("Disconnect this address, and refuse it for ten minutes. Blocked addresses lets it in "
           "earlier."));
    ban = add("ban", tr("Disconnect and &ban…"), "banSession");
    ban->setShortcut(Qt::SHIFT | Qt::Key_Delete);
    clearEnded = add("clear", tr("Clear &ended sessions"), "clearEnded");

    connect(disconnectSessions, &QAction::triggered, this,
            [this] { Q_EMIT disconnectRequested(liveIds()); });
    connect(disconnectForAWhile, &QAction::triggered, this,
            [this] { Q_EMIT disconnectForAWhileRequested(addresses()); });
    connect(ban, &QAction::triggered, this, [this] { Q_EMIT banRequested(addresses()); });
    connect(message, &QAction::triggered, this,
            [this] { Q_EMIT messageRequested(liveIds().first()); });
    connect(mute, &QAction::triggered, this,
            [this] { Q_EMIT muteRequested(liveIds(), !allMuted()); });
    connect(pause, &QAction::triggered, this,
            [this] { Q_EMIT pauseRequested(liveIds(), !allPaused()); });
    setRows({});
}

QAction *SessionActions::add(const char *iconName, const QString &text, const char *objectName)
{
    auto *action = new QAction(icon(QLatin1StringView(iconName)), text, this);
    action->setObjectName(QLatin1StringView(objectName));
    action->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(action);
    return action;
}

void SessionActions::makeLimits(QWidget *view)
{
    limit = new QMenu(tr("Li&mit speed"), view);
    limit->setObjectName(QStringLiteral("limitMenu"));
    limit->setIcon(icon(QLatin1StringView("plot")));
    const auto choice = [this](const QString &text, qint64 rate, const char *name) {
        QAction *action = limit->addAction(text);
        action->setObjectName(QLatin1StringView(name));
        connect(action, &QAction::triggered, this,
                [this, rate] { Q_EMIT limitRequested(liveIds(), rate); });
    };
    choice(tr("&No limit"), 0, "limitNone");
    limit->addSeparator();
    choice(formatSpeed(100'000), 100'000, "limit100k");
    choice(formatSpeed(1'000'000), 1'000'000, "limit1M");
    choice(formatSpeed(10'000'000), 10'000'000, "limit10M");
    limit->addSeparator();
    choice(tr("&Other…"), -1, "limitOther");
}

void SessionActions::setRows(const QList<int> &rows)
{
    m_rows = rows;
    refresh();
}

void SessionActions::refresh()
{
    const bool live = !liveIds().isEmpty();
    const bool one = m_rows.size() == 1;
    disconnectSessions->setEnabled(live);
    disconnectForAWhile->setEnabled(live);
    ban->setEnabled(!m_rows.isEmpty());
    pause->setEnabled(live);
    limit->setEnabled(live);
    copyAddress->setEnabled(!m_rows.isEmpty());
    showLog->setEnabled(one);
    details->setEnabled(one);
    clearEnded->setEnabled(m_model->hasEnded());
    message->setEnabled(live && isReader());
    mute->setEnabled(live);
    const QString muting = live && allMuted() ? tr("Unm&ute") : tr("M&ute");
    if (mute->text() != muting)
        mute->setText(muting);
    const bool resume = live && allPaused();
    const QString text = resume ? tr("&Resume") : tr("&Pause");
    if (pause->text() != text) {
        pause->setText(text);
        pause->setIcon(icon(QLatin1StringView(resume ? "resume" : "pause")));
    }
}

void SessionActions::fill(QMenu *menu) const
{
    menu->addActions({details, showLog, copyAddress});
    menu->addSeparator();
    menu->addActions({message, mute});
    menu->addSeparator();
    menu->addAction(pause);
    menu->addMenu(limit);
    menu->addSeparator();
    menu->addActions({disconnectSessions, disconnectForAWhile, ban});
    menu->addSeparator();
    menu->addAction(clearEnded);
}

QList<quint64> SessionActions::liveIds() const
{
    QList<quint64> ids;
    for (const int row : m_rows) {
        if (row < m_model->rowCount() && m_model->session(row).state != SessionState::Ended)
            ids.append(m_model->session(row).id);
    }
    return ids;
}

QStringList SessionActions::addresses() const
{
    QStringList all;
    for (const int row : m_rows)
        all.append(m_model->session(row).address);
    all.removeDuplicates();
    return all;
}

/// Of several sessions that they may have, one has their messages.
bool SessionActions::isReader() const
{
    QSet<QString> people;
    for (const int row : m_rows)
        people.insert(personOf(m_model->session(row)));
    if (people.size() != 1 || people.contains(QString()))
        return false;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const auto &session = m_model->session(row);
        if (session.readsMessages && session.state != SessionState::Ended &&
            people.contains(personOf(session)))
            return true;
    }
    return false;
}

bool SessionActions::allMuted() const
{
    return std::all_of(m_rows.cbegin(), m_rows.cend(), [this](int row) {
        const auto &session = m_model->session(row);
        return session.state == SessionState::Ended || session.muted;
    });
}

bool SessionActions::allPaused() const
{
    for (const int row : m_rows) {
        const auto &session = m_model->session(row);
        if (session.state != SessionState::Ended && !session.paused)
            return false;
    }
    return true;
}

} // namespace ferry::gui
