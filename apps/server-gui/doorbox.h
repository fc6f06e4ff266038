// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/addresses.h"
#include "server-gui/settings.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;

namespace ferry::gui {

/// Where the classic door is and who can reach it.
class DoorBox final : public QWidget
{
    Q_OBJECT
public:
    explicit DoorBox(QWidget *parent = nullptr);

    /// Reach, address and port of `settings`.
    void setSettings(const ServerSettings &settings);
    void putInto(ServerSettings &settings) const;

    void setPort(quint16 port);

    /// The choice offers one entry per address.
    void setAddresses(const QList<OwnAddress> &addresses);

    QComboBox *reachField() const { return m_reach; }
    QLabel *warning() const { return m_warning; }

Q_SIGNALS:
    void doorChanged();

private:
    void fill(Reach reach, const QString &address);
    Reach reach() const;
    QString address() const;
    void showWarning();

    QComboBox *m_reach;
    QSpinBox *m_port;
    QLabel *m_warning;
    QList<OwnAddress> m_addresses;
};

} // namespace ferry::gui
