// SPDX-License-Identifier: MIT
#include "server/uploads/putname.h"

#include "net/base/filename.h"
#include "net/base/utf8.h"

#include <QChar>
#include <QString>

#include <algorithm>
#include <array>

namespace ferry::server {

namespace {

/// Would show as something else than it is, or act on the text around it?
bool isMisleading(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        break;
    }
    switch (QChar::direction(c)) {
    case QChar::DirLRE:
    case QChar::DirLRO:
    case QChar::DirRLE:
    case QChar::DirRLO:
    case QChar::DirPDF:
    case QChar::DirLRI:
    case QChar::DirRLI:
    case QChar::DirFSI:
    case QChar::DirPDI:
        return true;
    default:
        return c == 0x200E || c == 0x200F || c == 0x061C; // marks of direction
    }
}

/// CON, NUL, COM1 and the like, with whatever behind a dot: Windows opens a device instead.
bool isDevice(const QString &folded)
{
    const QString stem = folded.section(u'.', 0, 0).trimmed();
    constexpr std::array<const char *, 6> names = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    if (std::any_of(names.begin(), names.end(),
                    [&stem](const char *name) { return stem == QLatin1StringView(name); }))
        return true;
    if (stem.size() != 4 ||
        !(stem.startsWith(QLatin1StringView("com")) || stem.startsWith(QLatin1StringView("lpt"))))
        return false;
    const char16_t digit = stem.at(3).unicode();
    return (digit >= u'1' && digit <= u'9') || digit == 0xB9 || digit == 0xB2 || digit == 0xB3;
}

/// What makes a file manager show a folder in another way, or start something.
bool isFolderSetup(const QString &folded)
{
    return folded == QLatin1StringView("desktop.ini") || folded == QLatin1StringView("autorun.inf");
}

} // namespace

bool mayBePut(QByteArrayView name)
{
    if (name.isEmpty() || name.startsWith('.') || name.endsWith('.') || name.endsWith(' '))
        return false;
    for (QByteArrayView rest = name; !rest.isEmpty();) {
        char32_t character = 0;
        const qsizetype length = decodeUtf8(rest, character);
        if (length == 0 || isMisleading(character))
            return false;
        rest = rest.sliced(length);
    }
    const QString folded = foldedName(name);
    return !isDevice(folded) && !isFolderSetup(folded);
}

} // namespace ferry::server
