// SPDX-License-Identifier: MIT
#pragma once

#include "client/partialfile.h"

#include <QDeadlineTimer>

#include <vector>

namespace ferry::client {

/// Gives verified files their final names, many at a time. A sync costs milliseconds on a real
/// disk, so ten thousand small files cannot have one each: here a few hundred share two, one
/// before any of them gets its name and one after. The promise is the same as that of
/// PartialFile::finish(): whatever is under its final name, also after a power cut, is complete.
/// One thread.
class Finisher
{
public:
    struct Waiting
    {
        quint64 id = 0; ///< the caller's
        PartialFile file;
    };
    struct Finished
    {
        quint64 id = 0;
        Result<QString> name; ///< as PartialFile::finish()
    };

    void add(Waiting file);

    /// Enough wait, or one of them long enough.
    bool due() const;
    bool empty() const { return m_waiting.empty(); }

    /// All that wait, in their order.
    std::vector<Finished> finishAll();

private:
    std::vector<Waiting> m_waiting;
    qint64 m_bytes = 0;
    QDeadlineTimer m_until;
};

} // namespace ferry::client
