// SPDX-License-Identifier: MIT
#include "gui-common/parts/emptystate.h"

#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
constexpr int iconSize = 40;
constexpr int textWidth = 600;
} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_picture(new QLabel(this))
    , m_title(namedLabel(QStringLiteral("emptyTitle"), this, true))
    , m_text(namedLabel(QStringLiteral("emptyText"), this, true))
    , m_layout(new QVBoxLayout(this))
{
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->hide();

    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setAlignment(Qt::AlignCenter);
    m_title->hide();

    m_text->setAlignment(Qt::AlignCenter);
    m_text->setMaximumWidth(textWidth);

    m_layout->setContentsMargins(2 * rhythm, rhythm, 2 * rhythm, rhythm);
    m_layout->setSpacing(rhythm);
    m_layout->addStretch(1);
    m_layout->addWidget(m_picture);
    m_layout->addWidget(m_title);
    // In a row of its own: a label with wrapped text and a maximum width is centred only between
    // two stretches.
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_text, 100);
    row->addStretch(1);
    m_layout->addLayout(row);
    m_layout->addStretch(1);
}

void EmptyState::setIcon(const QIcon &icon)
{
    m_icon = icon;
    m_picture->setHidden(icon.isNull());
    showIcon();
}

void EmptyState::setTitle(const QString &title)
{
    m_title->setText(title);
    m_title->setHidden(title.isEmpty());
    // Without a headline the sentence is what matters most here.
    setTone(m_text, title.isEmpty() ? Tone::Normal : Tone::Quiet);
}

void EmptyState::setText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
}

void EmptyState::addWidget(QWidget *widget)
{
    m_layout->insertWidget(m_layout->count() - 1, widget, 0, Qt::AlignHCenter);
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

void EmptyState::showIcon()
{
    if (!m_icon.isNull())
        m_picture->setPixmap(
            m_icon.pixmap(QSize(iconSize, iconSize), devicePixelRatioF(), QIcon::Disabled));
}

} // namespace ferry::gui
