// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessionwords.h"

#include "gui-common/look/format.h"
#include "server-gui/sessions/sessiondetails.h"
#include "server-gui/sessions/sessionmodel.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ferry::gui {

using server::SessionInfo;
using server::SessionState;

namespace {

constexpr qint64 second = 1000;
constexpr qint64 betweenPartsMs = 2000;

struct SessionWords
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::SessionWords)
};

/// The engine's figure is smoothed and fades; beside the word "stalled" only 0 makes sense.
qint64 speedNow(const SessionInfo &s)
{
    const bool moving = s.state == SessionState::Sending || s.state == SessionState::Receiving;
    return moving ? s.bytesPerSecond : 0;
}

/// Of both directions, as far as there is something.
QString doneText(const SessionInfo &s)
{
    QStringList done;
    if (s.filesSent > 0)
        done.append(
            s.filesVerified == s.filesSent
                ? SessionWords::tr("%Ln files delivered, verified", nullptr, int(s.filesSent))
                : SessionWords::tr("%Ln files delivered", nullptr, int(s.filesSent)));
    if (s.filesReceived > 0)
        done.append(
            SessionWords::tr("%Ln files received, verified", nullptr, int(s.filesReceived)));
    return done.join(QStringLiteral(", "));
}

} // namespace

bool isMovingFile(const SessionInfo &s)
{
    return s.state == SessionState::Sending || s.state == SessionState::Receiving ||
           s.state == SessionState::Stalled ||
           (s.state == SessionState::Paused && s.fileSent < s.fileSize) || isBetweenParts(s);
}

bool isBetweenParts(const SessionInfo &s)
{
    return s.state == SessionState::Idle && s.fileSent > 0 && s.fileSent < s.fileSize &&
           s.idleMs < betweenPartsMs;
}

bool isAllVerified(const SessionInfo &s)
{
    return s.filesSent + s.filesReceived > 0 && s.filesVerified == s.filesSent && !s.failed;
}

QString sessionText(const SessionInfo &s, int column)
{
    const bool ended = s.state == SessionState::Ended;
    switch (column) {
    case SessionModel::Id:
        return QString::number(s.id);
    case SessionModel::Since:
        return formatClock(s.sinceMs, true);
    case SessionModel::Name:
        return s.name;
    case SessionModel::Address:
        return s.address;
    case SessionModel::Client:
        return s.client;
    case SessionModel::Account:
        return s.account;
    case SessionModel::Encryption:
        return encryptionText(s);
    case SessionModel::State:
        return s.muted && !ended ? SessionWords::tr("%1, muted").arg(sessionStateText(s))
                                 : sessionStateText(s);
    case SessionModel::File:
        return s.file;
    case SessionModel::Progress:
        return isMovingFile(s) && s.fileSize > 0
                   ? formatPercent(double(s.fileSent) / double(s.fileSize))
                   : QString();
    case SessionModel::Speed:
        return isMovingFile(s) ? formatSpeed(speedNow(s)) : QString();
    case SessionModel::Average:
        return s.sent + s.received > 0 ? formatSpeed(s.averageBytesPerSecond) : QString();
    case SessionModel::Sent:
        return s.sent > 0 ? formatSize(s.sent) : QString();
    case SessionModel::Received:
        return s.received > 0 ? formatSize(s.received) : QString();
    case SessionModel::Verified:
        return s.filesSent > 0 ? SessionWords::tr("%1 of %2")
                                     .arg(formatCount(s.filesVerified))
                                     .arg(formatCount(s.filesSent))
                               : QString();
    case SessionModel::Idle:
        return ended || s.state == SessionState::Sending || s.state == SessionState::Receiving ||
                       s.idleMs < second
                   ? QString()
                   : formatDuration(s.idleMs);
    default:
        return {};
    }
}

QString sessionStateText(const SessionInfo &s)
{
    switch (s.state) {
    case SessionState::Login:
        return SessionWords::tr("Not logged in");
    case SessionState::Idle:
        return s.filesSent + s.filesReceived == 0 ? SessionWords::tr("Logged in") : doneText(s);
    case SessionState::Sending:
        return s.rateLimit > 0
                   ? SessionWords::tr("Sending, limited to %1").arg(formatSpeed(s.rateLimit))
                   : SessionWords::tr("Sending");
    case SessionState::Receiving:
        return s.rateLimit > 0
                   ? SessionWords::tr("Receiving, limited to %1").arg(formatSpeed(s.rateLimit))
                   : SessionWords::tr("Receiving");
    case SessionState::Stalled:
        return SessionWords::tr("Stalled %1").arg(formatDuration(s.idleMs));
    case SessionState::Paused:
        return SessionWords::tr("Paused");
    case SessionState::Ended:
        return s.outcome.isEmpty() ? SessionWords::tr("Ended") : s.outcome;
    }
    return {};
}

QVariant sessionSortValue(const SessionInfo &s, int column)
{
    switch (column) {
    case SessionModel::Id:
        return s.id;
    case SessionModel::Since:
        return s.sinceMs;
    case SessionModel::Progress:
        return isMovingFile(s) && s.fileSize > 0 ? double(s.fileSent) / double(s.fileSize) : -1.0;
    case SessionModel::Speed:
        return isMovingFile(s) ? speedNow(s) : qint64(-1);
    case SessionModel::Average:
        return s.averageBytesPerSecond;
    case SessionModel::Sent:
        return s.sent;
    case SessionModel::Received:
        return s.received;
    case SessionModel::Verified:
        return s.filesVerified;
    case SessionModel::Idle:
        return s.state == SessionState::Ended ? qint64(-1) : s.idleMs;
    default:
        return sessionText(s, column);
    }
}

Tone sessionTone(const SessionInfo &s, int column)
{
    if ((column == SessionModel::State &&
         (s.state == SessionState::Ended || s.state == SessionState::Idle)) ||
        column == SessionModel::Verified) {
        if (isAllVerified(s))
            return Tone::Good;
    }
    if (s.state == SessionState::Ended)
        return column == SessionModel::State && s.failed ? Tone::Bad : Tone::Quiet;
    if (column == SessionModel::State && s.state == SessionState::Stalled)
        return Tone::Caution;
    return Tone::Normal;
}

QString sessionToolTip(const SessionInfo &s, int column)
{
    switch (column) {
    case SessionModel::Since:
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(s.sinceMs), QLocale::LongFormat);
    case SessionModel::Address:
        return SessionWords::tr("%1, from port %2").arg(s.address).arg(s.port);
    case SessionModel::Encryption:
        return s.cipher.isEmpty() ? sessionText(s, column)
                                  : QStringLiteral("%1, %2").arg(sessionText(s, column), s.cipher);
    case SessionModel::Verified:
        return SessionWords::tr("Files that the client has verified, out of those sent");
    default:
        return sessionText(s, column);
    }
}

} // namespace ferry::gui
