// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"
#include "wire/virtualpath.h"

#include <QByteArray>

#include <deque>
#include <optional>

namespace ferry::client {

/// Goes through a tree folder by folder with LIST, for servers that do not offer TREE, and says
/// what comes as TREE does. Links to folders, which LIST gives as folders, are followed; a circle
/// ends at limits::folderDepth. One thread.
class ListWalk
{
public:
    explicit ListWalk(VirtualPath top);

    bool isOver() const { return m_waiting.empty(); }

    /// Asks for the next folder, which is under way from then on. Not if isOver().
    extended::Request next();

    /// The folder under way, below the top: empty for the top itself.
    QByteArray folder() const { return m_current.path; }

    /// What `name` of the folder under way is called below the top.
    QByteArray below(const QByteArray &name) const;

    /// An entry of the folder under way, as TREE would give it. If it is a folder, and does not lie
    /// too deep, it waits to be asked for.
    extended::Entry entry(extended::Entry entry);

    /// Of a path below the top.
    bool isTooDeep(const QByteArray &path) const;

private:
    struct Folder
    {
        QByteArray path;
        std::optional<qint64> modifiedNs; ///< if it was said, and to be passed on once
    };

    const VirtualPath m_top;
    std::deque<Folder> m_waiting;
    Folder m_current;
};

} // namespace ferry::client
