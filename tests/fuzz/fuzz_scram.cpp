// SPDX-License-Identifier: MIT
/// What a stranger sends in a login: the client's messages to a server, and a server's to a
/// client. The first byte says to whom; the message is the rest, with `#` for a line end between
/// the first and the second, and `@` for the nonce that the other side made.
///
/// Invariants: nobody is let in and no server is believed without a proof that no input has; after
/// an error every call fails; no work is done for iterations outside the limits; an account's name
/// is looked up at most once.
#include "fuzz/fuzz.h"
#include "net/limits.h"

#include "net/login/sasl.h"

using namespace ferry;
using namespace ferry::sasl;

namespace {

const QByteArray exporter(32, 'E');
const QByteArray password = "rigid-juicy-temple-cow-bison-exam";
const QByteArray salt = "saltsaltsaltsalt";

const Verifier &verifier()
{
    static const Verifier made = makeVerifier(password, 4096, salt).value();
    return made;
}

void server(const QByteArray &first, QByteArray second)
{
    int lookups = 0;
    ScramServer scram(exporter, [&lookups](const QByteArray &user) {
        ++lookups;
        return ScramServer::Account{verifier(), user == "ferry"};
    });
    const auto challenge = scram.step(first);
    FUZZ_REQUIRE(lookups <= 1);
    if (challenge) {
        FUZZ_REQUIRE(lookups == 1 && challenge.value().startsWith("r="));
        second.replace('@', challenge.value().mid(2, challenge.value().indexOf(',') - 2));
    }
    const auto answer = scram.step(second);
    FUZZ_REQUIRE(!answer && !scram.finished() && lookups <= 1);
    FUZZ_REQUIRE(!scram.step(second));
}

void client(QByteArray first, const QByteArray &second)
{
    // Only one salt and one number of iterations is ever derived; the fuzzer would wait for others.
    static const auto keys = std::make_shared<SaltedPasswords>();
    ScramClient::Settings settings;
    settings.user = "ferry";
    settings.password = password;
    settings.passwordIsGenerated = true;
    settings.exporter = exporter;
    settings.cache = keys;
    ScramClient scram(settings);
    const auto hello = scram.step({});
    FUZZ_REQUIRE(hello.ok());
    first.replace('@', hello.value().mid(hello.value().indexOf(",r=") + 3));
    // With another salt or other iterations within the limits it derives, rightly, for a second.
    const QList<QByteArray> fields = first.split(',');
    const QByteArray wanted = fields.value(2);
    const auto iterations = wanted.mid(2).toLongLong();
    const bool known = fields.value(1) == "s=" + salt.toBase64() && wanted == "i=4096";
    if (!known && wanted.startsWith("i=") && iterations >= limits::minIterations &&
        iterations <= limits::maxIterations)
        return;
    const auto proof = scram.step(first);
    FUZZ_REQUIRE(known || !proof);
    FUZZ_REQUIRE(keys->derivations() <= 1);
    const auto end = scram.step(second);
    FUZZ_REQUIRE(!end && !scram.finished());
    FUZZ_REQUIRE(!scram.step(second));
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray bytes = fuzz::view(data, size).toByteArray();
    const qsizetype end = bytes.indexOf('#');
    const QByteArray first = bytes.mid(1, end < 0 ? -1 : end - 1);
    const QByteArray second = end < 0 ? QByteArray("v=AAAA") : bytes.mid(end + 1);
    if (bytes[0] & 1)
        server(first, second);
    else
        client(first, second);
    return 0;
}
