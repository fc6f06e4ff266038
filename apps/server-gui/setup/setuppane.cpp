// SPDX-License-Identifier: MIT
#include "server-gui/setup/setuppane.h"

#include "gui-common/keys/panecycle.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "server-gui/setup/doorbox.h"
#include "server-gui/setup/passwordbox.h"
#include "server-gui/setup/sharesbox.h"
#include "server-gui/setup/sharesmodel.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ferry::gui {

SetupPane::SetupPane(SharesModel *model, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent)
    , m_model(model)
{
    setObjectName(QStringLiteral("setup"));
    auto *left = new QWidget(this);
    m_shares = new SharesBox(model, left);
    m_doors = new DoorBox(left);
    m_connect = new ConnectBox(this);
    auto *layout = tightLayout<QVBoxLayout>(left, rhythm);
    layout->addWidget(m_shares, 1);
    layout->addWidget(m_doors);
    addWidget(left);
    addWidget(m_connect);
    setSizes({500, 500});

    connect(m_model, &SharesModel::sharesChanged, this, &SetupPane::changed);
    connect(m_shares, &SharesBox::refused, this, &SetupPane::refused);
    connect(m_doors, &DoorBox::doorChanged, this, &SetupPane::doorChanged);
    connect(m_connect, &ConnectBox::copied, this, &SetupPane::copied);
    for (PasswordBox *box : {m_connect->password(), m_connect->telnetPassword()}) {
        connect(box, &PasswordBox::passwordChanged, this, &SetupPane::changed);
        connect(box, &PasswordBox::refused, this, &SetupPane::refused);
        connect(box, &PasswordBox::copied, this, &SetupPane::copied);
    }
}

void SetupPane::setAdvancedAction(QAction *shown)
{
    m_advanced = shown;
    m_doors->setAdvancedAction(shown);
    connect(shown, &QAction::toggled, m_connect, &ConnectBox::setAdvancedShown);
    m_connect->setAdvancedShown(shown->isChecked());
}

void SetupPane::setPrompts(Prompts *prompts)
{
    m_shares->setPrompts(prompts);
    m_connect->password()->setPrompts(prompts);
    m_connect->telnetPassword()->setPrompts(prompts);
}

void SetupPane::addPanes(PaneCycle *panes) const
{
    panes->addPane(widget(0), m_shares->view());
    panes->addPane(m_connect, m_connect->addressField());
}

QByteArray SetupPane::columns() const
{
    return orientation() == Qt::Horizontal ? saveState() : m_columns;
}

void SetupPane::restoreColumns(const QByteArray &state)
{
    if (orientation() == Qt::Horizontal)
        restoreState(state);
    else
        m_columns = state;
}

/// Not wider than one of the two: then it is not the window that has to be wider.
QSize SetupPane::minimumSizeHint() const
{
    const int width =
        std::max(widget(0)->minimumSizeHint().width(), widget(1)->minimumSizeHint().width());
    return {width, QSplitter::minimumSizeHint().height()};
}

void SetupPane::resizeEvent(QResizeEvent *event)
{
    QSplitter::resizeEvent(event);
    arrange();
}

/// Also when the two need more or less than before.
bool SetupPane::event(QEvent *event)
{
    const bool done = QSplitter::event(event);
    if (event->type() == QEvent::LayoutRequest)
        arrange();
    return done;
}

void SetupPane::arrange()
{
    const int needed =
        widget(0)->minimumSizeHint().width() + handleWidth() + widget(1)->minimumSizeHint().width();
    const Qt::Orientation fitting = width() < needed ? Qt::Vertical : Qt::Horizontal;
    if (!isVisible() || fitting == orientation())
        return;
    if (fitting == Qt::Vertical)
        m_columns = saveState();
    setOrientation(fitting);
    if (fitting == Qt::Horizontal && !m_columns.isEmpty())
        restoreState(std::exchange(m_columns, {}));
}

void SetupPane::setSettings(const ServerSettings &settings)
{
    m_doors->setSettings(settings);
    m_connect->password()->setPassword(settings.password);
    m_connect->telnetPassword()->setPassword(settings.classicPassword);
    m_openToTelnet = settings.classic.isOpenToOthers();
    if (settings.password.isEmpty())
        m_connect->password()->generate();
    if (needsTelnetPassword())
        m_connect->telnetPassword()->generate();
}

void SetupPane::putInto(ServerSettings &settings) const
{
    settings.shares = m_model->shares();
    m_doors->putInto(settings);
    settings.password = m_connect->password()->password();
    settings.classicPassword = m_connect->telnetPassword()->password();
}

bool SetupPane::needsTelnetPassword() const
{
    return m_openToTelnet && m_connect->telnetPassword()->password().isEmpty();
}

void SetupPane::doorChanged()
{
    ServerSettings now;
    m_doors->putInto(now);
    const bool opened = now.classic.isOpenToOthers() && !m_openToTelnet;
    m_openToTelnet = now.classic.isOpenToOthers();
    if (needsTelnetPassword())
        m_connect->telnetPassword()->generate();
    Q_EMIT changed();
    if (opened) {
        m_advanced->setChecked(true);
        m_connect->showTelnetPage();
    }
}

void SetupPane::showDoors(const ServerSettings &settings, const DoorFacts &facts)
{
    m_doors->setAddresses(facts.addresses);
    m_connect->showDoors(settings, facts);
}

bool SetupPane::passwordsShown() const
{
    return m_connect->password()->isShown();
}

void SetupPane::setPasswordsShown(bool shown)
{
    m_connect->password()->setShown(shown);
    m_connect->telnetPassword()->setShown(shown);
}

} // namespace ferry::gui
