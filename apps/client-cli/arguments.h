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
    enum class Command { Help, GetHelp, Version, Get };
    Command command = Command::Help;

    ClientConfig config; ///< without the password
    bool allowUnencrypted = false;
    QString folder; ///< of the saved files (localText); empty: the current one
    ExistingPolicy existing = ExistingPolicy::Fail;
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
QByteArray versionText();

} // namespace ferry::client
