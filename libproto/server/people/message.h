// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>

namespace ferry::server {

/// What somebody wrote to the operator: a copy, for a window.
struct Message
{
    qint64 id = 0;       ///< later ones have higher ones, also after the program was started anew
    quint64 session = 0; ///< whose it is: all that is certain, with the account
    QString account;     ///< safe to show
    QString name;        ///< what they call themselves; safe to show in one line, may be empty
    QString text;        ///< remote text as it came, also with line ends and marks: plain text only
    bool toAll = false;  ///< others were sent it as well
    qint64 atMs = 0;     ///< wall clock, since the epoch
};

struct Messages
{
    QList<Message> list; ///< oldest first
    qint64 lost = 0;     ///< came before these, and were not kept
};

} // namespace ferry::server
