// SPDX-License-Identifier: MIT
#include "server-gui/settings/limitsettings.h"

#include <QSettings>
#include <QString>
#include <QVariant>

namespace ferry::gui {

namespace {

constexpr int day = 24 * 3600;
constexpr int maxSpeed = 100'000'000; ///< kB/s: beyond any network card
constexpr qint64 kilobyte = 1000;

struct LimitFlag
{
    const char *key;
    bool LimitSettings::*value;
};
constexpr LimitFlag flags[] = {
    {"logToFile", &LimitSettings::logToFile},
    {"keepHistory", &LimitSettings::keepHistory},
    {"notify", &LimitSettings::notify},
    {"closeToTray", &LimitSettings::closeToTray},
    {"startWithProgram", &LimitSettings::startWithProgram},
    {"startAtLogin", &LimitSettings::startAtLogin},
};

/// What 0.1 wrote counts while there is nothing newer.
QVariant valueOf(const QSettings &file, const LimitField &field)
{
    const QVariant value = file.value(QLatin1StringView(field.key));
    return value.isNull() && field.value == &LimitSettings::maxPenalty
               ? file.value(QStringLiteral("penaltyMost"))
               : value;
}

} // namespace

const QList<LimitField> &limitFields()
{
    using L = LimitSettings;
    static const QList<LimitField> fields{
        {"sessions", &L::sessions, 1, 100'000},
        {"sessionsPerAddress", &L::sessionsPerAddress, 1, 100'000},
        {"strangers", &L::strangers, 1, 100'000},
        {"strangersPerAddress", &L::strangersPerAddress, 1, 100'000},
        {"speed", &L::speed, 0, maxSpeed},
        {"speedPerSession", &L::speedPerSession, 0, maxSpeed},
        {"handshake", &L::handshake, 1, 600},
        {"login", &L::login, 1, 3600},
        {"idle", &L::idle, 1, day},
        {"noProgress", &L::noProgress, 1, 3600},
        {"minimumSpeed", &L::minimumSpeed, 0, maxSpeed},
        {"minimumSpeedTime", &L::minimumSpeedTime, 1, 3600},
        {"failureDelay", &L::failureDelay, 0, 60},
        {"penaltyFirst", &L::penaltyFirst, 1, day},
        {"maxPenalty", &L::maxPenalty, 1, day},
        {"logMegabytes", &L::logMegabytes, 1, 100'000},
        {"logFiles", &L::logFiles, 1, 1000},
    };
    return fields;
}

const LimitField &limitField(int LimitSettings::*value)
{
    for (const LimitField &field : limitFields()) {
        if (field.value == value)
            return field;
    }
    Q_UNREACHABLE(); // every figure is in the table; its test sees to that
}

const char *limitFlagKey(bool LimitSettings::*value)
{
    for (const LimitFlag &flag : flags) {
        if (flag.value == value)
            return flag.key;
    }
    Q_UNREACHABLE();
}

void readLimits(QSettings &file, LimitSettings &limits)
{
    file.beginGroup(QStringLiteral("limits"));
    for (const LimitField &field : limitFields()) {
        bool isNumber = false;
        const int value = valueOf(file, field).toString().toInt(&isNumber);
        if (isNumber && value >= field.min && value <= field.max)
            limits.*field.value = value;
    }
    for (const LimitFlag &flag : flags)
        limits.*flag.value = file.value(QLatin1StringView(flag.key), limits.*flag.value).toBool();
    file.endGroup();
}

void writeLimits(QSettings &file, const LimitSettings &limits)
{
    file.beginGroup(QStringLiteral("limits"));
    for (const LimitField &field : limitFields())
        file.setValue(QLatin1StringView(field.key), limits.*field.value);
    for (const LimitFlag &flag : flags)
        file.setValue(QLatin1StringView(flag.key), limits.*flag.value);
    file.endGroup();
}

void putInto(server::ServerConfig &config, const LimitSettings &limits)
{
    const auto seconds = [](int count) { return std::chrono::seconds(count); };
    config.maxSessions = limits.sessions;
    config.maxSessionsPerAddress = limits.sessionsPerAddress;
    config.maxStrangers = limits.strangers;
    config.maxStrangersPerAddress = limits.strangersPerAddress;
    config.rateLimit = limits.speed * kilobyte;
    config.sessionRateLimit = limits.speedPerSession * kilobyte;
    config.tlsHandshakeTime = seconds(limits.handshake);
    config.loginTime = seconds(limits.login);
    config.idleTime = seconds(limits.idle);
    config.noProgressTime = seconds(limits.noProgress);
    config.minimumRate = limits.minimumSpeed * kilobyte;
    config.minimumRateWindow = seconds(limits.minimumSpeedTime);
    config.loginFailureDelay = seconds(limits.failureDelay);
    config.penaltyFirst = seconds(limits.penaltyFirst);
    config.maxPenalty = seconds(qMax(limits.penaltyFirst, limits.maxPenalty));
}

} // namespace ferry::gui
