// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <optional>

namespace ferry {

/// A checked path below the virtual root: /Share/folder/file. Only this type, never a raw
/// string, can be opened (server/share.h).
///
/// Names are bytes: nothing is decoded, normalised or translated. A path is made of one or more
/// names, none of them empty, `.` or `..`, none with a `/` or a NUL in it, none over 255 bytes.
/// One `/` at the start is optional.
class VirtualPath
{
public:
    /// Nothing if `path` breaks a rule above.
    static std::optional<VirtualPath> parse(QByteArrayView path);

    /// The first name: the share.
    const QByteArray &share() const { return m_names.front(); }

    /// The names below the share, joined by `/`; empty for the share itself.
    QByteArray below() const;

    /// The whole path, with its leading `/`.
    QByteArray toBytes() const;

    const QByteArrayList &names() const { return m_names; }

private:
    explicit VirtualPath(QByteArrayList names)
        : m_names(std::move(names))
    {
    }
    QByteArrayList m_names;
};

} // namespace ferry
