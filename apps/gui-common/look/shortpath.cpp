// SPDX-License-Identifier: MIT
#include "gui-common/look/shortpath.h"

#include <QDir>

namespace ferry::gui {

QString shortPath(const QString &path)
{
    const QString home = QDir::homePath();
    if (home.size() > 1 && path == home)
        return QStringLiteral("~");
    if (home.size() > 1 && path.startsWith(home + u'/'))
        return u'~' + path.mid(home.size());
    return QDir::toNativeSeparators(path);
}

} // namespace ferry::gui
