// SPDX-License-Identifier: MIT
#include "server/login/accounts.h"

#include "net/base/privatefile.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace ferry::server {

namespace {

constexpr qsizetype secretBytes = 32;
constexpr qsizetype keyBytes = 32;
constexpr char firstLine[] = "ferry-accounts 1";

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes;
}

QByteArray decoded(const QByteArray &base64)
{
    const auto result =
        QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    return result ? *result : QByteArray();
}

Result<sasl::Verifier> verifierFor(const QByteArray &name, const QByteArray &password)
{
    if (!Accounts::isValidName(name))
        return Error{ErrorCode::Invalid,
                     QCoreApplication::translate(
                         "ferry", "An account's name is made of letters, digits, '.', '_' and "
                                  "'-'.")};
    const bool generated = isGeneratedPassword(QString::fromUtf8(password));
    return sasl::makeVerifier(password,
                              generated ? limits::iterationsGenerated : limits::iterationsOwn);
}

} // namespace

Accounts::Accounts(const QString &folder)
    : m_path(folder.isEmpty() ? QString() : QDir(folder).filePath(QStringLiteral("accounts")))
    , m_ownSecret(randomBytes(secretBytes))
{
}

bool Accounts::isValidName(const QByteArray &name)
{
    return !name.isEmpty() && name.size() <= limits::accountNameBytes &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

Accounts::Stamp Accounts::stamp() const
{
    struct stat status = {};
    if (m_path.isEmpty() || ::stat(QFile::encodeName(m_path).constData(), &status) != 0)
        return {};
    const timespec &modified = status.st_mtim;
    return {qint64(status.st_ino), qint64(status.st_size),
            qint64(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec};
}

Accounts::Content Accounts::parse(const QByteArray &text) const
{
    Content content;
    const QList<QByteArray> lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray &line = lines.at(i);
        const QList<QByteArray> parts = line.split(' ');
        if (line.isEmpty() || line == firstLine)
            continue;
        if (parts.size() == 2 && parts.at(0) == "secret" &&
            decoded(parts.at(1)).size() == secretBytes) {
            content.secret = decoded(parts.at(1));
            continue;
        }
        if (parts.size() == 7 && parts.at(0) == "account" && parts.at(2) == "scram-sha-256" &&
            isValidName(parts.at(1)) && !content.accounts.contains(parts.at(1))) {
            const sasl::Verifier verifier{decoded(parts.at(4)), parts.at(3).toInt(),
                                          decoded(parts.at(5)), decoded(parts.at(6))};
            if (verifier.iterations >= limits::minIterations &&
                verifier.iterations <= limits::maxIterations && !verifier.salt.isEmpty() &&
                verifier.salt.size() <= limits::maxSaltBytes &&
                verifier.storedKey.size() == keyBytes && verifier.serverKey.size() == keyBytes) {
                content.accounts.insert(parts.at(1), verifier);
                continue;
            }
        }
        content.unreadable.append(line);
        content.problems.append(
            QCoreApplication::translate("ferry", "%1, line %2 is damaged and was passed over.")
                .arg(m_path)
                .arg(i + 1));
    }
    return content;
}

QByteArray Accounts::print(const Content &content)
{
    QByteArray text = QByteArray(firstLine) + "\nsecret " + content.secret.toBase64() + '\n';
    for (auto it = content.accounts.constBegin(); it != content.accounts.constEnd(); ++it)
        text += "account " + it.key() + " scram-sha-256 " + QByteArray::number(it->iterations) +
                ' ' + it->salt.toBase64() + ' ' + it->storedKey.toBase64() + ' ' +
                it->serverKey.toBase64() + '\n';
    for (const QByteArray &line : content.unreadable)
        text += line + '\n';
    return text;
}

/// With the lock held.
Result<> Accounts::load(bool always) const
{
    const Stamp now = stamp();
    if (m_path.isEmpty() || (now == m_stamp && !always))
        return {};
    const Result<QByteArray> text = privatefile::read(m_path, limits::listFileBytes);
    if (text) {
        m_content = parse(text.value());
        if (privatefile::isExposed(m_path))
            m_content.problems.append(
                QCoreApplication::translate("ferry", "Others can read %1 (chmod 600).")
                    .arg(m_path));
    } else if (text.error().code == ErrorCode::NotFound) {
        m_content = Content();
    } else {
        // Who could log in a moment ago can go on doing so; the operator is told.
        m_content.problems = {text.error().text};
        return text.error();
    }
    m_stamp = now;
    return {};
}

Result<> Accounts::refresh()
{
    const QMutexLocker locker(&m_mutex);
    return load();
}

QStringList Accounts::problems() const
{
    const QMutexLocker locker(&m_mutex);
    return m_content.problems;
}

QList<Accounts::Entry> Accounts::list() const
{
    const QMutexLocker locker(&m_mutex);
    static_cast<void>(load()); // see problems()
    QMap<QByteArray, Entry> entries;
    for (auto it = m_content.accounts.constBegin(); it != m_content.accounts.constEnd(); ++it)
        entries.insert(it.key(), {it.key(), it->iterations, true});
    for (auto it = m_transient.constBegin(); it != m_transient.constEnd(); ++it)
        entries.insert(it.key(), {it.key(), it->iterations, false});
    return entries.values();
}

/// Reads, applies and writes, with all other writers kept out.
template <typename Change>
Result<> Accounts::change(Change &&apply)
{
    const QMutexLocker locker(&m_mutex);
    if (m_path.isEmpty())
        return Error{ErrorCode::Invalid,
                     QCoreApplication::translate("ferry", "Accounts need a data folder.")};
    if (const Result<> made = privatefile::ensureFolder(QFileInfo(m_path).path()); !made)
        return made;
    const Result<privatefile::Lock> lock =
        privatefile::Lock::take(m_path, QDeadlineTimer(limits::lockTime));
    if (!lock)
        return lock.error();
    if (const Result<> loaded = load(true); !loaded)
        return loaded;
    Content next = m_content;
    if (next.secret.isEmpty())
        next.secret = m_ownSecret;
    if (const Result<> applied = apply(next); !applied)
        return applied;
    if (const Result<> written = privatefile::replace(m_path, print(next)); !written)
        return written;
    m_content = std::move(next);
    m_stamp = stamp();
    return {};
}

Result<> Accounts::add(const QByteArray &name, const QByteArray &password)
{
    const Result<sasl::Verifier> verifier = verifierFor(name, password);
    if (!verifier)
        return verifier.error();
    return change([&](Content &content) -> Result<> {
        content.accounts.insert(name, verifier.value());
        return {};
    });
}

Result<> Accounts::remove(const QByteArray &name)
{
    return change([&](Content &content) -> Result<> {
        if (content.accounts.remove(name) > 0)
            return {};
        return Error{ErrorCode::NotFound,
                     QCoreApplication::translate("ferry", "There is no account %1.")
                         .arg(QString::fromUtf8(name))};
    });
}

Result<> Accounts::addTransient(const QByteArray &name, const QByteArray &password)
{
    const Result<sasl::Verifier> verifier = verifierFor(name, password);
    if (!verifier)
        return verifier.error();
    const QMutexLocker locker(&m_mutex);
    m_transient.insert(name, verifier.value());
    return {};
}

/// With the lock held.
sasl::Verifier Accounts::pretended(const QByteArray &name) const
{
    const QByteArray &secret = m_content.secret.isEmpty() ? m_ownSecret : m_content.secret;
    const auto derive = [&](const char *purpose) {
        return QMessageAuthenticationCode::hash(QByteArray(purpose) + '\0' + name, secret,
                                                QCryptographicHash::Sha256);
    };
    // The iterations of one of those who exist, so that a stranger cannot tell by them either.
    QList<int> iterations;
    for (const auto *accounts : {&std::as_const(m_content.accounts), &m_transient}) {
        for (const sasl::Verifier &verifier : *accounts) {
            if (!iterations.contains(verifier.iterations))
                iterations.append(verifier.iterations);
        }
    }
    std::sort(iterations.begin(), iterations.end());
    const int which = iterations.isEmpty()
                          ? limits::iterationsGenerated
                          : iterations.at(uchar(derive("iterations").at(0)) % iterations.size());
    return {derive("salt").first(limits::saltBytes), which, derive("stored"), derive("server")};
}

sasl::ScramServer::Account Accounts::lookup(const QByteArray &name) const
{
    const QMutexLocker locker(&m_mutex);
    static_cast<void>(load()); // see problems()
    // Made in any case: the time must not tell.
    const sasl::Verifier nobody = pretended(name);
    for (const auto *accounts : {&m_transient, &std::as_const(m_content.accounts)}) {
        if (const auto found = accounts->constFind(name); found != accounts->constEnd())
            return {*found, true};
    }
    return {nobody, false};
}

bool Accounts::verify(const QByteArray &name, const QByteArray &password) const
{
    const sasl::ScramServer::Account account = lookup(name);
    return sasl::matches(account.verifier, password) && account.exists;
}

} // namespace ferry::server
