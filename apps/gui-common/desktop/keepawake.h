// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QString>

#include <optional>

class QDBusPendingCallWatcher;

namespace ferry::gui {

/// Keeps the computer from going to sleep by itself while it is wanted. Whoever answers first is
/// asked: the desktop's power manager, GNOME's session manager, logind. A lid that is closed, or
/// a person who chooses to suspend, is not held up. Where nobody answers nothing happens. Nothing
/// waits for an answer. Main thread.
class KeepAwake final : public QObject
{
    Q_OBJECT
public:
    KeepAwake(const std::optional<QDBusConnection> &session,
              const std::optional<QDBusConnection> &system, QObject *parent = nullptr);
    ~KeepAwake() override;

    /// `why`: for a person who looks at the desktop's list, as it is at the first `true`.
    void set(bool wanted, const QString &why);

private:
    enum class Way { PowerManager, GnomeSession, Logind, None };

    QDBusMessage call(Way way, const char *method) const;
    void ask(Way way);
    void take(Way way, const QDBusPendingCallWatcher &answer);
    void release();
    const std::optional<QDBusConnection> &busOf(Way way) const;

    std::optional<QDBusConnection> m_session;
    std::optional<QDBusConnection> m_system;
    QString m_why;
    bool m_wanted = false;
    bool m_asking = false;
    Way m_held = Way::None;         ///< who keeps it awake
    uint m_cookie = 0;              ///< of those who give a number
    QDBusUnixFileDescriptor m_lock; ///< of logind, which lets go when it is closed
};

} // namespace ferry::gui
