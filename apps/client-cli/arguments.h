// SPDX-License-Identifier: MIT
#pragma once

#include "client/clientconfig.h"
#include "client/download.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <optional>

namespace ferry::client {

/// The command line as values. Paths and folders stay the bytes that were typed.
struct Arguments
{
    enum class Command { Help, GetHelp, LsHelp, Version, Get, Ls };
    Command command = Command::Help;

    ClientConfig config;      ///< without the password
    bool longListing = false; ///< ls: kind, size and time before each path
    bool wholeTree = false;   ///< ls: and everything below
    bool allowUnencrypted = false;
    QString dataFolder; ///< of the known servers; empty: the usual one
    QString folder;     ///< of the saved files (localText); empty: the current one
    ExistingPolicy existing = ExistingPolicy::Fail;
    int filesAtOnce = limits::filesAtOnce;
    std::optional<QByteArray> passwordFile;
    bool passwordFromStdin = false;
    bool json = false;
    bool quiet = false;
    QByteArrayList paths;
};

/// `words` without the program's own name. Invalid, with a sentence, for what cannot be meant.
Result<Arguments> parseArguments(const QByteArrayList &words);

QByteArray helpText();
QByteArray getHelpText();
QByteArray lsHelpText();
QByteArray versionText();

} // namespace ferry::client
