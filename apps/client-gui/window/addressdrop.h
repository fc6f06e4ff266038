// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QMimeData;
class QWidget;

namespace ferry::gui {

/// The text that was dropped, or its first line that is an address: `host:port`, `ferry://host`,
/// or a line for the command line (`ferry get HOST …`). Empty if it is none.
QString addressIn(const QMimeData *data);

/// An address that is dropped anywhere on the window is one to connect to.
class AddressDrop final : public QObject
{
    Q_OBJECT
public:
    explicit AddressDrop(QWidget *window);

Q_SIGNALS:
    void dropped(const QString &address);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace ferry::gui
