// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/preferencesdialog.h"

#include "client/connect/clientconfig.h"
#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/dialogs/ratebox.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ferry::gui {

namespace {

constexpr double megabyte = 1'000'000;
constexpr int leastHeight = 200; ///< pixels of what scrolls

void addHeading(QFormLayout *form, const QString &title)
{
    QLabel *above = heading(title, form->parentWidget());
    above->setContentsMargins(0, form->rowCount() > 0 ? rhythm : 0, 0, 0);
    form->addRow(above);
}

/// The label is the name, and the hint the description.
void addRow(QFormLayout *form, const QString &label, QWidget *field, const char *name,
            const QString &hint = {})
{
    field->setObjectName(QString::fromLatin1(name));
    field->setAccessibleName(QString(label).remove(u'&'));
    form->addRow(label, field);
    if (hint.isEmpty())
        return;
    field->setAccessibleDescription(hint);
    auto *words = new QLabel(hint, form->parentWidget());
    words->setWordWrap(true);
    setTone(words, Tone::Quiet);
    form->addRow(QString(), words);
}

/// In the place of a hint, where the label says most of it.
void tell(QWidget *field, const QString &tip)
{
    field->setToolTip(plainToolTip(tip));
    field->setAccessibleDescription(tip);
}

} // namespace

PreferencesDialog::PreferencesDialog(const Preferences &preferences, QWidget *parent)
    : QDialog(parent)
    , m_name(new QLineEdit(this))
    , m_files(new QSpinBox(this))
    , m_rate(new RateBox(this))
    , m_retries(new QSpinBox(this))
    , m_reserve(new QSpinBox(this))
    , m_existing(new QComboBox(this))
    , m_colors(new QComboBox(this))
    , m_units(new QComboBox(this))
    , m_executable(new QCheckBox(tr("&Programs stay executable"), this))
    , m_encode(new QCheckBox(tr("&Encode names the disk does not allow (a:b as a%3Ab)"), this))
    , m_notify(new QCheckBox(tr("&Notify me when everything is done"), this))
    , m_notifyMessages(new QCheckBox(tr("and of &messages"), this))
    , m_tray(new QCheckBox(tr("Show an &icon with the progress in the tray"), this))
{
    setObjectName(QStringLiteral("preferencesDialog"));
    setWindowTitle(tr("Settings"));
    setMinimumWidth(440);
    m_name->setMaxLength(Preferences::maxName);
    m_name->setPlaceholderText(client::ownName());
    m_files->setRange(1, Preferences::maxFilesAtOnce);
    m_retries->setRange(0, Preferences::maxRetries);
    m_retries->setSpecialValueText(tr("None"));
    m_reserve->setRange(0, int(Preferences::maxReserve / qint64(megabyte)));
    m_reserve->setSingleStep(50);
    m_reserve->setSuffix(tr(" MB"));
    m_reserve->setSpecialValueText(tr("None"));
    // In the order of existingChoices.
    m_existing->addItems({tr("Ask what to do"), tr("Keep both"), tr("Replace it"),
                          tr("Replace if the server's file is newer"),
                          tr("Replace if the size is different"), tr("Skip")});
    m_colors->addItems({tr("Follow the system"), tr("Light"), tr("Dark")});
    m_units->addItems({tr("Decimal: kB, MB, GB"), tr("Binary: KiB, MiB, GiB")});
    m_executable->setObjectName(QStringLiteral("executableBox"));
    m_encode->setObjectName(QStringLiteral("encodeNamesBox"));
    m_notify->setObjectName(QStringLiteral("notifyBox"));
    m_notifyMessages->setObjectName(QStringLiteral("notifyMessagesBox"));
    m_notifyMessages->setAccessibleName(tr("Notify me of messages"));
    m_notifyMessages->setToolTip(
        plainToolTip(tr("While you look elsewhere: who wrote, not what they say.")));
    m_tray->setObjectName(QStringLiteral("trayBox"));

    auto *all = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    auto *page = new QWidget(this);
    auto *form = new QFormLayout(page);
    form->setContentsMargins(0, 0, 0, 0);
    form->setSpacing(rhythm);
    addHeading(form, tr("Downloads"));
    addRow(form, tr("&Files at once"), m_files, "filesAtOnce",
           tr("Large ones; small files follow each other without a pause."));
    addRow(form, tr("&Speed limit for all"), m_rate, "rateLimit");
    addRow(form, tr("&Retries"), m_retries, "retries",
           tr("After 1, 2, 4, 8 and then 16 s, where trying again can help."));
    addRow(form, tr("&Keep free on the disk"), m_reserve, "spaceReserve");
    tell(m_reserve, tr("Pause the queue when less than this is free."));
    form->addRow(QString(), m_executable);
    form->addRow(QString(), m_encode);
    addRow(form, tr("If a file e&xists"), m_existing, "existingPolicy");
    tell(m_existing, tr("Files that are up to date are always skipped."));
    addHeading(form, tr("Window"));
    addRow(form, tr("&Your name"), m_name, "ownName");
    tell(m_name, tr("Others on a server see it, from the next connection on."));
    addRow(form, tr("&Appearance"), m_colors, "colorScheme");
    addRow(form, tr("Si&zes"), m_units, "sizeUnits");
    auto *notices = new QHBoxLayout;
    notices->addWidget(m_notify);
    notices->addWidget(m_notifyMessages);
    notices->addStretch(1);
    form->addRow(QString(), notices);
    form->addRow(QString(), m_tray);
    // On a low screen the buttons stay in sight, and what is above them scrolls.
    auto *area = new PageArea(page, this);
    area->setMinimumHeight(leastHeight);
    all->addWidget(area, 1);

    auto *buttons = new QDialogButtonBox(
        QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults, this);
    buttons->button(QDialogButtonBox::Ok)->setDefault(true);
    buttons->button(QDialogButtonBox::RestoreDefaults)->setText(tr("Restore &defaults"));
    connect(buttons->button(QDialogButtonBox::RestoreDefaults), &QPushButton::clicked, this,
            [this] { show(Preferences()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    all->addSpacing(rhythm / 2);
    all->addWidget(buttons);
    show(preferences);
    fitToContent(this);
}

void PreferencesDialog::show(const Preferences &preferences)
{
    m_name->setText(preferences.name);
    m_files->setValue(preferences.filesAtOnce);
    m_rate->setBytesPerSecond(preferences.rateLimit);
    m_retries->setValue(preferences.retries);
    m_reserve->setValue(int(std::lround(double(preferences.spaceReserve) / megabyte)));
    const auto chosen =
        std::find_if(std::begin(existingChoices), std::end(existingChoices),
                     [&](const auto &choice) { return choice.first == preferences.existing; });
    m_existing->setCurrentIndex(int(chosen - std::begin(existingChoices)));
    m_colors->setCurrentIndex(int(preferences.colors));
    m_units->setCurrentIndex(preferences.binaryUnits ? 1 : 0);
    m_executable->setChecked(preferences.executable);
    m_encode->setChecked(preferences.encodeNames);
    m_notify->setChecked(preferences.notify);
    m_notifyMessages->setChecked(preferences.notifyMessages);
    m_tray->setChecked(preferences.trayIcon);
}

Preferences PreferencesDialog::preferences() const
{
    Preferences chosen;
    chosen.name = m_name->text().trimmed();
    chosen.filesAtOnce = m_files->value();
    chosen.rateLimit = m_rate->bytesPerSecond();
    chosen.retries = m_retries->value();
    chosen.spaceReserve = qint64(m_reserve->value()) * qint64(megabyte);
    chosen.existing = existingChoices[std::max(0, m_existing->currentIndex())].first;
    chosen.colors = ColorScheme(m_colors->currentIndex());
    chosen.binaryUnits = m_units->currentIndex() == 1;
    chosen.executable = m_executable->isChecked();
    chosen.encodeNames = m_encode->isChecked();
    chosen.notify = m_notify->isChecked();
    chosen.notifyMessages = m_notifyMessages->isChecked();
    chosen.trayIcon = m_tray->isChecked();
    return bounded(chosen);
}

} // namespace ferry::gui
