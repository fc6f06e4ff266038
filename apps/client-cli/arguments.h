// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/download.h"
#include "client/limits.h"
#include "wire/extended/party.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>

namespace ferry::client {

/// The command line as values. Paths and folders stay the bytes that were typed.
struct Arguments
{
    enum class Command { Print, Get, Put, Ls, Queue, Known, Forget, Who, Tell, Listen, Give };
    Command command = Command::Print;
    QByteArray text; ///< to be printed: a help or the version

    enum class QueueWork { List, Run, Add, Retry, Clear, Move };
    QueueWork queueWork = QueueWork::List;
    QString queueFile;        ///< of `ferry queue`; empty: the usual one (savedqueue.h)
    bool everything = false;  ///< queue clear: what has not ended, too
    bool serverGiven = false; ///< queue run: the host is not empty
    ClientConfig newServer;   ///< queue move: where from now on; `config` is the old one
    int retries = 0;
    QStringList notKept; ///< queue add: options that are meant for "queue run"

    ClientConfig config;           ///< the password comes later
    QList<ClientConfig> forgotten; ///< forget: host, and port or 0
    bool longListing = false;      ///< ls: kind, size and time before each path
    bool wholeTree = false;        ///< ls: and everything below
    bool nulls = false;            ///< ls: a NUL byte ends each line
    bool allowUnencrypted = false;
    QString dataFolder; ///< of the known servers; empty: the usual one
    QString folder;     ///< of the saved files (localText); empty: the current one
    QString outputName; ///< -o: of the one saved file (localText); empty: as on the server
    bool toStandardOutput = false; ///< -o -
    bool hasOneTarget() const { return toStandardOutput || !outputName.isEmpty(); }
    ExistingPolicy existing = ExistingPolicy::Fail;
    bool executable = true;   ///< QueueRules
    bool encodeNames = false; ///< likewise
    qint64 rateLimit = 0;     ///< bytes per second; 0: none
    int filesAtOnce = limits::filesAtOnce;
    std::optional<QByteArray> passwordFile;
    bool passwordFromStdin = false;
    bool json = false;
    bool quiet = false;
    extended::Party to;                  ///< tell, give: whom
    QByteArray message;                  ///< tell: UTF-8; empty: it comes from standard input
    bool takesGifts = false;             ///< listen: what is given is saved in `folder`
    QByteArrayList paths;                ///< put, give: on this disk
    std::optional<QByteArray> putFolder; ///< put: where to, on the server
    QList<std::pair<QByteArray, Error>> leftOut; ///< get: what wildcards match, but nobody gives
};

/// `words` without the program's own name. Invalid, with a sentence, for what cannot be meant.
Result<Arguments> parseArguments(const QByteArrayList &words);

/// Invalid: this cannot be said in one message.
Result<> checkMessage(QByteArrayView text);

} // namespace ferry::client
