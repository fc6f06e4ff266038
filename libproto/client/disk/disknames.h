// SPDX-License-Identifier: MIT
#pragma once

#include <QHash>
#include <QString>

#include <atomic>
#include <mutex>

namespace ferry::client {

/// What a disk does not take in names, as FAT and its kin.
struct RefusedNames
{
    QString characters;      ///< of `"*:<>?\|`
    bool controls = false;   ///< 01 to 1F
    bool lastDot = false;    ///< `a.`, or it becomes `a`
    bool lastBlank = false;  ///< `a `, likewise
    bool otherBytes = false; ///< what is no UTF-8

    static RefusedNames all();
    bool operator==(const RefusedNames &) const = default;
};

/// Asks the disk of the open folder, by making files there. What cannot be asked is not refused.
RefusedNames refusedBy(int folder);

/// `name` with %XX in the place of each byte that is refused. So that decoding every %XX gives the
/// name again, a name that looks encoded is encoded, too. Unchanged if the disk refuses nothing.
QString encodedName(const QString &name, const RefusedNames &refused);

/// encodedName() for those who want it, with what is known of the disks. Any thread; may have to
/// wait for a disk.
class DiskNames
{
public:
    void setEnabled(bool enabled) { m_enabled = enabled; }
    bool isEnabled() const { return m_enabled; }

    /// `below`: names joined by `/`, to be made below `folder`, all of them as they are called
    /// elsewhere: what is encoded once must not be encoded again.
    /// `wanted`: for this one it is, whatever isEnabled() says.
    QString encoded(const QString &folder, const QString &below, bool wanted = false);

private:
    std::atomic_bool m_enabled = false;
    std::mutex m_mutex; ///< guards what follows
    QHash<QString, RefusedNames> m_known;
};

} // namespace ferry::client
