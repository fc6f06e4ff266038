// SPDX-License-Identifier: MIT
#include "client-gui/queue/messagestrip.h"

#include "gui-common/icon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ferry::gui {

MessageStrip::MessageStrip(QLatin1StringView iconName, Tone tone, bool closable, QWidget *parent)
    : QWidget(parent)
    , m_text(new QLabel(this))
{
    constexpr int iconSize = 16;
    auto *picture = new QLabel(this);
    picture->setPixmap(icon(iconName, tone).pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(rhythm, rhythm / 2, rhythm / 2, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(picture);
    layout->addWidget(m_text, 1);
    if (closable) {
        auto *close = new QToolButton(this);
        close->setIcon(icon(QLatin1StringView("remove")));
        close->setAutoRaise(true);
        close->setFocusPolicy(Qt::StrongFocus);
        close->setAccessibleName(tr("Close this message"));
        close->setToolTip(tr("Close this message"));
        connect(close, &QToolButton::clicked, this, [this] { setText({}); });
        layout->addWidget(close);
    }
    hide();
}

void MessageStrip::setText(const QString &text)
{
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
}

QString MessageStrip::text() const
{
    return m_text->text();
}

} // namespace ferry::gui
