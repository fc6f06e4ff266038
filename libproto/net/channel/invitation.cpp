// SPDX-License-Identifier: MIT
#include "net/channel/invitation.h"

#include "net/base/translate.h"
#include "net/channel/tlsidentity.h"
#include "wire/limits.h"
#include "wire/names.h"
#include "wire/virtualpath.h"

#include <QLatin1StringView>

#include <algorithm>
#include <optional>

namespace ferry {

namespace {

constexpr QLatin1StringView scheme("ferry://");

Error invalid(const char *text)
{
    return {ErrorCode::Invalid, tr(text)};
}

/// Of `host:port` nothing is encoded but the % of an IPv6 scope (RFC 6874): a decoded @ or : would
/// be another host than the one that is read.
std::optional<QString> hostIn(QStringView text)
{
    QString host = text.toString();
    if (host.startsWith(u'['))
        host.replace(QStringLiteral("%25"), QStringLiteral("\n"));
    if (host.contains(u'%'))
        return std::nullopt;
    return host.replace(u'\n', u'%');
}

Result<QString> addressIn(QStringView authority)
{
    const qsizetype at = authority.lastIndexOf(u'@');
    const auto host = hostIn(authority.sliced(at + 1));
    if (!host || host->isEmpty())
        return invalid(QT_TRANSLATE_NOOP("ferry", "The host is missing in this link."));
    if (at < 0)
        return *host;
    if (authority.first(at).contains(u':'))
        return invalid(QT_TRANSLATE_NOOP(
            "ferry", "There is a password in this link, where anyone can read it. Ask for another "
                     "link, and for another password."));
    const auto user = percentDecode(authority.first(at).toUtf8());
    if (!user || user->isEmpty() || !user->isValidUtf8())
        return invalid(QT_TRANSLATE_NOOP("ferry", "The user name in this link is damaged."));
    return QString::fromUtf8(*user) + u'@' + *host;
}

Result<QByteArray> pathIn(QStringView encoded)
{
    QByteArray path = encoded.toUtf8();
    while (path.endsWith('/'))
        path.chop(1);
    if (path.isEmpty())
        return path;
    const auto decoded = VirtualPath::parseEncoded(path);
    if (!decoded || path.size() > limits::pathBytes)
        return invalid(QT_TRANSLATE_NOOP("ferry", "The path in this link is damaged."));
    return decoded->toBytes();
}

Result<QByteArray> fingerprintIn(QStringView query)
{
    QByteArray fingerprint;
    for (const QStringView part : query.split(u'&')) {
        const qsizetype equals = part.indexOf(u'=');
        if (equals < 0 || part.first(equals) != u"fp")
            continue;
        const auto value = percentDecode(part.sliced(equals + 1).toUtf8());
        const QByteArray given = value ? normalisedFingerprint(*value) : QByteArray();
        if (given.isEmpty() || !fingerprint.isEmpty())
            return invalid(QT_TRANSLATE_NOOP(
                "ferry", "The fingerprint in this link is damaged. Copy the whole link again."));
        fingerprint = given;
    }
    return fingerprint;
}

} // namespace

bool Invitation::isMeant(const QString &text)
{
    return text.trimmed().startsWith(scheme, Qt::CaseInsensitive);
}

Result<Invitation> Invitation::parse(const QString &text)
{
    const QString trimmed = text.trimmed();
    const bool readable = std::none_of(trimmed.begin(), trimmed.end(),
                                       [](QChar c) { return c <= u' ' || c == u'#'; });
    if (!isMeant(trimmed) || trimmed.size() > longest || !readable)
        return invalid(QT_TRANSLATE_NOOP("ferry", "This is not a link to a Ferry server."));
    const QStringView rest = QStringView(trimmed).sliced(scheme.size());
    const qsizetype question = rest.indexOf(u'?');
    const QStringView place = question < 0 ? rest : rest.first(question);
    const qsizetype slash = place.indexOf(u'/');

    Invitation invitation;
    auto address = addressIn(slash < 0 ? place : place.first(slash));
    if (!address)
        return address.error();
    auto path = pathIn(slash < 0 ? QStringView() : place.sliced(slash));
    if (!path)
        return path.error();
    auto fingerprint = fingerprintIn(question < 0 ? QStringView() : rest.sliced(question + 1));
    if (!fingerprint)
        return fingerprint.error();
    invitation.address = address.take();
    invitation.path = path.take();
    invitation.fingerprint = fingerprint.take();
    return invitation;
}

QString Invitation::toText() const
{
    const qsizetype at = address.lastIndexOf(u'@');
    QString host = address.sliced(at + 1);
    host.replace(u'%', QStringLiteral("%25"));
    const QString user =
        at < 0 ? QString()
               : QString::fromLatin1(address.first(at).toUtf8().toPercentEncoding()) + u'@';
    const QString where =
        path.isEmpty() ? QStringLiteral("/") : QString::fromLatin1(path.toPercentEncoding("/"));
    const QString who = fingerprint.isEmpty()
                            ? QString()
                            : QStringLiteral("?fp=") + QString::fromLatin1(fingerprint);
    return scheme + user + host + where + who;
}

} // namespace ferry
