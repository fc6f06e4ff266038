// SPDX-License-Identifier: MIT
#include "client/disk/disknames.h"

#include "client/disk/diskerror.h"
#include "client/disk/localname.h"
#include "net/base/filedescriptor.h"
#include "net/base/filename.h"

#include <QStringList>

#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ferry::client {

namespace {

const QString special = QStringLiteral("\"*:<>?\\|");

bool isOtherByte(QChar character)
{
    return character >= QChar(0xDC80) && character <= QChar(0xDCFF); // localText()
}

bool isHexDigit(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'A' && c <= u'F') || (c >= u'a' && c <= u'f');
}

QString escape(uint byte)
{
    return u'%' + QStringLiteral("%1").arg(byte, 2, 16, QLatin1Char('0')).toUpper();
}

/// Whether a file can be made that is called so. Nothing of it is left.
bool isRefused(int folder, const QByteArray &name)
{
    const FileDescriptor made(
        ::openat(folder, name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made.valid())
        return isNameRefused(folder, errno);
    struct stat shorter = {};
    const QByteArray cut = name.chopped(1);
    const bool dropped = (name.endsWith('.') || name.endsWith(' ')) &&
                         ::fstatat(folder, cut.constData(), &shorter, AT_SYMLINK_NOFOLLOW) == 0;
    ::unlinkat(folder, (dropped ? cut : name).constData(), 0);
    return dropped;
}

} // namespace

RefusedNames RefusedNames::all()
{
    return {special, true, true, true, true};
}

RefusedNames refusedBy(int folder)
{
    // The digits of a partial file's name: nobody else's is called so.
    const QByteArray base = partName(QStringLiteral(".ferry"), ::gettid());
    RefusedNames refused;
    for (const QChar character : special) {
        if (isRefused(folder, base + character.toLatin1() + 'x'))
            refused.characters += character;
    }
    refused.controls = isRefused(folder, base + "\x01x");
    refused.lastDot = isRefused(folder, base + '.');
    refused.lastBlank = isRefused(folder, base + ' ');
    refused.otherBytes = isRefused(folder, base + "\xFFx");
    return refused;
}

QString encodedName(const QString &name, const RefusedNames &refused)
{
    if (refused == RefusedNames())
        return name;
    QString encoded;
    bool changed = false;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const QChar c = name[i];
        const bool last = i == name.size() - 1;
        const bool otherByte = isOtherByte(c) && (i == 0 || !name[i - 1].isHighSurrogate());
        const bool looksEncoded =
            c == u'%' && i + 2 < name.size() && isHexDigit(name[i + 1]) && isHexDigit(name[i + 2]);
        const bool encodes = looksEncoded || refused.characters.contains(c) ||
                             (c < u' ' && refused.controls) || (otherByte && refused.otherBytes) ||
                             (last && c == u'.' && refused.lastDot) ||
                             (last && c == u' ' && refused.lastBlank);
        changed = changed || encodes;
        encoded += encodes || c == u'%' ? escape(c.unicode() & 0xFF) : QString(c);
    }
    return changed ? encoded : name;
}

QString DiskNames::encoded(const QString &folder, const QString &below, bool wanted)
{
    // Most names are taken everywhere: no disk has to be asked.
    if (!m_enabled && !wanted)
        return below;
    QStringList names = below.split(u'/');
    bool plain = true;
    for (const QString &name : names)
        plain = plain && encodedName(name, RefusedNames::all()) == name;
    if (plain)
        return below;
    std::optional<RefusedNames> refused;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto known = m_known.constFind(folder); known != m_known.cend())
            refused = *known;
    }
    if (!refused) {
        const FileDescriptor opened(::open(folder.isEmpty() ? "." : localBytes(folder).constData(),
                                           O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!opened.valid())
            return below; // whoever makes the file says why
        refused = refusedBy(opened.get());
        const std::lock_guard lock(m_mutex);
        m_known.insert(folder, *refused);
    }
    for (QString &name : names)
        name = encodedName(name, *refused);
    return names.join(u'/');
}

} // namespace ferry::client
