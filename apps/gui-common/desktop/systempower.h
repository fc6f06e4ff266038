// SPDX-License-Identifier: MIT
#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QString>

#include <array>
#include <optional>

namespace ferry::gui {

/// Suspends the computer or shuts it down, where logind lets this person do so. Nothing waits for
/// an answer. Main thread.
class SystemPower final : public QObject
{
    Q_OBJECT
public:
    enum class Action { Suspend, ShutDown };

    /// Asks at once what is possible; until there is an answer, nothing is.
    explicit SystemPower(const std::optional<QDBusConnection> &system, QObject *parent = nullptr);

    bool can(Action action) const { return m_can[size_t(action)]; }
    void perform(Action action);

Q_SIGNALS:
    /// can() says something else now.
    void changed();
    /// Why perform() did nothing, in the system's words.
    void failed(const QString &why);

private:
    void look(Action action);

    std::optional<QDBusConnection> m_system;
    std::array<bool, 2> m_can{};
};

} // namespace ferry::gui
