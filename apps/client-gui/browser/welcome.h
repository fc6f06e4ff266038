// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace ferry::gui {

/// What the window says before the first connection: the one next step, and the hosts of the
/// last times as buttons.
class Welcome final : public QWidget
{
    Q_OBJECT
public:
    explicit Welcome(QWidget *parent = nullptr);

    void setHosts(const QStringList &hosts);

Q_SIGNALS:
    void hostChosen(const QString &host);

private:
    QWidget *m_buttons;
};

} // namespace ferry::gui
