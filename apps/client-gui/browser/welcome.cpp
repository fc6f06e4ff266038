// SPDX-License-Identifier: MIT
#include "client-gui/browser/welcome.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace ferry::gui {

namespace {
// More would not fit in a row at the smallest window; the host field's list has them all.
constexpr int maxButtons = 3;
constexpr int widestButton = 180;
} // namespace

Welcome::Welcome(QWidget *parent)
    : QWidget(parent)
    , m_text(new EmptyState(this))
    , m_buttons(new QWidget(this))
{
    setObjectName(QStringLiteral("welcome"));
    m_text->setIcon(icon(QLatin1StringView("client")));
    setConnecting({});
    m_buttons->setObjectName(QStringLiteral("recentHosts"));
    auto *row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, rhythm, 0, 0);
    row->setSpacing(rhythm);
    m_text->addWidget(m_buttons);

    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_text);
    m_buttons->hide();
}

void Welcome::setServers(const QList<SavedServer> &servers)
{
    qDeleteAll(m_buttons->findChildren<QPushButton *>(Qt::FindDirectChildrenOnly));
    for (const SavedServer &server : servers.mid(0, maxButtons)) {
        QPushButton *button =
            addButton(QLatin1StringView("server"), server.shown(), QStringLiteral("recentHost"));
        button->setAccessibleName(
            server.name.isEmpty()
                ? tr("Recent server %1").arg(server.address)
                : tr("Server %1 at %2").arg(displayText(server.name), server.address));
        button->setToolTip(plainToolTip(tr("Use %1 again").arg(server.address)));
        connect(button, &QPushButton::clicked, this,
                [this, host = server.address] { Q_EMIT hostChosen(host); });
    }
    if (servers.size() > maxButtons) {
        const QPushButton *all =
            addButton(QLatin1StringView("more"), tr("All servers…"), QStringLiteral("allServers"));
        connect(all, &QPushButton::clicked, this, &Welcome::allServersWanted);
    }
    m_buttons->setVisible(!servers.isEmpty() && !m_connecting);
}

QPushButton *Welcome::addButton(QLatin1StringView iconName, const QString &text,
                                const QString &objectName)
{
    QPushButton *button = pushButton(iconName, {}, objectName, m_buttons);
    // An address with an ampersand in it would gain a mnemonic.
    QString shown =
        button->fontMetrics().elidedText(displayText(text), Qt::ElideMiddle, widestButton);
    button->setText(shown.replace(QLatin1Char('&'), QStringLiteral("&&")));
    m_buttons->layout()->addWidget(button);
    return button;
}

void Welcome::setConnecting(const QString &host)
{
    m_connecting = !host.isEmpty();
    m_text->setText(m_connecting
                        ? tr("Connecting to %1…").arg(displayText(host))
                        : tr("Type the address and password shown in the Ferry Server window, "
                             "then press Communicate."));
    m_buttons->setVisible(!m_connecting && m_buttons->findChild<QPushButton *>(
                                               QString(), Qt::FindDirectChildrenOnly));
}

} // namespace ferry::gui
