// SPDX-License-Identifier: MIT
#include "server-gui/doorbox.h"

#include "gui-common/theme.h"
#include "server-gui/fields.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

namespace ferry::gui {

namespace {
constexpr int AddressRole = Qt::UserRole + 1;
}

DoorBox::DoorBox(QWidget *parent)
    : QWidget(parent)
    , m_reach(new QComboBox(this))
    , m_port(new QSpinBox(this))
    , m_warning(plainLabel(QStringLiteral("doorWarning"), this, true))
{
    setObjectName(QStringLiteral("doorBox"));
    m_reach->setObjectName(QStringLiteral("reachField"));
    m_reach->setAccessibleName(tr("Let in"));
    m_reach->setToolTip(tr("From where the server can be reached"));
    m_reach->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_reach->setMinimumContentsLength(18);
    m_port->setObjectName(QStringLiteral("portField"));
    m_port->setAccessibleName(tr("Port"));
    m_port->setToolTip(tr("The port of the classic (telnet) door, %1 as a rule; 0 takes a free one")
                           .arg(limits::classicPort));
    m_port->setRange(0, 0xFFFF);
    m_port->setSpecialValueText(tr("a free one"));
    m_port->setGroupSeparatorShown(false);
    m_port->setKeyboardTracking(false);
    auto *portLabel = new QLabel(tr("Po&rt"), this);
    portLabel->setBuddy(m_port);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm);
    layout->addWidget(m_reach, 1);
    layout->addWidget(portLabel);
    layout->addWidget(m_port);
    setFocusProxy(m_reach);

    connect(m_reach, &QComboBox::currentIndexChanged, this, [this] {
        showWarning();
        Q_EMIT doorChanged();
    });
    connect(m_port, &QSpinBox::valueChanged, this, &DoorBox::doorChanged);
    fill(Reach::ThisComputer, {});
}

void DoorBox::setSettings(const ServerSettings &settings)
{
    const QSignalBlocker quiet(this);
    fill(settings.classicReach, settings.classicAddress);
    m_port->setValue(settings.classicPort);
}

void DoorBox::putInto(ServerSettings &settings) const
{
    settings.classicReach = reach();
    settings.classicAddress = address();
    settings.classicPort = quint16(m_port->value());
}

void DoorBox::setPort(quint16 port)
{
    m_port->setValue(port);
}

void DoorBox::setAddresses(const QList<OwnAddress> &addresses)
{
    m_addresses = addresses;
    const QSignalBlocker quiet(this);
    fill(reach(), address());
}

void DoorBox::fill(Reach reach, const QString &address)
{
    const QSignalBlocker quiet(m_reach);
    m_reach->clear();
    const auto add = [this](const QString &text, Reach r, const QString &a = {}) {
        m_reach->addItem(text, int(r));
        m_reach->setItemData(m_reach->count() - 1, a, AddressRole);
    };
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
    for (int i = 0; i < m_reach->count(); ++i) {
        if (m_reach->itemData(i).toInt() == int(reach) &&
            (reach != Reach::OneAddress || m_reach->itemData(i, AddressRole) == address))
            m_reach->setCurrentIndex(i);
    }
    showWarning();
}

Reach DoorBox::reach() const
{
    return Reach(m_reach->currentData().toInt());
}

QString DoorBox::address() const
{
    return m_reach->currentData(AddressRole).toString();
}

void DoorBox::showWarning()
{
    const bool open = reach() != Reach::ThisComputer;
    m_warning->setText(open ? tr("▲ Not encrypted: whoever listens on the network can read the "
                                 "password and the files.")
                            : tr("Not encrypted, and so closed to other computers until you open "
                                 "it here."));
    setTone(m_warning, open ? Tone::Caution : Tone::Quiet);
}

} // namespace ferry::gui
