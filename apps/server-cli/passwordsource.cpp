// SPDX-License-Identifier: MIT
#include "server-cli/passwordsource.h"

#include "common/passwordtext.h"
#include "net/base/displaytext.h"
#include "net/base/privatefile.h"
#include "net/login/passphrase.h"

#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace ferry::servercli {

namespace {

/// Longer than any password can be on the wire, short enough to read whole.
constexpr qsizetype maxBytes = 64 * 1024;

Result<Password> checked(const QByteArray &bytes)
{
    if (bytes.isEmpty())
        return Error{ErrorCode::Invalid, QStringLiteral("the password is empty")};
    return Password{bytes, false};
}

Result<Password> fromFile(const QByteArray &path)
{
    // Not privatefile::read(): a pipe such as /dev/stdin or <(…) is welcome here.
    QFile file(QFile::decodeName(path));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::LocalFile, QStringLiteral("cannot read the password file %1: %2")
                                               .arg(displayText(path), file.errorString())};
    auto password = checked(withoutLineEnds(file.read(maxBytes)));
    if (password)
        password.value().exposed =
            QFileInfo(file).isFile() && privatefile::isExposed(file.fileName());
    return password;
}

/// The kept one, or a new one.
Result<Password> kept(const QString &dataFolder, const QString &name)
{
    const QString path = dataFolder + u'/' + name;
    const QByteArray fresh = generatePassphrase().toUtf8();
    if (auto folder = privatefile::ensureFolder(dataFolder); !folder)
        return folder.error();
    if (auto safe = privatefile::checkOurs(path, privatefile::Others::MayNothing); !safe)
        return safe.error();
    const auto created = privatefile::create(path, fresh + '\n');
    if (!created)
        return created.error();
    if (created.value())
        return Password{fresh, true};
    auto old = privatefile::read(path, maxBytes);
    if (!old)
        return old.error();
    return checked(withoutLineEnds(old.take()));
}

} // namespace

Result<Password> findPassword(const QByteArray &passwordFile, const QByteArray &environment,
                              const QString &dataFolder)
{
    if (!passwordFile.isEmpty())
        return fromFile(passwordFile);
    if (!environment.isNull())
        return checked(withoutLineEnds(environment));
    return kept(dataFolder, QStringLiteral("password"));
}

Result<Password> findClassicPassword(const QByteArray &passwordFile, const QString &dataFolder)
{
    return passwordFile.isEmpty() ? kept(dataFolder, QStringLiteral("classic-password"))
                                  : fromFile(passwordFile);
}

QString outerBlankRemark()
{
    return QStringLiteral("the password begins or ends with a space, which is part of it");
}

Result<QByteArray> passwordFromStdin()
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return Error{ErrorCode::LocalFile, QStringLiteral("cannot read standard input")};
    const QByteArray bytes = input.read(maxBytes);
    if (input.error() != QFile::NoError)
        return Error{ErrorCode::LocalFile,
                     QStringLiteral("cannot read standard input: %1").arg(input.errorString())};
    const auto password = checked(withoutLineEnds(bytes));
    if (!password)
        return password.error();
    return password.value().bytes;
}

QString defaultDataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/ferry");
}

} // namespace ferry::servercli
