// SPDX-License-Identifier: MIT
#include "server-gui/setup/connectbox.h"

#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "net/base/endpointtext.h"
#include "net/channel/invitation.h"
#include "net/channel/tlsidentity.h"
#include "server-gui/dialogs/invitationdialog.h"
#include "server-gui/setup/passwordbox.h"

#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHostInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

namespace ferry::gui {

namespace {

enum Way { Ferry, Telnet };

constexpr int commandRow = 4; ///< of the form

/// The hosts that others can type, best first.
QStringList hostsOf(const Door &door, const QList<OwnAddress> &addresses)
{
    QStringList hosts;
    switch (door.reach) {
    case Reach::Nobody:
    case Reach::ThisComputer:
        break;
    case Reach::OneAddress:
        hosts.append(door.address);
        break;
    case Reach::Everyone:
        for (const OwnAddress &own : addresses)
            hosts.append(own.address.toString());
        if (const QString name = QHostInfo::localHostName(); !name.isEmpty())
            hosts.append(name);
        break;
    }
    if (hosts.isEmpty())
        hosts.append(QHostAddress(QHostAddress::LocalHost).toString());
    return hosts;
}

QWidget *rowOf(QWidget *field, QToolButton *button)
{
    auto *row = new QWidget(field->parentWidget());
    auto *layout = tightLayout<QHBoxLayout>(row, rhythm / 2);
    layout->addWidget(field, 1);
    layout->addWidget(button, 0, Qt::AlignTop);
    return row;
}

QFormLayout *formOn(QWidget *page)
{
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(rhythm);
    form->setVerticalSpacing(rhythm / 2 + 1);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

void addRow(QFormLayout *form, const QString &text, QWidget *field, QWidget *row)
{
    auto *label = new QLabel(text, row->parentWidget());
    label->setBuddy(field);
    form->addRow(label, row);
}

/// Eight groups to a line: as wide as an address field, and never cut.
QString inTwoLines(QString grouped)
{
    const auto middle = grouped.size() / 2;
    return grouped.replace(middle, 1, u'\n');
}

} // namespace

ConnectBox::ConnectBox(QWidget *parent)
    : QWidget(parent)
    , m_ways(new QTabBar(this))
    , m_pages(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("connectBox"));
    m_ways->setObjectName(QStringLiteral("ways"));
    m_ways->setAccessibleName(tr("Ways to connect"));
    m_ways->setDrawBase(false);
    m_ways->setExpanding(false);
    m_ways->setFocusPolicy(Qt::StrongFocus);
    m_ways->addTab(tr("Ferry"));
    m_ways->addTab(tr("Telnet"));
    m_ways->setTabToolTip(Ferry, tr("With Ferry's own programs: encrypted and verified"));
    m_ways->setTabToolTip(Telnet, tr("With telnet and the like: not encrypted"));
    m_pages->addWidget(makeFerryPage());
    m_pages->addWidget(makeTelnetPage());
    m_password->setOther(m_telnetPassword);
    m_telnetPassword->setOther(m_password);

    auto *top = new QHBoxLayout;
    top->addWidget(heading(tr("How others connect"), this), 0, Qt::AlignTop); // as its neighbour
    top->addStretch(1);
    top->addWidget(m_ways);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addLayout(top);
    layout->addWidget(m_pages, 1);
    connect(m_ways, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
}

// The controls are made in the order in which Tab goes through them.

QWidget *ConnectBox::makeFerryPage()
{
    auto *page = new QWidget(this);
    m_address = new QComboBox(page);
    m_address->setObjectName(QStringLiteral("addressField"));
    m_address->setAccessibleName(tr("Address for others"));
    m_address->setToolTip(tr("The addresses of this computer. The first usually works."));
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_address->setMinimumContentsLength(18);
    auto *copyAddress = iconButton(QLatin1StringView("copy"), tr("Copy the address"),
                                   QStringLiteral("copyAddress"), page);
    m_password = new PasswordBox(WhichDoor::Tls, page);
    m_fingerprint = namedLabel(QStringLiteral("fingerprint"), page);
    // As wide as a line of it, so that the window is large enough before the first start, too.
    const QFontMetrics fixed(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_fingerprint->setMinimumWidth(fixed.horizontalAdvance(QString(39, u'0')));
    m_fingerprint->setToolTip(tr("Of this server's certificate. When others connect for the first "
                                 "time, they check that their Ferry shows the same."));
    m_fingerprint->setTextInteractionFlags(Qt::TextSelectableByMouse |
                                           Qt::TextSelectableByKeyboard);
    m_copyFingerprint = iconButton(QLatin1StringView("copy"), tr("Copy the fingerprint"),
                                   QStringLiteral("copyFingerprint"), page);
    m_invite = pushButton(QLatin1StringView("copy"), tr("Copy invitation"),
                          QStringLiteral("copyInvitation"), page);
    m_invite->setToolTip(
        tr("Address and fingerprint in one piece, to send to others. Tell them the "
           "password another way."));
    m_qrCode = pushButton({}, tr("&QR code…"), QStringLiteral("showInvitation"), page);
    m_qrCode->setToolTip(tr("The invitation as a code to scan"));
    m_command = line(QStringLiteral("commandField"), tr("Line for the command line"),
                     tr("For the command line"));
    auto *copyCommand = iconButton(QLatin1StringView("copy"), tr("Copy the command"),
                                   QStringLiteral("copyCommand"), page);

    QFormLayout *form = m_form = formOn(page);
    addRow(form, tr("A&ddress"), m_address, rowOf(m_address, copyAddress));
    addRow(form, tr("&Password"), m_password->field(), m_password);
    addRow(form, tr("Fin&gerprint"), m_fingerprint, rowOf(m_fingerprint, m_copyFingerprint));
    auto *invite = new QHBoxLayout;
    invite->setSpacing(rhythm);
    invite->addWidget(m_invite);
    invite->addWidget(m_qrCode);
    invite->addStretch(1);
    form->addRow(QString(), invite);
    addRow(form, tr("&Command"), m_command, rowOf(m_command, copyCommand));
    connect(m_address, &QComboBox::currentIndexChanged, this, &ConnectBox::showLines);
    connect(copyAddress, &QToolButton::clicked, this, &ConnectBox::copyAddress);
    connect(m_copyFingerprint, &QToolButton::clicked, this, &ConnectBox::copyFingerprint);
    connect(m_invite, &QPushButton::clicked, this, &ConnectBox::copyInvitation);
    connect(m_qrCode, &QPushButton::clicked, this, &ConnectBox::showInvitation);
    connect(copyCommand, &QToolButton::clicked, this, &ConnectBox::copyCommand);
    return page;
}

QWidget *ConnectBox::makeTelnetPage()
{
    auto *page = new QWidget(this);
    m_telnet = line(QStringLiteral("telnetField"), tr("Line for telnet"),
                    tr("For telnet users; then AUTH password, FILE path, QUIT"));
    auto *copyTelnet = iconButton(QLatin1StringView("copy"), tr("Copy the line for telnet"),
                                  QStringLiteral("copyTelnet"), page);
    m_telnetPassword = new PasswordBox(WhichDoor::Classic, page);
    m_samePassword = namedLabel(QStringLiteral("samePassword"), page);
    m_samePassword->setText(tr("The same as for Ferry"));
    m_telnetNote = namedLabel(QStringLiteral("telnetNote"), page, true);
    setTone(m_telnetNote, Tone::Quiet);

    QFormLayout *form = formOn(page);
    addRow(form, tr("Line"), m_telnet, rowOf(m_telnet, copyTelnet));
    auto *passwords = new QWidget(page);
    auto *oneOfThem = new QHBoxLayout(passwords);
    oneOfThem->setContentsMargins(0, 0, 0, 0);
    oneOfThem->addWidget(m_telnetPassword, 1);
    oneOfThem->addWidget(m_samePassword, 1);
    addRow(form, tr("Password"), m_telnetPassword->field(), passwords);
    form->addRow(QString(), m_telnetNote);
    connect(copyTelnet, &QToolButton::clicked, this, &ConnectBox::copyTelnetLine);
    return page;
}

QLineEdit *ConnectBox::line(const QString &objectName, const QString &name, const QString &toolTip)
{
    auto *made = new QLineEdit(this);
    made->setObjectName(objectName);
    made->setAccessibleName(name);
    made->setToolTip(toolTip);
    made->setPlaceholderText(tr("shown once the server is running"));
    made->setReadOnly(true);
    made->setAcceptDrops(false);
    return made;
}

void ConnectBox::showDoors(const ServerSettings &settings, const DoorFacts &facts)
{
    m_share = settings.shares.isEmpty() ? QByteArray() : settings.shares.first().name;
    m_tlsPort = facts.tlsPort;
    m_telnetPort = settings.classic.reach == Reach::Nobody ? quint16(0) : facts.classicPort;
    m_telnetHosts = hostsOf(settings.classic, facts.addresses);
    {
        const QString chosen = m_address->currentData().toString();
        const QSignalBlocker quiet(m_address);
        m_address->clear();
        const QStringList hosts = hostsOf(settings.tls, facts.addresses);
        for (const QString &host : hosts)
            m_address->addItem(m_tlsPort == 0 ? host : endpointText(host, m_tlsPort), host);
        m_address->setCurrentIndex(qMax(0, m_address->findData(chosen)));
    }
    showFingerprint(facts);
    showTelnet(settings);
    showLines();
}

void ConnectBox::showFingerprint(const DoorFacts &facts)
{
    m_knownFingerprint = facts.fingerprint;
    const bool known = !m_knownFingerprint.isEmpty();
    const QString grouped = groupedFingerprint(m_knownFingerprint);
    if (known)
        m_fingerprint->setText(inTwoLines(grouped));
    else if (!facts.identityProblem.isEmpty())
        m_fingerprint->setText(tr("✕ The certificate can't be used"));
    else
        m_fingerprint->setText(tr("Created at the first start"));
    m_fingerprint->setAccessibleName(
        tr("Fingerprint %1").arg(known ? grouped : m_fingerprint->text()));
    m_fingerprint->setFont(known ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : font());
    setTone(m_fingerprint, known                             ? Tone::Normal
                           : facts.identityProblem.isEmpty() ? Tone::Quiet
                                                             : Tone::Bad);
    m_copyFingerprint->setEnabled(known);
    m_invite->setEnabled(known && m_tlsPort != 0);
    m_qrCode->setEnabled(m_invite->isEnabled());
    // The room is there from the beginning: the first start moves nothing.
    m_fingerprint->setMinimumHeight(2 * QFontMetrics(m_fingerprint->font()).lineSpacing());
}

void ConnectBox::showTelnet(const ServerSettings &settings)
{
    const bool own = settings.classic.isOpenToOthers();
    m_telnetShut = settings.classic.reach == Reach::Nobody;
    showAdvanced();
    m_telnetPassword->setVisible(own);
    m_samePassword->setVisible(!own);
    m_telnetNote->setText(own ? tr("Not encrypted and not verified, for people without Ferry. "
                                   "Commands: AUTH password, FILE path, QUIT.")
                              : tr("From this computer only. Commands: AUTH password, FILE path, "
                                   "QUIT."));
}

void ConnectBox::setAdvancedShown(bool shown)
{
    m_advanced = shown;
    showAdvanced();
}

void ConnectBox::showAdvanced()
{
    m_form->setRowVisible(commandRow, m_advanced);
    m_ways->setVisible(m_advanced && !m_telnetShut);
    if (m_ways->isHidden())
        m_ways->setCurrentIndex(Ferry);
}

void ConnectBox::showLines()
{
    const QString host = m_address->currentData().toString();
    refreshInvitation();
    m_command->setText(m_tlsPort == 0 ? QString() : ferryGetLine(host, m_tlsPort, m_share));
    const QString telnetHost = m_telnetHosts.contains(host) ? host : m_telnetHosts.value(0);
    m_telnet->setText(m_telnetPort == 0 ? QString() : telnetLine(telnetHost, m_telnetPort));
}

void ConnectBox::showTelnetPage()
{
    m_ways->setCurrentIndex(Telnet);
}

QString ConnectBox::bestAddress() const
{
    return m_address->itemText(0);
}

void ConnectBox::copy(const QString &text, const QString &what)
{
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT copied(what);
}

void ConnectBox::copyAddress()
{
    copy(m_address->currentText(), tr("Address copied."));
}

void ConnectBox::copyInvitation()
{
    copy(
        tr("%1\n"
           "To get files from me, open this link with Ferry Client, or paste it there as the host. "
           "I'll tell you the password.\n"
           "The fingerprint is checked for you. It is:\n"
           "%2\n")
            .arg(invitation(), groupedFingerprint(m_knownFingerprint)),
        tr("Invitation copied. It doesn't contain the password."));
}

QString ConnectBox::invitation() const
{
    return Invitation{m_address->currentText(), {}, m_knownFingerprint}.toText();
}

void ConnectBox::showInvitation()
{
    if (!m_invitation) {
        m_invitation = new InvitationDialog(window());
        m_invitation->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_invitation, &InvitationDialog::copyRequested, this, &ConnectBox::copyInvitation);
    }
    refreshInvitation();
    m_invitation->show();
    m_invitation->raise();
    m_invitation->activateWindow();
}

/// Of a server that has stopped there is none.
void ConnectBox::refreshInvitation()
{
    if (!m_invitation)
        return;
    if (m_invite->isEnabled())
        m_invitation->setInvitation(m_address->currentText(), invitation());
    else
        m_invitation->close();
}

/// As the command line takes it.
void ConnectBox::copyFingerprint()
{
    copy(QString::fromLatin1(m_knownFingerprint), tr("Fingerprint copied."));
}

void ConnectBox::copyCommand()
{
    copy(m_command->text(), tr("Command copied."));
}

void ConnectBox::copyTelnetLine()
{
    copy(m_telnet->text(), tr("Telnet line copied."));
}

} // namespace ferry::gui
