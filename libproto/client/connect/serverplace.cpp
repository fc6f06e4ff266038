// SPDX-License-Identifier: MIT
#include "client/connect/serverplace.h"

#include "net/channel/invitation.h"

namespace ferry::client {

Result<ServerPlace> parsePlace(const QString &text)
{
    Invitation invitation{text.trimmed(), {}, {}};
    if (Invitation::isMeant(text)) {
        auto parsed = Invitation::parse(text);
        if (!parsed)
            return parsed.error();
        invitation = parsed.take();
    }
    auto config = parseAddress(invitation.address);
    if (!config)
        return config.error();
    ServerPlace place{config.take(), invitation.path, invitation.address};
    place.server.invited = invitation.fingerprint;
    return place;
}

} // namespace ferry::client
