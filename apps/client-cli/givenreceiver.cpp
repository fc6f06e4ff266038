// SPDX-License-Identifier: MIT
#include "client-cli/givenreceiver.h"

#include "client/people/peoplerequests.h"
#include "wire/limits.h"

#include <algorithm>

namespace ferry::client {

/// One that was listed and is not any more may have come back under another number, and the old one
/// still means them.
Result<> GivenReceiver::look(ExtendedConversation &conversation)
{
    const auto people = PeopleRequests(conversation).who();
    if (!people)
        return people.error();
    const auto listed =
        std::find_if(people.value().begin(), people.value().end(),
                     [this](const extended::Person &one) { return one.session == m_session; });
    const bool isListed = listed != people.value().end();
    if (!m_since)
        m_since = isListed ? listed->sinceNs : 0;
    m_isAnother = isListed && listed->sinceNs != *m_since;
    return {};
}

/// Of a large one the server has said so. It keeps it for whom it was then.
void GivenReceiver::begun(const UploadItem &item)
{
    if (item.size > limits::uploadAtOnceBytes)
        m_known.insert(item.row);
}

std::optional<Error> GivenReceiver::refusalOf(quint64 row) const
{
    if (!m_isAnother || m_known.contains(row))
        return std::nullopt;
    return Error{ErrorCode::NotFound,
                 QStringLiteral("The number %1 means somebody else by now.").arg(m_session)};
}

} // namespace ferry::client
