// SPDX-License-Identifier: MIT
#include "client-gui/desktop/keychain.h"

#include "gui-common/desktop/desktopbus.h"

#include <qt6keychain/keychain.h>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QLibrary>

#include <algorithm>

namespace ferry::gui {

namespace {

QString service()
{
    return QStringLiteral("ferry-client");
}

/// Those that QtKeychain speaks to; the Secret Service only through its library.
bool isKeychain(const QString &name)
{
    if (name == QLatin1StringView("org.freedesktop.secrets"))
        return QLibrary(QStringLiteral("secret-1"), 0).load();
    return name == QLatin1StringView("org.kde.kwalletd5") ||
           name == QLatin1StringView("org.kde.kwalletd6");
}

template <typename Job>
Job *make(const QString &server, QObject *parent)
{
    auto *job = new Job(service(), parent);
    job->setKey(server);
    job->setInsecureFallback(false); // never a file
    return job;
}

} // namespace

Keychain::Keychain(QObject *parent)
    : PasswordStore(parent)
    , m_obstacle(tr("Looking for the system's keychain…"))
{
    look();
}

/// Asks the bus who is there, and not a keychain itself, which might ask the person to unlock it.
void Keychain::look()
{
    const std::optional<QDBusConnection> bus = desktopBus();
    const QString none = tr("This desktop has no keychain (such as GNOME Keyring or KWallet) that "
                            "could keep the password.");
    if (!bus)
        return setObstacle(none);
    const auto ask = [&bus, this](const char *method, const auto &next) {
        const auto call = QDBusMessage::createMethodCall(
            QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
            QStringLiteral("org.freedesktop.DBus"), QString::fromLatin1(method));
        auto *watcher = new QDBusPendingCallWatcher(bus->asyncCall(call), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this,
                [next](QDBusPendingCallWatcher *done) {
                    done->deleteLater();
                    const QDBusPendingReply<QStringList> reply = *done;
                    next(reply.isError() ? QStringList() : reply.value());
                });
    };
    const auto decide = [this, none](const QStringList &names) {
        if (m_obstacle.isEmpty())
            return; // the other list has one
        setObstacle(std::any_of(names.begin(), names.end(), isKeychain) ? QString() : none);
    };
    ask("ListNames", decide);
    ask("ListActivatableNames", decide);
}

void Keychain::setObstacle(const QString &text)
{
    if (text == m_obstacle)
        return;
    m_obstacle = text;
    Q_EMIT obstacleChanged();
}

void Keychain::read(const QString &server)
{
    auto *job = make<QKeychain::ReadPasswordJob>(server, this);
    connect(job, &QKeychain::Job::finished, this, [this, server, job] {
        if (job->error() == QKeychain::NoError)
            Q_EMIT found(server, job->textData());
        else
            Q_EMIT missing(server);
    });
    job->start();
}

void Keychain::write(const QString &server, const QString &password)
{
    auto *job = make<QKeychain::WritePasswordJob>(server, this);
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this, server, job] {
        if (job->error() == QKeychain::NoError)
            Q_EMIT written(server);
        else
            Q_EMIT notWritten(
                server,
                tr("The password was not remembered: %1.").arg(job->errorString().trimmed()));
    });
    job->start();
}

void Keychain::remove(const QString &server)
{
    make<QKeychain::DeletePasswordJob>(server, this)->start();
}

} // namespace ferry::gui
