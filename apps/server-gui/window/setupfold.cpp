// SPDX-License-Identifier: MIT
#include "server-gui/window/setupfold.h"

#include "gui-common/look/icon.h"

#include <QAction>
#include <QHBoxLayout>
#include <QToolButton>

namespace ferry::gui {

SetupFold::SetupFold(QWidget *setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_unfold(new QToolButton(this))
{
    m_unfold->setObjectName(QStringLiteral("unfoldSetup"));
    m_unfold->setText(tr("Sharing, address and password"));
    m_unfold->setIcon(icon(QLatin1StringView("down")));
    m_unfold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_unfold->setToolTip(tr("Show what is shared and how others connect (F9)"));
    m_unfold->setAutoRaise(true);
    m_unfold->setFocusPolicy(Qt::StrongFocus);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_unfold);
    layout->addStretch(1);
    hide();
}

void SetupFold::setAction(QAction *shown)
{
    m_shown = shown;
    connect(m_unfold, &QToolButton::clicked, shown, [shown] { shown->setChecked(true); });
    connect(shown, &QAction::toggled, this, [this](bool checked) {
        if (!m_ours) {
            m_chosen = true;
            m_folded = false;
        }
        m_setup->setVisible(checked);
        setVisible(!checked);
    });
}

void SetupFold::unfoldFor(QAction *part)
{
    connect(part, &QAction::triggered, this, [this, part] {
        if (m_shown->isChecked())
            return;
        m_shown->setChecked(true);
        part->setChecked(true); // out of sight it may have been on
    });
}

void SetupFold::look(bool sessions, int height)
{
    const bool fold = sessions && height < shortHeight;
    if (m_chosen || fold == m_folded || (fold && !m_shown->isChecked()))
        return;
    // Not under the hands of somebody who types there.
    if (fold && m_setup->isAncestorOf(m_setup->window()->focusWidget()))
        return;
    m_folded = fold;
    setShown(!fold);
}

void SetupFold::setShown(bool shown)
{
    m_ours = true;
    m_shown->setChecked(shown);
    m_ours = false;
}

void SetupFold::restore(bool shown)
{
    setShown(!shown);
    setShown(shown);
    m_chosen = !shown;
}

bool SetupFold::isWanted() const
{
    return m_folded || m_shown->isChecked();
}

} // namespace ferry::gui
