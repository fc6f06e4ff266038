// SPDX-License-Identifier: MIT
#include "client/connect/knownservers.h"

#include "net/base/ipaddresstext.h"
#include "net/base/recordfile.h"
#include "net/base/translate.h"
#include "net/channel/tlsidentity.h"

#include <QHostAddress>

#include <algorithm>

namespace ferry::client {

namespace {

struct Line
{
    QByteArray text;
    QByteArray server;      ///< what stands before the first blank
    QByteArray fingerprint; ///< empty: damaged

    bool isComment() const { return text.isEmpty() || text.startsWith('#'); }
};

QList<Line> parse(const QByteArray &text)
{
    QList<Line> lines;
    for (QByteArray line : text.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        const qsizetype blank = line.indexOf(' ');
        lines.append({line, line.left(blank),
                      blank < 0 ? QByteArray() : normalisedFingerprint(line.mid(blank + 1))});
    }
    if (lines.constLast().text.isEmpty())
        lines.removeLast();
    return lines;
}

/// Empty if it cannot be a host.
QByteArray hostKey(const QString &host)
{
    QString name = host.toLower();
    if (const auto address = parseIpAddress(name, Scope::Allowed)) {
        name = address.value().toString();
        if (address.value().protocol() == QAbstractSocket::IPv6Protocol)
            name = u'[' + name + u']';
    }
    const bool printable = std::all_of(name.cbegin(), name.cend(),
                                       [](QChar c) { return c.isPrint() && !c.isSpace(); });
    return name.startsWith(u'#') || !printable ? QByteArray() : name.toUtf8();
}

} // namespace

KnownServers::KnownServers(const QString &path)
    : m_path(path)
{
}

QByteArray KnownServers::key(const QString &host, quint16 port)
{
    const QByteArray name = hostKey(host);
    return name.isEmpty() || port == 0 ? QByteArray() : name + ':' + QByteArray::number(port);
}

Result<KnownServers::Answer> KnownServers::lookup(const QString &host, quint16 port,
                                                  const QByteArray &fingerprint) const
{
    const QByteArray server = key(host, port);
    const Result<QByteArray> text = RecordFile(m_path).read();
    if (!text)
        return text.error();
    for (const Line &line : parse(text.value())) {
        if (line.server != server)
            continue;
        if (line.fingerprint.isEmpty())
            return Error{ErrorCode::Damaged, tr("The line of %1 in %2 is damaged. Compare the "
                                                "server's fingerprint again and remove the line.")
                                                 .arg(QString::fromUtf8(server), m_path)};
        return Answer{line.fingerprint == fingerprint ? Match::Same : Match::Changed,
                      line.fingerprint};
    }
    return Answer();
}

Result<> KnownServers::change(const Condition &isMeant, const QByteArray &newLine)
{
    return RecordFile(m_path).change([&](const QByteArray &old) -> Result<QByteArray> {
        QByteArray text;
        bool placed = newLine.isEmpty();
        const auto place = [&] {
            if (!placed)
                text += newLine + '\n';
            placed = true;
        };
        for (const Line &line : parse(old)) {
            if (!line.isComment() && isMeant(line.server))
                place(); // where the old one was, once
            else
                text += line.text + '\n';
        }
        place();
        return text;
    });
}

Result<> KnownServers::save(const QString &host, quint16 port, const QByteArray &fingerprint)
{
    const QByteArray server = key(host, port);
    const QByteArray pin = normalisedFingerprint(fingerprint);
    if (server.isEmpty() || pin.isEmpty())
        return Error{ErrorCode::Invalid, tr("This is not a server's fingerprint.")};
    return change([&](const QByteArray &other) { return other == server; }, server + ' ' + pin);
}

Result<QByteArrayList> KnownServers::remove(const QString &host, quint16 port)
{
    const QByteArray server = port == 0 ? hostKey(host) : key(host, port);
    const auto isMeant = [&](const QByteArray &other) {
        return !server.isEmpty() &&
               server == (port == 0 ? other.left(other.lastIndexOf(':')) : other);
    };
    const Result<QByteArray> text = RecordFile(m_path).read();
    if (!text)
        return text.error();
    QByteArrayList found;
    for (const Line &line : parse(text.value())) {
        if (!line.isComment() && isMeant(line.server))
            found.append(line.server);
    }
    if (found.isEmpty())
        return found;
    const Result<> changed = change(isMeant, {});
    return changed ? Result<QByteArrayList>(found) : changed.error();
}

QByteArrayList KnownServers::serversWith(const QByteArray &fingerprint) const
{
    QByteArrayList servers;
    const auto entries = list();
    for (const Entry &entry : entries ? entries.value() : QList<Entry>()) {
        if (entry.fingerprint == fingerprint)
            servers.append(entry.server);
    }
    return servers;
}

Result<QList<KnownServers::Entry>> KnownServers::list(QStringList *problems) const
{
    const Result<QByteArray> text = RecordFile(m_path).read();
    if (!text)
        return text.error();
    QList<Entry> entries;
    qsizetype number = 0;
    for (const Line &line : parse(text.value())) {
        ++number;
        if (line.isComment())
            continue;
        if (!line.fingerprint.isEmpty())
            entries.append({line.server, line.fingerprint});
        else if (problems)
            problems->append(tr("%1, line %2 is damaged.").arg(m_path).arg(number));
    }
    return entries;
}

} // namespace ferry::client
