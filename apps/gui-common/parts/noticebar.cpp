// SPDX-License-Identifier: MIT
#include "gui-common/parts/noticebar.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/smallpixmap.h"
#include "gui-common/parts/fields.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <utility>

namespace ferry::gui {

NoticeBar::NoticeBar(QWidget *parent, Closing closing)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(namedLabel(QStringLiteral("noticeText"), this, true))
    , m_button(new QPushButton(this))
{
    setObjectName(QStringLiteral("notice"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_button->setObjectName(QStringLiteral("noticeButton"));
    auto *close = iconButton(QLatin1StringView("remove"), tr("Close this message"),
                             QStringLiteral("noticeClose"), this);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(rhythm, rhythm / 2, rhythm / 2, rhythm / 2);
    layout->setSpacing(rhythm);
    layout->addWidget(m_icon, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button, 0);
    layout->addWidget(close, 0);
    close->setVisible(closing == Closing::ByPerson);
    connect(close, &QToolButton::clicked, this, &NoticeBar::dismiss);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const auto help = std::exchange(m_help, {});
        dismiss();
        if (help)
            help();
    });
    hide();
}

void NoticeBar::show(Tone tone, const QString &text, const QString &button,
                     std::function<void()> help)
{
    m_help = std::move(help);
    m_text->setText(text);
    const char *const name = tone == Tone::Bad      ? "error"
                             : tone == Tone::Accent ? "info"
                                                    : "warning";
    m_icon->setPixmap(smallPixmap(icon(QLatin1StringView(name), tone), this));
    m_button->setText(button);
    showAccent(m_button, {}, true);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(text);
    if (text.isEmpty())
        return dismiss();
    setVisible(true);
    // A screen reader says it, wherever the focus is.
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void NoticeBar::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showAccent(m_button, {}, true);
}

void NoticeBar::dismiss()
{
    m_help = {};
    m_text->clear();
    hide();
}

QString NoticeBar::text() const
{
    return m_text->text();
}

} // namespace ferry::gui
