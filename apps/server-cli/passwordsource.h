// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::servercli {

struct Password
{
    QByteArray bytes;
    bool isNew = false;   ///< generated just now, so somebody must be told
    bool exposed = false; ///< in a file of the operator's that others may read or write
};

/// From `passwordFile` if that is not empty (without line ends around it), else from
/// `environment` if that is not null, else the one kept in `dataFolder`, which is generated if
/// there is none. Invalid if it is empty, LocalFile if a file cannot be read or made.
Result<Password> findPassword(const QByteArray &passwordFile, const QByteArray &environment,
                              const QString &dataFolder);

/// What AUTH takes at a classic door that others can reach, where it can be overheard: from
/// `passwordFile`, else the one kept in `dataFolder` beside the other, generated if there is none.
/// Errors as above.
Result<Password> findClassicPassword(const QByteArray &passwordFile, const QString &dataFolder);

/// What is told about a password with a blank at one end.
QString outerBlankRemark();

/// The whole of standard input, without line ends around it. Invalid.
Result<QByteArray> passwordFromStdin();

/// $XDG_DATA_HOME/ferry or ~/.local/share/ferry.
QString defaultDataFolder();

} // namespace ferry::servercli
