// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

namespace ferry::gui {

class EmptyState;

/// What the window says before the first connection: the one next step, and the hosts of the
/// last times as buttons.
class Welcome final : public QWidget
{
    Q_OBJECT
public:
    explicit Welcome(QWidget *parent = nullptr);

    void setHosts(const QStringList &hosts);
    /// To whom a connection is being made; empty: to nobody.
    void setConnecting(const QString &host);

Q_SIGNALS:
    void hostChosen(const QString &host);

private:
    EmptyState *m_text;
    QWidget *m_buttons;
    bool m_connecting = false;
};

} // namespace ferry::gui
