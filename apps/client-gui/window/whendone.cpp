// SPDX-License-Identifier: MIT
#include "client-gui/window/whendone.h"

#include "client-gui/dialogs/clientprompts.h"

#include <QAction>
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QMenu>
#include <QWidget>

#include <utility>

namespace ferry::gui {

namespace {

constexpr qint64 second = 1000;

struct Question
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::WhenDone)
public:
    static QString title(WhenDone::What what)
    {
        return what == WhenDone::What::Quit      ? tr("Quit Ferry Client?")
               : what == WhenDone::What::Suspend ? tr("Suspend the computer?")
                                                 : tr("Shut down the computer?");
    }
    static QString text(WhenDone::What what, int seconds)
    {
        return what == WhenDone::What::Quit
                   ? tr("Everything is done. Ferry quits in %Ln seconds.", nullptr, seconds)
               : what == WhenDone::What::Suspend
                   ? tr("Everything is done. The computer is suspended in %Ln seconds.", nullptr,
                        seconds)
                   : tr("Everything is done. The computer shuts down in %Ln seconds.", nullptr,
                        seconds);
    }
    static QString answer(WhenDone::What what)
    {
        return what == WhenDone::What::Quit      ? tr("&Quit now")
               : what == WhenDone::What::Suspend ? tr("&Suspend now")
                                                 : tr("&Shut down now");
    }
};

} // namespace

WhenDone::WhenDone(QMenu *menu, QWidget *window, ClientPrompts *prompts, SystemPower *power,
                   std::function<bool()> busy)
    : QObject(window)
    , m_window(window)
    , m_prompts(prompts)
    , m_power(power)
    , m_busy(std::move(busy))
{
    add(menu, What::Nothing, tr("Do &nothing"), "whenDoneNothing");
    add(menu, What::OpenFolder, tr("&Open the folder"), "whenDoneOpenFolder");
    add(menu, What::Quit, tr("&Quit Ferry"), "whenDoneQuit");
    add(menu, What::Suspend, tr("&Suspend the computer"), "whenDoneSuspend");
    add(menu, What::ShutDown, tr("Shut &down the computer"), "whenDoneShutDown");
    connect(power, &SystemPower::changed, this, &WhenDone::showPossible);
    connect(power, &SystemPower::failed, this,
            [this](const QString &why) { m_prompts->tell(m_window, tr("When done"), why); });
    choose(What::Nothing);
    showPossible();
}

void WhenDone::add(QMenu *menu, What what, const QString &text, const char *name)
{
    QAction *action = menu->addAction(text);
    action->setObjectName(QString::fromLatin1(name));
    action->setCheckable(true);
    action->setData(int(what));
    m_choices.addAction(action);
}

/// What this computer does not offer is not in the menu.
void WhenDone::showPossible()
{
    const auto actions = m_choices.actions();
    actions[int(What::Suspend)]->setVisible(m_power->can(SystemPower::Action::Suspend));
    actions[int(What::ShutDown)]->setVisible(m_power->can(SystemPower::Action::ShutDown));
}

void WhenDone::choose(What what)
{
    m_choices.actions().at(int(what))->setChecked(true);
}

WhenDone::What WhenDone::chosen() const
{
    return What(m_choices.checkedAction()->data().toInt());
}

void WhenDone::act()
{
    const What what = chosen();
    choose(What::Nothing);
    if (what == What::OpenFolder)
        Q_EMIT openFolderRequested();
    if (what == What::Nothing || what == What::OpenFolder)
        return;
    // Not from here: a dialog runs an event loop of its own, and this is called by the poll.
    QMetaObject::invokeMethod(
        this,
        [this, what] {
            if (agreed(what))
                perform(what);
        },
        Qt::QueuedConnection);
}

/// Nobody said no in time.
bool WhenDone::agreed(What what)
{
    const QDeadlineTimer due((what == What::Quit ? quitSeconds : powerSeconds) * second);
    const auto text = [this, what, &due] {
        if (due.hasExpired() || m_busy())
            return QString(); // the question goes
        return Question::text(what, int((due.remainingTime() + second - 1) / second));
    };
    return !m_busy() &&
           m_prompts->ask(m_window, Question::title(what), text, {Question::answer(what)}) == 0 &&
           !m_busy();
}

void WhenDone::perform(What what)
{
    if (what == What::Quit)
        Q_EMIT quitRequested();
    else
        m_power->perform(what == What::Suspend ? SystemPower::Action::Suspend
                                               : SystemPower::Action::ShutDown);
}

} // namespace ferry::gui
