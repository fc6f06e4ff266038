// SPDX-License-Identifier: MIT
#include "server-gui/window/startbar.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace ferry::gui {

using server::ServerState;

namespace {
constexpr int buttonHeight = 44;
constexpr int buttonWidth = 128;
constexpr int iconSize = 28;
} // namespace

StartBar::StartBar(QWidget *parent)
    : QWidget(parent)
    , m_button(new QPushButton(this))
    , m_icon(new QLabel(this))
    , m_word(namedLabel(QStringLiteral("stateWord"), this))
    , m_sentence(namedLabel(QStringLiteral("stateSentence"), this, true))
{
    setObjectName(QStringLiteral("startBar"));
    m_button->setObjectName(QStringLiteral("startButton"));
    m_button->setAutoDefault(true); // Enter presses it, not only Space
    m_button->setMinimumSize(buttonWidth, buttonHeight);
    m_button->setIconSize(QSize(20, 20));
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.2);
    large.setBold(true);
    m_button->setFont(large);
    m_word->setFont(large);
    m_icon->setObjectName(QStringLiteral("stateIcon"));
    setTone(m_sentence, Tone::Quiet);

    auto *texts = new QVBoxLayout;
    texts->setSpacing(0);
    texts->addWidget(m_word);
    texts->addWidget(m_sentence);
    auto *layout = tightLayout<QHBoxLayout>(this, rhythm);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    layout->addSpacing(rhythm);
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addLayout(texts, 1);

    connect(m_button, &QPushButton::clicked, this, [this] {
        if (runs())
            Q_EMIT stopClicked();
        else
            Q_EMIT startClicked();
    });
    showState(ServerState::Stopped, {}, {});
}

void StartBar::addWidget(QWidget *widget)
{
    static_cast<QHBoxLayout *>(layout())->addWidget(widget, 0, Qt::AlignVCenter);
}

bool StartBar::runs() const
{
    return m_state != ServerState::Stopped && m_state != ServerState::Error;
}

void StartBar::setCanStart(bool can)
{
    if (can == m_canStart)
        return;
    m_canStart = can;
    showButton();
}

void StartBar::showState(ServerState state, const QString &where, const QString &why)
{
    if (state == m_state && where == m_where && why == m_why && !m_word->text().isEmpty())
        return; // asked a few times a second
    m_state = state;
    m_where = where;
    m_why = why;
    switch (state) {
    case ServerState::Stopped:
        m_word->setText(tr("Stopped"));
        m_sentence->setText(why.isEmpty() ? tr("Nobody can connect.") : why);
        break;
    case ServerState::Starting:
        m_word->setText(tr("Starting…"));
        m_sentence->setText(tr("One moment…"));
        break;
    case ServerState::Listening:
        m_word->setText(tr("Running at %1").arg(where));
        m_sentence->setText(why);
        break;
    case ServerState::Draining:
        m_word->setText(tr("Stopping"));
        m_sentence->setText(tr("Finishing current transfers. New connections are refused."));
        break;
    case ServerState::Error:
        m_word->setText(tr("Couldn't start"));
        m_sentence->setText(why);
        break;
    }
    setTone(m_word, state == ServerState::Error ? Tone::Bad : Tone::Normal);
    m_sentence->setAccessibleName(m_word->text() + QStringLiteral(". ") + m_sentence->text());
    showIcon();
    showButton();
}

QString StartBar::stateWord() const
{
    return m_word->text();
}

void StartBar::showButton()
{
    const bool stop = runs();
    m_button->setText(stop ? tr("S&top") : tr("S&tart"));
    m_button->setEnabled(stop || m_canStart);
    m_button->setToolTip(stop         ? tr("Disconnect everybody and stop (Ctrl+Shift+S)")
                         : m_canStart ? tr("Let others connect (Ctrl+Shift+S)")
                                      : tr("Add a folder first"));
    // The one accent of the window, as long as this is the next step.
    showAccent(m_button, QLatin1StringView(stop ? "stop" : "start"),
               m_canStart && m_state == ServerState::Stopped);
}

QIcon StartBar::stateIcon() const
{
    switch (m_state) {
    case ServerState::Stopped:
        break;
    case ServerState::Starting:
    case ServerState::Draining:
        return icon(QLatin1StringView("info"), Tone::Quiet);
    case ServerState::Listening:
        return icon(QLatin1StringView("connect"), Tone::Accent);
    case ServerState::Error:
        return icon(QLatin1StringView("error"), Tone::Bad);
    }
    return icon(QLatin1StringView("disconnect"), Tone::Quiet);
}

void StartBar::showIcon()
{
    m_icon->setPixmap(stateIcon().pixmap(QSize(iconSize, iconSize), devicePixelRatioF()));
}

void StartBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showIcon();
        showButton();
    }
}

} // namespace ferry::gui
