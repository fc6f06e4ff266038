// SPDX-License-Identifier: MIT
/// Invitations, which come from anywhere.
///
/// Invariants: what was taken names a host; its path is none or one below a share, without a way
/// up; its fingerprint is none or a whole one in canonical form; and written again it is read as
/// the same.
#include "fuzz/fuzz.h"

#include "net/channel/invitation.h"
#include "net/channel/tlsidentity.h"
#include "wire/virtualpath.h"

using namespace ferry;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(fuzz::view(data, size));
    const auto invitation = Invitation::parse(text);
    if (!invitation) {
        FUZZ_REQUIRE(invitation.error().code == ErrorCode::Invalid);
        return 0;
    }
    FUZZ_REQUIRE(Invitation::isMeant(text));
    const Invitation &given = invitation.value();
    FUZZ_REQUIRE(!given.address.isEmpty() && !given.address.endsWith(u'@'));
    const auto path = VirtualPath::parse(given.path);
    FUZZ_REQUIRE(given.path.isEmpty() || (path && path->toBytes() == given.path));
    FUZZ_REQUIRE(given.fingerprint.isEmpty() ||
                 normalisedFingerprint(given.fingerprint) == given.fingerprint);

    const QString written = given.toText();
    if (written.size() > Invitation::longest)
        return 0;
    const auto again = Invitation::parse(written);
    FUZZ_REQUIRE(again && again.value().address == given.address);
    FUZZ_REQUIRE(again.value().path == given.path);
    FUZZ_REQUIRE(again.value().fingerprint == given.fingerprint);
    return 0;
}
