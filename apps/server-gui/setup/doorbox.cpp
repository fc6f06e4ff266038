// SPDX-License-Identifier: MIT
#include "server-gui/setup/doorbox.h"
#include "net/limits.h"

#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/foldbutton.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

namespace ferry::gui {

namespace {
constexpr int AddressRole = Qt::UserRole + 1;
}

DoorBox::DoorBox(QWidget *parent)
    : QWidget(parent)
    , m_tls(makeRow(WhichDoor::Tls))
    , m_classic(makeRow(WhichDoor::Classic))
    , m_members(new QCheckBox(tr("Let people &write and send files to each other"), this))
    , m_warning(namedLabel(QStringLiteral("doorWarning"), this, true))
{
    setObjectName(QStringLiteral("doorBox"));
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(rhythm);
    grid->setVerticalSpacing(rhythm / 2 + 1);
    grid->setColumnStretch(1, 1);
    const auto addRow = [&](int row, Row &door, const QString &reach, const QString &port) {
        auto *reachLabel = new QLabel(reach, this);
        reachLabel->setBuddy(door.reach);
        auto *portLabel = new QLabel(port, this);
        portLabel->setBuddy(door.port);
        grid->addWidget(reachLabel, row, 0);
        grid->addWidget(door.reach, row, 1);
        grid->addWidget(portLabel, row, 2);
        grid->addWidget(door.port, row, 3);
        door.labels = {reachLabel, portLabel};
    };
    addRow(0, m_tls, tr("Allow connect&ions from"), tr("Po&rt"));
    addRow(2, m_classic, tr("Te&lnet"), tr("Port"));
    m_members->setObjectName(QStringLiteral("membersBox"));
    m_members->setToolTip(
        tr("People who are connected see each other and can send messages to "
           "each other, and files that wait here until they are taken. To you they "
           "can always write."));
    grid->addWidget(m_members, 1, 1, 1, 3, Qt::AlignRight);
    connect(m_members, &QCheckBox::toggled, this, &DoorBox::doorChanged);
    grid->addWidget(m_warning, 3, 1, 1, 3);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setFocusProxy(m_tls.reach);
    m_warning->installEventFilter(this);
    showWarning();
}

void DoorBox::setAdvancedAction(QAction *shown)
{
    m_advanced = shown;
    QToolButton *fold = makeFoldButton(shown, tr("Advanced"), this);
    fold->setObjectName(QStringLiteral("advancedButton"));
    static_cast<QGridLayout *>(layout())->addWidget(fold, 1, 0, Qt::AlignLeft);
    connect(shown, &QAction::toggled, this, &DoorBox::showWarning);
    showWarning();
}

bool DoorBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_warning && event->type() == QEvent::Resize)
        fitWarning();
    return false;
}

/// Splitters do not ask how high a text is that wraps.
void DoorBox::fitWarning()
{
    const QRect room(0, 0, m_warning->width(), QWIDGETSIZE_MAX);
    m_warning->setFixedHeight(
        m_warning->fontMetrics().boundingRect(room, Qt::TextWordWrap, m_warning->text()).height());
}

DoorBox::Row DoorBox::makeRow(WhichDoor which)
{
    const bool tls = which == WhichDoor::Tls;
    const Row row{new QComboBox(this), new QSpinBox(this), !tls, {}};
    row.reach->setObjectName(tls ? QStringLiteral("reachField")
                                 : QStringLiteral("classicReachField"));
    row.reach->setAccessibleName(tls ? tr("Allow connections from")
                                     : tr("Allow telnet connections from"));
    row.reach->setToolTip(tls ? tr("Who can reach the server. These connections are encrypted.")
                              : tr("Who can reach it by telnet and similar programs. These "
                                   "connections are not encrypted."));
    row.reach->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    row.reach->setMinimumContentsLength(18);
    row.port->setObjectName(tls ? QStringLiteral("portField") : QStringLiteral("classicPortField"));
    row.port->setAccessibleName(tls ? tr("Port") : tr("Port for telnet"));
    row.port->setToolTip(
        tr("Default: %1. 0 picks a free port.").arg(tls ? limits::tlsPort : limits::classicPort));
    row.port->setRange(0, 0xFFFF);
    row.port->setSpecialValueText(tr("any"));
    row.port->setGroupSeparatorShown(false);
    row.port->setKeyboardTracking(false);
    connect(row.reach, &QComboBox::currentIndexChanged, this, [this] {
        showWarning();
        Q_EMIT doorChanged();
    });
    connect(row.port, &QSpinBox::valueChanged, this, &DoorBox::doorChanged);
    return row;
}

void DoorBox::setSettings(const ServerSettings &settings)
{
    const QSignalBlocker quiet(this);
    fill(m_tls, settings.tls.reach, settings.tls.address);
    m_tls.port->setValue(settings.tls.port);
    fill(m_classic, settings.classic.reach, settings.classic.address);
    m_classic.port->setValue(settings.classic.port);
    m_members->setChecked(settings.members);
    showWarning();
}

void DoorBox::putInto(ServerSettings &settings) const
{
    settings.tls = doorOf(m_tls);
    settings.classic = doorOf(m_classic);
    settings.members = m_members->isChecked();
}

void DoorBox::setPort(WhichDoor door, quint16 port)
{
    (door == WhichDoor::Tls ? m_tls : m_classic).port->setValue(port);
}

void DoorBox::setAddresses(const QList<OwnAddress> &addresses)
{
    m_addresses = addresses;
    for (const Row &row : {m_tls, m_classic}) {
        const Door door = doorOf(row);
        fill(row, door.reach, door.address);
    }
}

void DoorBox::fill(const Row &row, Reach reach, const QString &address)
{
    const QSignalBlocker quiet(row.reach);
    row.reach->clear();
    const auto add = [&](const QString &text, Reach r, const QString &a = {}) {
        row.reach->addItem(text, int(r));
        row.reach->setItemData(row.reach->count() - 1, a, AddressRole);
    };
    if (row.canBeShut)
        add(tr("Off"), Reach::Nobody);
    add(tr("This computer only"), Reach::ThisComputer);
    add(tr("Everyone on the network"), Reach::Everyone);
    bool found = reach != Reach::OneAddress;
    for (const OwnAddress &own : m_addresses) {
        const QString text = own.address.toString();
        add(tr("Only through %1 (%2)").arg(text, own.interface), Reach::OneAddress, text);
        found = found || text == address;
    }
    // A chosen address that is not there now (a cable is out) is kept, not widened.
    if (!found)
        add(tr("Only through %1").arg(address), Reach::OneAddress, address);
    for (int i = 0; i < row.reach->count(); ++i) {
        if (row.reach->itemData(i).toInt() == int(reach) &&
            (reach != Reach::OneAddress || row.reach->itemData(i, AddressRole) == address))
            row.reach->setCurrentIndex(i);
    }
    row.port->setEnabled(reach != Reach::Nobody);
}

Door DoorBox::doorOf(const Row &row)
{
    return {Reach(row.reach->currentData().toInt()), row.reach->currentData(AddressRole).toString(),
            quint16(row.port->value())};
}

void DoorBox::showWarning()
{
    const Door classic = doorOf(m_classic);
    m_classic.port->setEnabled(classic.reach != Reach::Nobody);
    const bool advanced = m_advanced && m_advanced->isChecked();
    m_classic.reach->setVisible(advanced);
    m_classic.port->setVisible(advanced);
    for (QLabel *label : m_classic.labels)
        label->setVisible(advanced);
    // That others can listen is said in any case.
    m_warning->setVisible(classic.isOpenToOthers() || (advanced && classic.reach != Reach::Nobody));
    m_warning->setText(classic.isOpenToOthers()
                           ? tr("▲ Telnet isn't encrypted: others on the network can read its "
                                "password and the files.")
                           : tr("Telnet isn't encrypted. It can be used on this computer only."));
    setTone(m_warning, classic.isOpenToOthers() ? Tone::Caution : Tone::Quiet);
    fitWarning();
}

} // namespace ferry::gui
