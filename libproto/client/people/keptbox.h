// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/privatefile.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

/// The box (ClientConfig::box) of an account at one server, which a file keeps, so that a program
/// is the same person there in each run. One program has it at a time: if two named it at once, the
/// second would take the notes away from the first. Held until this is destroyed, or the process
/// ends, however it does. One thread.
class KeptBox
{
public:
    /// `folder`: the client's data folder. `fingerprint`: of the server, which is known to be the
    /// right one. What is damaged, or could be read by others, is replaced by a new one. Blocks for
    /// the disk. TimedOut: another program has it; LocalFile;
    /// Invalid: others may change what is in the folder.
    static Result<KeptBox> take(const QString &folder, const QByteArray &fingerprint,
                                const QByteArray &account);

    KeptBox() = default;

    const QByteArray &name() const { return m_name; }

private:
    QByteArray m_name;
    privatefile::Lock m_only;
};

} // namespace ferry::client
