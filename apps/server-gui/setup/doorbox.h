// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/run/addresses.h"
#include "server-gui/settings/settings.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace ferry::gui {

/// Where the two doors are and who can reach them: the encrypted one, and below it the one for
/// telnet, which can also stay shut.
class DoorBox final : public QWidget
{
    Q_OBJECT
public:
    explicit DoorBox(QWidget *parent = nullptr);

    /// Reach, address and port of both doors.
    void setSettings(const ServerSettings &settings);
    void putInto(ServerSettings &settings) const;

    void setPort(WhichDoor door, quint16 port);

    /// Shows and hides the row for telnet.
    void setAdvancedAction(QAction *shown);

    /// The choices offer one entry per address.
    void setAddresses(const QList<OwnAddress> &addresses);

Q_SIGNALS:
    void doorChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Row
    {
        QComboBox *reach;
        QSpinBox *port;
        bool canBeShut;
        QList<QLabel *> labels;
    };
    Row makeRow(WhichDoor which);
    void fill(const Row &row, Reach reach, const QString &address);
    static Door doorOf(const Row &row);
    void showWarning();
    void fitWarning();

    QList<OwnAddress> m_addresses;
    Row m_tls;
    Row m_classic;
    QCheckBox *m_members; ///< people may see each other, write and send files to each other
    QLabel *m_warning;
    QAction *m_advanced = nullptr;
};

} // namespace ferry::gui
