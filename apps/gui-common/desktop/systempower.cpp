// SPDX-License-Identifier: MIT
#include "gui-common/desktop/systempower.h"

#include <QDBusMessage>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>

namespace ferry::gui {

namespace {

struct Methods
{
    const char *can;
    const char *perform;
};

/// In the order of SystemPower::Action.
constexpr Methods methods[] = {{"CanSuspend", "Suspend"}, {"CanPowerOff", "PowerOff"}};

QDBusMessage logind(const char *method)
{
    return QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.login1"), QStringLiteral("/org/freedesktop/login1"),
        QStringLiteral("org.freedesktop.login1.Manager"), QString::fromLatin1(method));
}

} // namespace

SystemPower::SystemPower(const std::optional<QDBusConnection> &system, QObject *parent)
    : QObject(parent)
    , m_system(system)
{
    if (!m_system)
        return;
    look(Action::Suspend);
    look(Action::ShutDown);
}

void SystemPower::look(Action action)
{
    QDBusMessage question = logind(methods[size_t(action)].can);
    question.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(m_system->asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, action](QDBusPendingCallWatcher *answer) {
                answer->deleteLater();
                const QString word = answer->reply().arguments().value(0).toString();
                // "challenge" would ask for a password, when nobody is there to type it.
                if (answer->isError() || word != u"yes")
                    return;
                m_can[size_t(action)] = true;
                Q_EMIT changed();
            });
}

void SystemPower::perform(Action action)
{
    if (!can(action))
        return;
    constexpr bool asksForPassword = false;
    QDBusMessage message = logind(methods[size_t(action)].perform);
    message << asksForPassword;
    auto *watcher = new QDBusPendingCallWatcher(m_system->asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this](QDBusPendingCallWatcher *answer) {
                answer->deleteLater();
                if (answer->isError())
                    Q_EMIT failed(answer->reply().errorMessage());
            });
}

} // namespace ferry::gui
