// SPDX-License-Identifier: MIT
#include "gui-common/look/fileicon.h"

#include "gui-common/look/icon.h"

#include <QHash>
#include <QMimeDatabase>

namespace ferry::gui {

namespace {

struct FileType
{
    QIcon icon;
    QString kind;
};

QIcon ownFileIcon()
{
    return icon(QLatin1StringView("file"), Tone::Quiet);
}

FileType typeOf(const QString &name)
{
    const QMimeType type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
    if (type.isDefault())
        return {ownFileIcon(), {}};
    // A theme that has only some of them would mix two families.
    QIcon themed = QIcon::fromTheme(type.iconName());
    if (themed.isNull())
        themed = QIcon::fromTheme(type.genericIconName());
    QString kind = type.comment();
    if (!kind.isEmpty())
        kind[0] = kind[0].toUpper();
    return {themed.isNull() ? ownFileIcon() : themed, kind};
}

const FileType &known(QStringView name)
{
    // Models ask at every paint. By the ending, because many files share it; a peer cannot make
    // this grow without end.
    constexpr qsizetype most = 1000;
    static QHash<QString, FileType> types;
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString ending = dot <= 0 ? QString() : name.sliced(dot).toString().toLower();
    const auto found = types.constFind(ending);
    if (found != types.constEnd())
        return *found;
    if (types.size() >= most)
        types.clear();
    return *types.insert(ending, typeOf(u'x' + ending));
}

} // namespace

QIcon fileIcon(QStringView name)
{
    return known(name).icon;
}

QString fileKind(QStringView name)
{
    return known(name).kind;
}

QIcon folderIcon()
{
    const QIcon themed = QIcon::fromTheme(QStringLiteral("folder"));
    return themed.isNull() ? icon(QLatin1StringView("folder"), Tone::Accent) : themed;
}

} // namespace ferry::gui
