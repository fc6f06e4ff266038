// SPDX-License-Identifier: MIT
/// Virtual paths.
///
/// Invariants: a path that was taken consists of names that are not empty, `.` or `..`, hold no
/// `/` and no NUL and are at most limits::nameBytes long; joined again they are what was given,
/// but for one `/` at the start; and what was refused breaks one of these rules.
#include "fuzz/fuzz.h"

#include "wire/limits.h"
#include "wire/virtualpath.h"

using namespace ferry;

namespace {

bool mayBeName(const QByteArray &name)
{
    return !name.isEmpty() && name != "." && name != ".." && !name.contains('/') &&
           !name.contains('\0') && name.size() <= limits::nameBytes;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes = fuzz::view(data, size).toByteArray();
    const QByteArray rest = bytes.startsWith('/') ? bytes.sliced(1) : bytes;
    const auto path = VirtualPath::parse(bytes);
    if (!path) {
        bool good = true;
        for (const QByteArray &name : rest.split('/'))
            good = good && mayBeName(name);
        FUZZ_REQUIRE(!good);
        return 0;
    }
    FUZZ_REQUIRE(!path->isRoot());
    for (const QByteArray &name : path->names())
        FUZZ_REQUIRE(mayBeName(name));
    FUZZ_REQUIRE(path->toBytes() == '/' + rest);
    FUZZ_REQUIRE(path->share() == path->names().first());
    FUZZ_REQUIRE(rest == path->share() + (path->names().size() > 1 ? "/" : "") + path->below());
    const auto again = VirtualPath::parse(path->toBytes());
    FUZZ_REQUIRE(again && again->names() == path->names());
    return 0;
}
