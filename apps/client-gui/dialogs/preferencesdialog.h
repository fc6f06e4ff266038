// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/settings/preferences.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QSpinBox;

namespace ferry::gui {

class RateBox;

/// Everything that can be set, with what holds now.
class PreferencesDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit PreferencesDialog(const Preferences &preferences, QWidget *parent = nullptr);

    Preferences preferences() const;

private:
    void show(const Preferences &preferences);

    QLineEdit *m_name;
    QSpinBox *m_files;
    RateBox *m_rate;
    QSpinBox *m_retries;
    QSpinBox *m_reserve;
    QComboBox *m_existing;
    QComboBox *m_colors;
    QComboBox *m_units;
    QCheckBox *m_executable;
    QCheckBox *m_encode;
    QCheckBox *m_notify;
    QCheckBox *m_notifyMessages;
    QCheckBox *m_tray;
};

} // namespace ferry::gui
