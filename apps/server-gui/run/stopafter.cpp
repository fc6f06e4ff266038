// SPDX-License-Identifier: MIT
#include "server-gui/run/stopafter.h"

#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/format.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>

namespace ferry::gui {

StopAfter::StopAfter(QObject *parent)
    : QObject(parent)
    , m_prompts(Prompts::standard())
{
}

void StopAfter::choose(When when, int downloads)
{
    m_when = when;
    m_downloads = downloads;
    m_fresh = true;
    m_text.clear();
    showChoice();
}

void StopAfter::fillMenu(QMenu *menu, QWidget *window)
{
    m_choices = new QActionGroup(this);
    const auto add = [&](const QString &text, When when, const char *name) {
        QAction *action = menu->addAction(text);
        action->setObjectName(QLatin1StringView(name));
        action->setCheckable(true);
        action->setData(int(when));
        m_choices->addAction(action);
        return action;
    };
    connect(add(tr("&Never"), When::Never, "stopNever"), &QAction::triggered, this,
            [this] { choose(When::Never); });
    connect(add(tr("After one &hour"), When::Hour, "stopHour"), &QAction::triggered, this,
            [this] { choose(When::Hour); });
    connect(add(tr("After a number of &downloads…"), When::Downloads, "stopDownloads"),
            &QAction::triggered, this, [this, window] { askDownloads(window); });
    connect(add(tr("After 10 &minutes without a connection"), When::Idle, "stopIdle"),
            &QAction::triggered, this, [this] { choose(When::Idle); });
    showChoice();
}

void StopAfter::askDownloads(QWidget *window)
{
    const auto answer =
        m_prompts->askText(window, tr("Stop after downloads"), tr("Stop after how many downloads?"),
                           QStringLiteral("1"));
    bool isNumber = false;
    const int count = answer ? answer->trimmed().toInt(&isNumber) : 0;
    if (isNumber && count > 0)
        choose(When::Downloads, count);
    else
        showChoice();
}

void StopAfter::showChoice()
{
    if (!m_choices)
        return;
    const auto actions = m_choices->actions();
    for (QAction *action : actions)
        action->setChecked(action->data().toInt() == int(m_when));
}

void StopAfter::look(qint64 upMs, qint64 filesSent, int sessions)
{
    m_text.clear();
    if (upMs <= 0 || m_when == When::Never) {
        m_fresh = true;
        return;
    }
    if (m_fresh || upMs < m_startMs) {
        m_fresh = false;
        m_startMs = upMs;
        m_startFiles = filesSent;
        m_busyMs = upMs;
    }
    if (sessions > 0)
        m_busyMs = upMs;
    const auto timeUp = [&](qint64 left, const QString &why) {
        m_text = left > 0 ? tr("stops in %1").arg(formatDuration(left)) : QString();
        if (left > 0)
            return;
        choose(When::Never);
        Q_EMIT due(why);
    };
    switch (m_when) {
    case When::Never:
        return;
    case When::Hour:
        timeUp(m_startMs + hourMs - upMs, tr("Stopped after one hour."));
        return;
    case When::Idle:
        timeUp(m_busyMs + idleMs - upMs, tr("Stopped: nobody was connected for 10 minutes."));
        return;
    case When::Downloads: {
        const qint64 left = m_downloads - (filesSent - m_startFiles);
        if (left > 0) {
            m_text = tr("stops after %Ln more downloads", nullptr, int(left));
            return;
        }
        choose(When::Never);
        Q_EMIT due(tr("Stopped after the last download."));
        return;
    }
    }
}

} // namespace ferry::gui
