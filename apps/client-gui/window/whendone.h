// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/desktop/systempower.h"

#include <QActionGroup>
#include <QObject>

#include <functional>

class QMenu;
class QWidget;

namespace ferry::gui {

class ClientPrompts;

/// What happens once the queue is done: a choice for one time, made in a menu. A person who is
/// there has some time to say no.
class WhenDone final : public QObject
{
    Q_OBJECT
public:
    enum class What { Nothing, OpenFolder, Quit, Suspend, ShutDown };

    static constexpr int quitSeconds = 10;
    static constexpr int powerSeconds = 60;

    /// Fills the menu. `busy`: downloads are running again, so nothing is to happen. Nothing is
    /// owned.
    WhenDone(QMenu *menu, QWidget *window, ClientPrompts *prompts, SystemPower *power,
             std::function<bool()> busy);

    void choose(What what);
    What chosen() const;

    /// The queue is done.
    void act();

Q_SIGNALS:
    void openFolderRequested();
    void quitRequested();

private:
    void add(QMenu *menu, What what, const QString &text, const char *name);
    void showPossible();
    bool agreed(What what);
    void perform(What what);

    QWidget *m_window;
    ClientPrompts *m_prompts;
    SystemPower *m_power;
    std::function<bool()> m_busy;
    QActionGroup m_choices{this};
};

} // namespace ferry::gui
