// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "wire/result.h"

#include <mutex>
#include <unordered_map>

namespace ferry::client {

/// The names that files were saved under, so that a disk that takes two names for one (`A` and `a`,
/// or two spellings of an accent) does not lose the first file to the second. Any thread.
class SavedNames
{
public:
    void add(const Download &download, const QString &localName);

    /// LocalFile: the disk has another of these files under that name, or the name is that of a
    /// partial file. Looks at the disk only if the names are alike. A file that is given a free
    /// name (Rename) is alike to none.
    Result<> check(const Download &download) const;

private:
    mutable std::mutex m_mutex;                      ///< guards what follows
    std::unordered_multimap<size_t, size_t> m_names; ///< hashes: of the folded name → of the name
};

} // namespace ferry::client
