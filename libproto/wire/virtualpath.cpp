// SPDX-License-Identifier: MIT
#include "wire/virtualpath.h"

#include "wire/limits.h"
#include "wire/names.h"

#include <algorithm>

namespace ferry {

std::optional<VirtualPath> VirtualPath::parse(QByteArrayView path)
{
    if (path.startsWith('/'))
        path = path.sliced(1);
    return fromNames(path.toByteArray().split('/'));
}

std::optional<VirtualPath> VirtualPath::fromTyped(QByteArrayView path)
{
    while (path.endsWith('/'))
        path.chop(1);
    if (path.size() > limits::pathBytes)
        return std::nullopt;
    return path.isEmpty() ? root() : parse(path);
}

std::optional<VirtualPath> VirtualPath::parseEncoded(QByteArrayView path)
{
    if (!path.startsWith('/'))
        return std::nullopt;
    if (path.size() == 1)
        return root();
    auto names = decodeNames(path.sliced(1));
    return names ? std::optional(VirtualPath(std::move(*names))) : std::nullopt;
}

std::optional<VirtualPath> VirtualPath::fromNames(QByteArrayList names)
{
    const bool valid = std::all_of(names.begin(), names.end(),
                                   [](const QByteArray &name) { return isName(name); });
    return valid ? std::optional(VirtualPath(std::move(names))) : std::nullopt;
}

QByteArray VirtualPath::below() const
{
    return m_names.mid(1).join('/');
}

QByteArray VirtualPath::toBytes() const
{
    qsizetype size = m_names.isEmpty() ? 1 : 0;
    for (const QByteArray &name : m_names)
        size += 1 + name.size();
    QByteArray path;
    path.reserve(size);
    for (const QByteArray &name : m_names) {
        path += '/';
        path += name;
    }
    return m_names.isEmpty() ? QByteArray("/") : path;
}

} // namespace ferry
