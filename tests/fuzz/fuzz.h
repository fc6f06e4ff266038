// SPDX-License-Identifier: MIT
/// What the fuzz targets share. An input that breaks an invariant aborts the process.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);           \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)

namespace ferry::fuzz {

inline QByteArrayView view(const uint8_t *data, size_t size)
{
    return {reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)};
}

/// Gives `bytes` to `take` in pieces whose lengths come from `cuts`, over and over.
template <typename Take>
void inPieces(QByteArrayView bytes, QByteArrayView cuts, Take take)
{
    for (qsizetype at = 0, piece = 0; at < bytes.size(); ++piece) {
        const qsizetype length = cuts.isEmpty() ? 1 : uchar(cuts[piece % cuts.size()]) + 1;
        take(bytes.sliced(at, std::min(length, bytes.size() - at)));
        at += length;
    }
}

} // namespace ferry::fuzz
