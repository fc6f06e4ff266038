// SPDX-License-Identifier: MIT
/// A bus of our own, and services on it that answer as those of a desktop do.
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QHash>
#include <QList>
#include <QProcess>
#include <QStandardPaths>
#include <QString>
#include <QTemporaryDir>
#include <QVariantList>

#include <utility>

namespace ferry::test {

class PrivateBus final
{
public:
    PrivateBus()
    {
        m_daemon.start(QStringLiteral("dbus-daemon"),
                       {QStringLiteral("--session"), QStringLiteral("--nofork"),
                        QStringLiteral("--print-address=1"),
                        QStringLiteral("--address=unix:dir=%1").arg(m_dir.path())});
        while (m_daemon.waitForReadyRead(10000) && !m_daemon.canReadLine()) {
        }
        const QString address = QString::fromUtf8(m_daemon.readLine()).trimmed();
        if (address.isEmpty())
            return;
        program = QDBusConnection::connectToBus(address, QStringLiteral("program"));
        desktop = QDBusConnection::connectToBus(address, QStringLiteral("desktop"));
    }
    ~PrivateBus()
    {
        QDBusConnection::disconnectFromBus(QStringLiteral("program"));
        QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
        m_daemon.kill();
        m_daemon.waitForFinished();
    }
    PrivateBus(const PrivateBus &) = delete;
    PrivateBus &operator=(const PrivateBus &) = delete;

    static bool isPossible()
    {
        return !QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty();
    }

    QDBusConnection program{QString()};
    QDBusConnection desktop{QString()};

private:
    QTemporaryDir m_dir;
    QProcess m_daemon;
};

/// Keeps what it is asked, and answers what it is told to; all else is an error.
class FakeService final : public QDBusVirtualObject
{
public:
    FakeService(PrivateBus *bus, const char *name, const char *path)
        : m_bus(bus->desktop)
        , m_name(QString::fromLatin1(name))
        , m_path(QString::fromLatin1(path))
    {
        m_bus.registerVirtualObject(m_path, this);
        m_bus.registerService(m_name);
    }
    ~FakeService() override
    {
        m_bus.unregisterService(m_name);
        m_bus.unregisterObject(m_path);
    }

    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        calls.append({message.member(), message.arguments()});
        const auto answer = answers.constFind(message.member());
        return bus.send(
            answer == answers.constEnd()
                ? message.createErrorReply(QDBusError::AccessDenied, QStringLiteral("Not now."))
                : message.createReply(*answer));
    }
    /// How often it was asked that.
    qsizetype count(const char *member) const
    {
        qsizetype number = 0;
        for (const auto &[name, arguments] : calls)
            number += name == QLatin1StringView(member);
        return number;
    }
    QVariantList last(const char *member) const
    {
        QVariantList found;
        for (const auto &[name, arguments] : calls) {
            if (name == QLatin1StringView(member))
                found = arguments;
        }
        return found;
    }

    QHash<QString, QVariantList> answers;
    QList<std::pair<QString, QVariantList>> calls;

private:
    QDBusConnection m_bus;
    QString m_name;
    QString m_path;
};

} // namespace ferry::test
