// SPDX-License-Identifier: MIT
#include "wire/virtualpath.h"

#include "wire/limits.h"

namespace ferry {

namespace {

bool isName(QByteArrayView name)
{
    return !name.isEmpty() && name != "." && name != ".." && name.size() <= limits::nameBytes &&
           !name.contains('\0');
}

} // namespace

std::optional<VirtualPath> VirtualPath::parse(QByteArrayView path)
{
    if (path.startsWith('/'))
        path = path.sliced(1);
    QByteArrayList names;
    for (;;) {
        const qsizetype slash = path.indexOf('/');
        const QByteArrayView name = slash < 0 ? path : path.first(slash);
        if (!isName(name))
            return std::nullopt;
        names.append(name.toByteArray());
        if (slash < 0)
            return VirtualPath(std::move(names));
        path = path.sliced(slash + 1);
    }
}

QByteArray VirtualPath::below() const
{
    return m_names.sliced(1).join('/');
}

QByteArray VirtualPath::toBytes() const
{
    return '/' + m_names.join('/');
}

} // namespace ferry
