// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

class QMimeData;
class QWidget;

namespace ferry::gui {

/// The text that was dropped, or its first line that names a server: `host:port`, an invitation
/// (`ferry://…`), or a line for the command line (`ferry get HOST …`). For client::parsePlace();
/// empty if there is none.
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
