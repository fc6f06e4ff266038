// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <optional>

namespace ferry {

/// A checked path below the virtual root: /Share/folder/file. Only this type, never a raw
/// string, can be opened (server/files/share.h).
///
/// Names are bytes: nothing is normalised or translated. A path is made of names, none of them
/// empty, `.` or `..`, none with a `/` or a NUL in it, none over 255 bytes (wire/names.h). The
/// root, which has no names, lists the shares; it is no file and no folder of a share.
class VirtualPath
{
public:
    static VirtualPath root() { return VirtualPath({}); }

    /// As the classic dialect takes it: raw bytes, at least one name, one `/` at the start is
    /// optional. Nothing if `path` breaks a rule above.
    static std::optional<VirtualPath> parse(QByteArrayView path);

    /// As a person may type it: `/` at the end is no matter, and nothing or `/` is the root.
    static std::optional<VirtualPath> fromTyped(QByteArrayView path);

    /// As the extended dialect takes it: percent-encoded, with its `/` at the start; `/` alone is
    /// the root.
    static std::optional<VirtualPath> parseEncoded(QByteArrayView path);

    /// Of names that came one by one. Nothing if one of them is none.
    static std::optional<VirtualPath> fromNames(QByteArrayList names);

    bool isRoot() const { return m_names.isEmpty(); }

    /// The first name: the share. Empty for the root.
    QByteArray share() const { return m_names.value(0); }

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
