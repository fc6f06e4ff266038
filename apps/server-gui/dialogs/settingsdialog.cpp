// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/settingsdialog.h"

#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/program/trayicon.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

namespace ferry::gui {

using L = LimitSettings;

SettingsDialog::SettingsDialog(const LimitSettings &settings, const QString &logPath, int carried,
                               QWidget *parent)
    : QDialog(parent)
    , m_given(settings)
    , m_pages(new QTabWidget(this))
{
    setObjectName(QStringLiteral("settingsDialog"));
    setWindowTitle(tr("Settings"));
    m_pages->setObjectName(QStringLiteral("settingsPages"));
    m_pages->setAccessibleName(tr("Pages of the settings"));

    QFormLayout *form = addPage(tr("&Program"), {});
    addCheck(form, tr("&Start the server when the program starts"), &L::startWithProgram);
    addCheck(form, tr("Start the program at &login, minimised"), &L::startAtLogin);
    addCheck(form,
             tr("Notif&y me when somebody connects, writes, has downloaded, or types a wrong "
                "password"),
             &L::notify);
    if (TrayIcon::isAvailable())
        addCheck(form, tr("&Closing the window keeps the server in the tray"), &L::closeToTray);

    form = addPage(tr("&Sessions"),
                   tr("Connections from this computer are always accepted. The system's limit "
                      "on open files allows %1 sessions at once.")
                       .arg(formatCount(carried)));
    addSpin(form, tr("Sessions at &once"), &L::sessions, {});
    addSpin(form, tr("From one &address"), &L::sessionsPerAddress, {});
    addSpin(form, tr("&Not logged in"), &L::strangers, {});
    addSpin(form, tr("Not logged in, &from one address"), &L::strangersPerAddress, {});

    form = addPage(tr("S&peed"), tr("To limit one session, right-click its row."));
    addSpin(form, tr("All sessions &together"), &L::speed, tr(" kB/s"), tr("No limit"));
    addSpin(form, tr("&Each session"), &L::speedPerSession, tr(" kB/s"), tr("No limit"));
    addSpin(form, tr("&Disconnect if slower than"), &L::minimumSpeed, tr(" kB/s"), tr("Any speed"));
    addSpin(form, tr("… on &average over"), &L::minimumSpeedTime, tr(" s"));

    form = addPage(tr("&Timeouts"),
                   tr("A session that takes longer is disconnected. A change counts for new "
                      "connections."));
    addSpin(form, tr("TLS &handshake"), &L::handshake, tr(" s"));
    addSpin(form, tr("&Login"), &L::login, tr(" s"));
    addSpin(form, tr("&Idle"), &L::idle, tr(" s"));
    addSpin(form, tr("S&talled transfer"), &L::noProgress, tr(" s"));

    form = addPage(tr("&Lockout"),
                   tr("After a wrong password an address has to wait, twice as long each time. "
                      "This computer is only slowed down."));
    addSpin(form, tr("Delay &after a wrong password"), &L::failureDelay, tr(" s"));
    addSpin(form, tr("&First lockout"), &L::penaltyFirst, tr(" s"));
    addSpin(form, tr("L&ongest lockout"), &L::maxPenalty, tr(" s"));

    form = addPage(tr("Lo&gging"), tr("The log file is %1; older ones end in .1, .2 and so on. "
                                      "It never contains passwords.")
                                       .arg(logPath));
    addCheck(form, tr("&Write the log to a file"), &L::logToFile);
    addSpin(form, tr("Start a &new log file at"), &L::logMegabytes, tr(" MB"));
    addSpin(form, tr("&Keep"), &L::logFiles, tr(" files"));
    addCheck(form, tr("Keep the transfer &history"), &L::keepHistory);

    auto *buttons = new QDialogButtonBox(
        QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults, this);
    buttons->button(QDialogButtonBox::Ok)->setDefault(true);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(rhythm);
    layout->addWidget(m_pages, 1);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    buttons->button(QDialogButtonBox::RestoreDefaults)->setText(tr("Restore &defaults"));
    connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            [this] { showValues({}); });
    showValues(settings);
    fitToContent(this);
}

QFormLayout *SettingsDialog::addPage(const QString &title, const QString &note)
{
    auto *page = new QWidget(m_pages);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(2 * rhythm);
    form->setVerticalSpacing(rhythm);
    auto *layout = tightLayout<QVBoxLayout>(page, 2 * rhythm, 2 * rhythm);
    layout->addLayout(form);
    layout->addStretch(1);
    if (!note.isEmpty()) {
        auto *text = plainLabel({}, page, true);
        text->setText(note);
        text->setMinimumWidth(400);
        setTone(text, Tone::Quiet);
        layout->addWidget(text);
    }
    m_pages->addTab(page, title);
    return form;
}

void SettingsDialog::addSpin(QFormLayout *form, const QString &label, int LimitSettings::*value,
                             const QString &suffix, const QString &none)
{
    const LimitField &field = limitField(value);
    auto *spin = new QSpinBox(form->parentWidget());
    spin->setObjectName(QLatin1StringView(field.key));
    spin->setRange(field.min, field.max);
    spin->setSuffix(suffix);
    spin->setSpecialValueText(field.min == 0 ? none : QString());
    spin->setGroupSeparatorShown(true);
    spin->setMinimumWidth(140);
    form->addRow(label, spin);
    QString name = label;
    spin->setAccessibleName(name.remove(u'&').remove(u'…').trimmed());
    m_spins.append({spin, value});
}

void SettingsDialog::addCheck(QFormLayout *form, const QString &text, bool LimitSettings::*value)
{
    auto *check = new QCheckBox(text, form->parentWidget());
    check->setObjectName(QLatin1StringView(limitFlagKey(value)));
    form->addRow(check);
    m_checks.append({check, value});
}

void SettingsDialog::showValues(const LimitSettings &settings)
{
    for (const auto &[spin, value] : m_spins)
        spin->setValue(settings.*value);
    for (const auto &[check, value] : m_checks)
        check->setChecked(settings.*value);
}

LimitSettings SettingsDialog::settings() const
{
    LimitSettings result = m_given; // with what is not in the dialog
    for (const auto &[spin, value] : m_spins)
        result.*value = spin->value();
    for (const auto &[check, value] : m_checks)
        result.*value = check->isChecked();
    return result;
}

} // namespace ferry::gui
