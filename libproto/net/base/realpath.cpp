// SPDX-License-Identifier: MIT
#include "net/base/realpath.h"

#include <cstdlib>
#include <memory>

namespace ferry {

QByteArray realPath(const QByteArray &path)
{
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.constData(), nullptr),
                                                           &std::free);
    return real.get();
}

bool isWithin(const QByteArray &folder, const QByteArray &path)
{
    return !folder.isEmpty() &&
           (path == folder || path.startsWith(folder.endsWith('/') ? folder : folder + '/'));
}

} // namespace ferry
