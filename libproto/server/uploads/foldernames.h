// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QHash> // and so of std::hash
#include <QString>

#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_map>

#include <sys/stat.h>
#include <sys/types.h>

namespace ferry::server {

/// Which names the folders have that uploads go to, without upper and lower case: so `README` and
/// `readme` do not both get plain names, on a disk that would take them for two. What a folder
/// holds is read once and remembered as long as nobody else changes the folder. Any thread.
class FolderNames
{
public:
    /// The name that is there and differs from `name` in case at the most; nothing if there is
    /// none. LocalFile: the folder cannot be read.
    Result<std::optional<QByteArray>> find(int folder, QByteArrayView name);

    /// `name` is new in the folder.
    void added(int folder, QByteArrayView name);

    /// Keeps others from a name, in any case, while a file is given it.
    class Claim
    {
    public:
        Claim(FolderNames &names, int folder, QByteArrayView name);
        ~Claim();
        Claim(const Claim &) = delete;
        Claim &operator=(const Claim &) = delete;
        bool held() const { return m_held; } ///< nobody else has it

    private:
        FolderNames &m_names;
        std::tuple<dev_t, ino_t, QString> m_key;
        bool m_held = false;
    };

private:
    struct Known
    {
        dev_t device = 0;
        ino_t inode = 0;
        timespec modified = {};
        std::unordered_map<QString, QByteArray> names; ///< by their folded form
    };
    using List = std::list<Known>;
    List::iterator known(const struct stat &status);
    void remember(Known folder);

    std::mutex m_mutex; ///< guards the rest; not held while a disk is asked
    List m_folders;     ///< the one used last is in front
    std::set<std::tuple<dev_t, ino_t, QString>> m_claims;
};

} // namespace ferry::server
