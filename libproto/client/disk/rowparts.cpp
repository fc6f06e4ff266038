// SPDX-License-Identifier: MIT
#include "client/disk/rowparts.h"

#include "client/disk/localname.h"
#include "client/disk/partialfile.h"
#include "client/disk/targetfolder.h"

#include <optional>

#include <sys/stat.h>

namespace ferry::client {

namespace {

/// Only what is there: looking for a part makes no folder.
std::optional<PartialFile> partOf(const Download &download)
{
    const QByteArray path = localBytes(download.folder + u'/' + download.subfolder);
    struct stat there = {};
    if (::stat(path.constData(), &there) != 0)
        return std::nullopt;
    const auto folder = openTargetFolder(download.folder, download.subfolder);
    if (!folder)
        return std::nullopt;
    return PartialFile::findLeftover(folder.value(), download.localName, download.existing);
}

} // namespace

void removePart(const Download &download)
{
    partOf(download).reset(); // it was not kept
}

void movePart(const Download &download, const QString &folder)
{
    auto part = partOf(download);
    if (!part)
        return;
    if (const auto to = openTargetFolder(folder, download.subfolder);
        to && part->moveTo(to.value()))
        part->keep();
}

} // namespace ferry::client
