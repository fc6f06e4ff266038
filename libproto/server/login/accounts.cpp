// SPDX-License-Identifier: MIT
#include "server/login/accounts.h"

#include "net/base/personname.h"
#include "net/base/privatefile.h"
#include "net/base/translate.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

#include <QDir>
#include <QMessageAuthenticationCode>
#include <QRandomGenerator>

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
                     tr("An account's name is made of letters, digits, '.', '_' and '-'.")};
    const bool generated = isGeneratedPassword(QString::fromUtf8(password));
    return sasl::makeVerifier(password,
                              generated ? limits::iterationsGenerated : limits::iterationsOwn);
}

} // namespace

Accounts::Accounts(const QString &folder)
    : m_file(folder.isEmpty() ? QString() : QDir(folder).filePath(QStringLiteral("accounts")),
             privatefile::Others::MayNothing)
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

Accounts::Content Accounts::parse(const QByteArray &text) const
{
    Content content;
    content.damaged = m_file.parse(text, [&content](const QList<QByteArray> &words) {
        if (words.join(' ') == firstLine)
            return true;
        if (words.size() == 2 && words.at(0) == "secret" &&
            decoded(words.at(1)).size() == secretBytes) {
            content.secret = decoded(words.at(1));
            return true;
        }
        if (words.size() != 7 || words.at(0) != "account" || words.at(2) != "scram-sha-256" ||
            !isValidName(words.at(1)) || content.accounts.contains(words.at(1)))
            return false;
        const sasl::Verifier verifier{decoded(words.at(4)), words.at(3).toInt(),
                                      decoded(words.at(5)), decoded(words.at(6))};
        if (verifier.iterations < limits::minIterations ||
            verifier.iterations > limits::maxIterations || verifier.salt.isEmpty() ||
            verifier.salt.size() > limits::maxSaltBytes || verifier.storedKey.size() != keyBytes ||
            verifier.serverKey.size() != keyBytes)
            return false;
        content.accounts.insert(words.at(1), verifier);
        return true;
    });
    return content;
}

QByteArray Accounts::print(const Content &content)
{
    QByteArray text = QByteArray(firstLine) + "\nsecret " + content.secret.toBase64() + '\n';
    for (auto it = content.accounts.constBegin(); it != content.accounts.constEnd(); ++it)
        text += "account " + it.key() + " scram-sha-256 " + QByteArray::number(it->iterations) +
                ' ' + it->salt.toBase64() + ' ' + it->storedKey.toBase64() + ' ' +
                it->serverKey.toBase64() + '\n';
    return text + content.damaged.lines;
}

/// With the lock held.
Result<> Accounts::load() const
{
    if (!m_file.hasChanged())
        return {};
    const auto text = m_file.read();
    if (!text) {
        // Who could log in a moment ago can go on doing so; the operator is told.
        m_content.damaged.problems = {text.error().text};
        return text.error();
    }
    m_content = parse(text.value());
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
    return m_content.damaged.problems;
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

Result<> Accounts::change(const std::function<Result<>(Content &)> &apply)
{
    const QMutexLocker locker(&m_mutex);
    Content next;
    const auto done = m_file.change([&](const QByteArray &text) -> Result<QByteArray> {
        next = parse(text);
        if (next.secret.isEmpty())
            next.secret = m_ownSecret;
        if (const auto applied = apply(next); !applied)
            return applied.error();
        return print(next);
    });
    if (done)
        m_content = std::move(next);
    return done;
}

Result<> Accounts::add(const QByteArray &name, const QByteArray &password)
{
    const Result<sasl::Verifier> verifier = verifierFor(name, password);
    if (!verifier)
        return verifier.error();
    return change([&](Content &content) -> Result<> {
        // One of an earlier version keeps its name.
        if (!content.accounts.contains(name) && isReservedName(QString::fromLatin1(name)))
            return Error{ErrorCode::Invalid,
                         tr("An account called “%1” could be taken for the server itself.")
                             .arg(QString::fromLatin1(name))};
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
                     tr("There is no account %1.").arg(QString::fromUtf8(name))};
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
