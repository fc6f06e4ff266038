// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/settings/savedservers.h"

#include <QLatin1StringView>
#include <QWidget>

class QPushButton;

namespace ferry::gui {

class EmptyState;

/// What the window says before the first connection: the one next step, and the servers of the
/// last times as buttons.
class Welcome final : public QWidget
{
    Q_OBJECT
public:
    explicit Welcome(QWidget *parent = nullptr);

    void setServers(const QList<SavedServer> &servers);
    /// To whom a connection is being made; empty: to nobody.
    void setConnecting(const QString &host);

Q_SIGNALS:
    void hostChosen(const QString &host);
    void allServersWanted();

private:
    QPushButton *addButton(QLatin1StringView iconName, const QString &text,
                           const QString &objectName);

    EmptyState *m_text;
    QWidget *m_buttons;
    bool m_connecting = false;
};

} // namespace ferry::gui
