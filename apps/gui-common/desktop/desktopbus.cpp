// SPDX-License-Identifier: MIT
#include "gui-common/desktop/desktopbus.h"

#include "net/base/filedescriptor.h"
#include "net/base/workerthread.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QGuiApplication>
#include <QVariantMap>

#include <array>

#include <fcntl.h>

namespace ferry::gui {

namespace {
constexpr int usualTime = -1; // as long as the desktop likes to show it

/// Qt's first use of D-Bus starts a thread with an event loop, and waits for it, started or not:
/// are there descriptors and a thread for it? Tries it.
bool threadLeft()
{
    std::array<FileDescriptor, 4> taken;
    for (FileDescriptor &descriptor : taken) {
        descriptor = FileDescriptor(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!descriptor.valid())
            return false;
    }
    return WorkerThread("bus", [] {}).start().ok();
}

std::optional<QDBusConnection> connected(QDBusConnection (*connect)())
{
    if (!threadLeft())
        return std::nullopt;
    const QDBusConnection bus = connect();
    return bus.isConnected() ? std::optional(bus) : std::nullopt;
}
} // namespace

std::optional<QDBusConnection> desktopBus()
{
    return connected(&QDBusConnection::sessionBus);
}

std::optional<QDBusConnection> systemBus()
{
    return connected(&QDBusConnection::systemBus);
}

void sendTaskbarProgress(const std::optional<QDBusConnection> &bus, double fraction)
{
    if (!bus)
        return;
    auto signal = QDBusMessage::createSignal(QStringLiteral("/org/ferry/Client"),
                                             QStringLiteral("com.canonical.Unity.LauncherEntry"),
                                             QStringLiteral("Update"));
    const QVariantMap properties{{QStringLiteral("progress"), std::max(0.0, fraction)},
                                 {QStringLiteral("progress-visible"), fraction >= 0}};
    signal << QStringLiteral("application://org.ferry.Client.desktop") << properties;
    bus->send(signal);
}

bool sendNotification(const std::optional<QDBusConnection> &bus, const QString &title,
                      const QString &text)
{
    if (!bus)
        return false;
    auto call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
                                               QStringLiteral("/org/freedesktop/Notifications"),
                                               QStringLiteral("org.freedesktop.Notifications"),
                                               QStringLiteral("Notify"));
    const uint replaces = 0;
    const QString entry = QGuiApplication::desktopFileName();
    const QVariantMap hints{{QStringLiteral("desktop-entry"), entry}};
    call << QGuiApplication::applicationDisplayName() << replaces << entry << title
         << text.toHtmlEscaped() << QStringList() << hints << usualTime;
    return bus->send(call);
}

} // namespace ferry::gui
