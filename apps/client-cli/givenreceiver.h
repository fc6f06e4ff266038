// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "client/upload/uploaditem.h"
#include "wire/result.h"

#include <QtGlobal>

#include <optional>
#include <set>

namespace ferry::client {

/// Whether the number of a session still means the person that it meant when `ferry give` began: a
/// server that was started anew counts its sessions anew. One thread.
class GivenReceiver
{
public:
    explicit GivenReceiver(qint64 session)
        : m_session(session)
    {
    }

    /// Over each connection, before anything is given. The errors of PeopleRequests::who().
    Result<> look(ExtendedConversation &conversation);

    /// The server takes this one.
    void begun(const UploadItem &item);

    /// Why this row must not be sent now; nothing if it may.
    std::optional<Error> refusalOf(quint64 row) const;

private:
    const qint64 m_session;
    std::optional<qint64> m_since; ///< when they came; 0: they were not listed
    bool m_isAnother = false;
    std::set<quint64> m_known; ///< rows of which the server knows for whom they are
};

} // namespace ferry::client
