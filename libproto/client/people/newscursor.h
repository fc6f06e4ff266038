// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"
#include "wire/extended/people.h"

#include <QByteArray>

#include <chrono>
#include <utility>

namespace ferry::client {

/// Which news a person has had already, over all connections to one server. A value.
class NewsCursor
{
public:
    /// Of this box (docs/PROTOCOL.md, "NEWS"), of which nothing was read yet.
    explicit NewsCursor(QByteArray box)
        : m_box(std::move(box))
    {
    }

    /// Asks for what comes next; the server waits for it that long.
    extended::Request request(std::chrono::seconds wait) const;

    /// It came: it is not asked for again, even if the connection breaks right behind it.
    void took(const extended::Note &note);
    /// The end of an answer. Without notes in it, the numbers may have begun anew.
    void took(const extended::NewsEnd &end) { m_since = end.next; }

private:
    QByteArray m_box; ///< a secret: whoever knows it reads what is there
    qint64 m_since = 0;
};

} // namespace ferry::client
