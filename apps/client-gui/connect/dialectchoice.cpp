// SPDX-License-Identifier: MIT
#include "client-gui/connect/dialectchoice.h"

#include "client-gui/connect/connectiontext.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>

namespace ferry::gui {

using client::ConnectionState;

DialectChoice::DialectChoice(QWidget *parent)
    : QToolButton(parent)
    , m_menu(new QMenu(tr("Connectio&n"), this))
    , m_encrypted(m_menu->addAction(tr("&Encrypted")))
    , m_classic(m_menu->addAction(tr("&Telnet-compatible, not encrypted")))
{
    setObjectName(QStringLiteral("dialectChoice"));
    m_menu->setObjectName(QStringLiteral("dialectMenu"));
    m_menu->setToolTipsVisible(true);
    m_encrypted->setObjectName(QStringLiteral("encryptedAction"));
    m_encrypted->setToolTip(plainToolTip(tr("TLS 1.3; every file is verified")));
    m_classic->setObjectName(QStringLiteral("classicAction"));
    m_classic->setToolTip(
        plainToolTip(tr("Nothing is encrypted or verified. For servers that only understand telnet "
                        "commands.")));
    auto *one = new QActionGroup(this);
    for (QAction *action : {m_encrypted, m_classic}) {
        action->setCheckable(true);
        one->addAction(action);
    }
    m_encrypted->setChecked(true);
    setMenu(m_menu);
    setPopupMode(QToolButton::InstantPopup);
    setAutoRaise(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(one, &QActionGroup::triggered, this, [this] { Q_EMIT changed(classic()); });

    setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_iconWidth = sizeHint().width();
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    // The widest text decides the width, so that nothing moves when a connection comes.
    int widest = 0;
    ConnectionView view;
    view.status.state = ConnectionState::Online;
    view.status.description = QStringLiteral("TLS 1.3");
    view.pinned = true;
    for (const bool classic : {false, true}) {
        view.classic = classic;
        widest = std::max(widest, fontMetrics().horizontalAdvance(safetyWords(view)));
    }
    setText(QString(u'x'));
    m_widthWithWords = sizeHint().width() + widest + rhythm;
    setMinimumWidth(m_widthWithWords);
}

int DialectChoice::wordsWidth() const
{
    return m_widthWithWords - m_iconWidth;
}

void DialectChoice::setWordsShown(bool shown)
{
    setToolButtonStyle(shown ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
    setMinimumWidth(shown ? m_widthWithWords : m_iconWidth);
}

bool DialectChoice::classic() const
{
    return m_classic->isChecked();
}

void DialectChoice::setClassic(bool classic)
{
    if (classic == this->classic())
        return;
    (classic ? m_classic : m_encrypted)->setChecked(true);
    Q_EMIT changed(classic);
}

void DialectChoice::showConnection(const ConnectionView &view, bool exposed)
{
    ConnectionView shown = view;
    if (!view.isUp())
        shown.classic = classic();
    m_encrypted->setEnabled(!view.isUp());
    m_classic->setEnabled(!view.isUp());

    const Tone tone = exposed ? Tone::Caution
                      : view.status.state == ConnectionState::Online && !shown.classic
                          ? Tone::Accent
                          : Tone::Quiet;
    const QString words = safetyWords(shown);
    setText(words);
    setIcon(gui::icon(QLatin1StringView(shown.classic ? "lock-open" : "lock"), tone));
    setTone(this, tone);
    setAccessibleName(tr("Connection: %1").arg(words));
    QString tip = shown.classic ? tr("Nothing is encrypted, and files are not verified.")
                                : tr("Everything is encrypted, and every file is verified.");
    if (!view.status.description.isEmpty() && !shown.classic)
        tip += u'\n' + displayText(view.status.description);
    setToolTip(plainToolTip(tip));
    setAccessibleDescription(tip);
}

} // namespace ferry::gui
