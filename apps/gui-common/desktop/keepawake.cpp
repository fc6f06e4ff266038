// SPDX-License-Identifier: MIT
#include "gui-common/desktop/keepawake.h"

#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QGuiApplication>

#include <utility>

namespace ferry::gui {

namespace {

struct Service
{
    const char *name;
    const char *path;
    const char *interface;
};

/// In the order of KeepAwake::Way.
constexpr Service services[] = {
    {"org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit",
     "org.freedesktop.PowerManagement.Inhibit"},
    {"org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager"},
    {"org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"},
};

constexpr uint gnomeSuspend = 4; ///< flag of org.gnome.SessionManager.Inhibit

} // namespace

KeepAwake::KeepAwake(const std::optional<QDBusConnection> &session,
                     const std::optional<QDBusConnection> &system, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_system(system)
{
}

KeepAwake::~KeepAwake()
{
    release();
}

void KeepAwake::set(bool wanted, const QString &why)
{
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    m_why = why;
    if (!wanted)
        release();
    else if (!m_asking && m_held == Way::None)
        ask(Way::PowerManager);
}

const std::optional<QDBusConnection> &KeepAwake::busOf(Way way) const
{
    return way == Way::Logind ? m_system : m_session;
}

QDBusMessage KeepAwake::call(Way way, const char *method) const
{
    const Service &service = services[size_t(way)];
    QDBusMessage message = QDBusMessage::createMethodCall(
        QString::fromLatin1(service.name), QString::fromLatin1(service.path),
        QString::fromLatin1(service.interface), QString::fromLatin1(method));
    message.setAutoStartService(false); // a desktop that is not there is not to be started
    return message;
}

void KeepAwake::ask(Way way)
{
    while (way != Way::None && !busOf(way))
        way = Way(int(way) + 1);
    m_asking = way != Way::None;
    if (!m_asking)
        return;
    QDBusMessage message = call(way, "Inhibit");
    const QString program = QGuiApplication::applicationDisplayName();
    switch (way) {
    case Way::PowerManager:
        message << program << m_why;
        break;
    case Way::GnomeSession:
        message << program << uint(0) << m_why << gnomeSuspend;
        break;
    case Way::Logind:
        message << QStringLiteral("idle") << program << m_why << QStringLiteral("block");
        break;
    case Way::None:
        break;
    }
    auto *watcher = new QDBusPendingCallWatcher(busOf(way)->asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
            [this, way](QDBusPendingCallWatcher *answer) {
                answer->deleteLater();
                take(way, *answer);
            });
}

void KeepAwake::take(Way way, const QDBusPendingCallWatcher &answer)
{
    m_asking = false;
    const QVariant first = answer.isError() ? QVariant() : answer.reply().arguments().value(0);
    if (first.userType() == qMetaTypeId<QDBusUnixFileDescriptor>()) {
        m_lock = first.value<QDBusUnixFileDescriptor>();
    } else if (first.userType() == QMetaType::UInt) {
        m_cookie = first.toUInt();
    } else {
        if (m_wanted)
            ask(Way(int(way) + 1));
        return;
    }
    m_held = way;
    if (!m_wanted)
        release();
}

void KeepAwake::release()
{
    const Way held = std::exchange(m_held, Way::None);
    if (held == Way::Logind)
        m_lock = QDBusUnixFileDescriptor();
    else if (held != Way::None)
        busOf(held)->send(call(held, held == Way::PowerManager ? "UnInhibit" : "Uninhibit")
                          << m_cookie);
}

} // namespace ferry::gui
