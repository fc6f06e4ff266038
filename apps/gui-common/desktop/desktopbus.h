// SPDX-License-Identifier: MIT
/// What the desktop shows of a program besides its windows, told over the session bus. Nothing
/// waits for an answer, and where nobody listens nothing happens.
#pragma once

#include <QDBusConnection>
#include <QString>

#include <optional>

namespace ferry::gui {

/// The session bus; nothing if there is none, or no thread to be had for it.
std::optional<QDBusConnection> desktopBus();

/// The bus of the whole computer, likewise.
std::optional<QDBusConnection> systemBus();

/// The progress on the program's entry in the task bar, as the docks of several desktops show it
/// (com.canonical.Unity.LauncherEntry). 0…1; negative: none.
void sendTaskbarProgress(const std::optional<QDBusConnection> &bus, double fraction);

/// A notification (org.freedesktop.Notifications). Both are plain text. False: there is no bus.
bool sendNotification(const std::optional<QDBusConnection> &bus, const QString &title,
                      const QString &text);

} // namespace ferry::gui
