// SPDX-License-Identifier: MIT
#include "server-gui/connectbox.h"

#include "gui-common/theme.h"
#include "server-gui/doorbox.h"
#include "server-gui/fields.h"
#include "server-gui/passwordbox.h"

#include <QClipboard>
#include <QComboBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHostInfo>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

namespace ferry::gui {

namespace {

/// The hosts that others can type, best first.
QStringList hostsOf(const ServerSettings &settings, const QList<OwnAddress> &addresses)
{
    QStringList hosts;
    switch (settings.classicReach) {
    case Reach::ThisComputer:
        hosts.append(QHostAddress(QHostAddress::LocalHost).toString());
        break;
    case Reach::OneAddress:
        hosts.append(settings.classicAddress);
        break;
    case Reach::Everyone:
        for (const OwnAddress &own : addresses)
            hosts.append(own.address.toString());
        if (const QString name = QHostInfo::localHostName(); !name.isEmpty())
            hosts.append(name);
        if (hosts.isEmpty())
            hosts.append(QHostAddress(QHostAddress::LocalHost).toString());
        break;
    }
    return hosts;
}

QWidget *rowOf(QWidget *field, QToolButton *button)
{
    auto *row = new QWidget(field->parentWidget());
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm / 2);
    layout->addWidget(field, 1);
    layout->addWidget(button);
    return row;
}

} // namespace

ConnectBox::ConnectBox(QWidget *parent)
    : QWidget(parent)
    , m_address(new QComboBox(this))
{
    setObjectName(QStringLiteral("connectBox"));
    m_address->setObjectName(QStringLiteral("addressField"));
    m_address->setAccessibleName(tr("Address for others"));
    m_address->setToolTip(tr("The addresses of this computer; the first one suits as a rule"));
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_address->setMinimumContentsLength(18);
    auto *copyAddress = iconButton(QLatin1StringView("copy"), tr("Copy the address"),
                                   QStringLiteral("copyAddress"), this);
    m_telnet = new QLineEdit(this);
    m_telnet->setObjectName(QStringLiteral("telnetField"));
    m_telnet->setAccessibleName(tr("Line for telnet"));
    m_telnet->setToolTip(tr("What a telnet user types; then AUTH password, FILE path, QUIT"));
    m_telnet->setReadOnly(true);
    m_telnet->setAcceptDrops(false);
    auto *copyTelnet = iconButton(QLatin1StringView("copy"), tr("Copy the line for telnet"),
                                  QStringLiteral("copyTelnet"), this);

    // Made in the order in which Tab goes through them.
    m_password = new PasswordBox(this);
    m_door = new DoorBox(this);

    auto *form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(rhythm);
    form->setVerticalSpacing(rhythm / 2 + 1);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto addRow = [this, form](const QString &text, QWidget *field, QWidget *row) {
        auto *label = new QLabel(text, this);
        label->setBuddy(field);
        form->addRow(label, row);
    };
    addRow(tr("A&ddress"), m_address, rowOf(m_address, copyAddress));
    addRow(tr("Te&lnet"), m_telnet, rowOf(m_telnet, copyTelnet));
    addRow(tr("&Password"), m_password->field(), m_password);
    addRow(tr("Let &in"), m_door->reachField(), m_door);
    form->addRow(QString(), m_door->warning());

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm / 2);
    layout->addWidget(heading(tr("How others connect"), this));
    layout->addLayout(form);
    layout->addStretch(1);

    connect(m_address, &QComboBox::currentIndexChanged, this, &ConnectBox::showTelnetLine);
    connect(copyAddress, &QToolButton::clicked, this, &ConnectBox::copyAddress);
    connect(copyTelnet, &QToolButton::clicked, this, &ConnectBox::copyTelnetLine);
}

void ConnectBox::showDoor(const ServerSettings &settings, const QList<OwnAddress> &addresses,
                          quint16 port)
{
    const QString chosen = m_address->currentData().toString();
    const QSignalBlocker quiet(m_address);
    m_address->clear();
    const QStringList hosts = hostsOf(settings, addresses);
    for (const QString &host : hosts) {
        m_address->addItem(port == 0 ? host : endpointText(host, port), host);
        m_address->setItemData(m_address->count() - 1, port, Qt::UserRole + 1);
    }
    m_address->setCurrentIndex(qMax(0, m_address->findData(chosen)));
    showTelnetLine();
}

QString ConnectBox::bestAddress() const
{
    return m_address->itemText(0);
}

void ConnectBox::copyAddress()
{
    QGuiApplication::clipboard()->setText(m_address->currentText());
    Q_EMIT copied(tr("The address is on the clipboard."));
}

void ConnectBox::copyTelnetLine()
{
    QGuiApplication::clipboard()->setText(m_telnet->text());
    Q_EMIT copied(tr("The line for telnet is on the clipboard."));
}

void ConnectBox::showTelnetLine()
{
    const auto port = quint16(m_address->currentData(Qt::UserRole + 1).toUInt());
    m_telnet->setText(port == 0 ? QString()
                                : telnetLine(m_address->currentData().toString(), port));
    m_telnet->setPlaceholderText(tr("known once the server runs"));
}

} // namespace ferry::gui
