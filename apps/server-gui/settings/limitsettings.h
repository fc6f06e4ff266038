// SPDX-License-Identifier: MIT
#pragma once

#include "server/limits.h"
#include "server/serverconfig.h"

#include <QList>
#include <QString>

class QSettings;

namespace ferry::gui {

/// The figures that a person can set, in the units in which they are asked for. 0 in a speed
/// means no limit.
struct LimitSettings
{
    // At once:
    int sessions = limits::sessionsTotal;
    int sessionsPerAddress = limits::sessionsPerAddress;
    int strangers = limits::strangersTotal;
    int strangersPerAddress = limits::strangersPerAddress;

    // kB/s:
    int speed = 0;
    int speedPerSession = 0;

    // Seconds:
    int handshake = 5;
    int login = 30;
    int idle = 300;
    int noProgress = 60;
    int minimumSpeed = 1; ///< kB/s, over
    int minimumSpeedTime = 120;

    // Seconds, after a wrong password:
    int failureDelay = 1;
    int penaltyFirst = 5;
    int maxPenalty = 600;

    // Files and what is written into them:
    int logMegabytes = 10;
    int logFiles = limits::logFiles;
    bool logToFile = false;
    bool keepHistory = true;

    bool notify = true;       ///< while the window is not the active one
    bool closeToTray = false; ///< closing the window hides it, where there is a tray
    bool startWithProgram = false;
    bool startAtLogin = false; ///< what the desktop has been told, which others change too

    bool operator==(const LimitSettings &) const = default;
};

/// One of the figures: its name in the file, and what it can be.
struct LimitField
{
    const char *key;
    int LimitSettings::*value;
    int min;
    int max;
};
const QList<LimitField> &limitFields();
const LimitField &limitField(int LimitSettings::*value);

/// The name of a switch in the file.
const char *limitFlagKey(bool LimitSettings::*value);

/// What the file does not mention, or what is out of bounds, is as at a first run.
void readLimits(QSettings &file, LimitSettings &limits);
void writeLimits(QSettings &file, const LimitSettings &limits);

void putInto(server::ServerConfig &config, const LimitSettings &limits);

} // namespace ferry::gui
