// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/limitsettings.h"

#include <QDialog>

#include <utility>

class QCheckBox;
class QFormLayout;
class QSpinBox;
class QTabWidget;

namespace ferry::gui {

/// Every limit that can be set, with the figures that hold now.
class SettingsDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `logPath` and `carried` are shown: where the log file is, and how many sessions the
    /// system's limit on open files allows.
    SettingsDialog(const LimitSettings &settings, const QString &logPath, int carried,
                   QWidget *parent = nullptr);

    LimitSettings settings() const;

private:
    QFormLayout *addPage(const QString &title, const QString &note);
    void addSpin(QFormLayout *form, const QString &label, int LimitSettings::*value,
                 const QString &suffix, const QString &none = {});
    void addCheck(QFormLayout *form, const QString &text, bool LimitSettings::*value);
    void showValues(const LimitSettings &settings);

    const LimitSettings m_given;
    QTabWidget *m_pages;
    QList<std::pair<QSpinBox *, int LimitSettings::*>> m_spins;
    QList<std::pair<QCheckBox *, bool LimitSettings::*>> m_checks;
};

} // namespace ferry::gui
