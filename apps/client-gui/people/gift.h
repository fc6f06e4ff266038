// SPDX-License-Identifier: MIT
/// A file that one person gives to another, as a conversation shows it.
#pragma once

#include "wire/extended/party.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace ferry::gui {

struct Gift
{
    enum class State {
        Sending,   ///< own: the server does not have all of it yet
        Waiting,   ///< the server has it; the receiver has not decided
        Saving,    ///< not own: on its way here
        Saved,     ///< not own: here, see `file`
        Taken,     ///< own: the receiver has it
        Declined,  ///< by the receiver
        Withdrawn, ///< by the giver
        Expired,   ///< nobody took it for a day
        Gone,      ///< for a reason that nobody knows
        Failed,    ///< own: the server did not get it, see `words`
    };

    bool own = false; ///< the person here gives it
    State state = State::Waiting;
    std::optional<extended::GiftPath> path; ///< where the server has it; nothing: not yet
    QString who;                            ///< the other person, safe to show
    QString name;                           ///< safe to show; never used to name a file
    qint64 size = -1;                       ///< bytes; -1: unknown
    quint64 row = 0;                        ///< of the queue, while one works for it; 0: none
    quint64 asked = 0;                      ///< the answer to DROP that is waited for; 0: none
    double fraction = -1;                   ///< of Sending and Saving: 0…1; -1: unknown
    QString words;                          ///< how far it is, or what went wrong
    QString file;                           ///< of Saved: its path on this computer

    // Of an own one, to go on with it:
    QByteArray source;      ///< its path on this computer, as the file system has it
    QByteArray uploadId;    ///< what the server keeps its part under
    qint64 sinceNs = 0;     ///< since when the receiver was there as it was given
    bool continues = false; ///< it goes on by itself once it is sure who the receiver is
};

/// What a person can do with one.
enum class GiftAct {
    Save,
    Decline,
    Open,       ///< the saved file
    ShowFolder, ///< the folder that it is in
    TakeBack,   ///< also what is still on its way there
    Cancel,     ///< saving; it stays on offer
    Again,      ///< to give it, after it failed
};

/// "Anna (12) offers report.pdf, 2 MB": what it is and what became of it.
QString giftText(const Gift &gift);

} // namespace ferry::gui
