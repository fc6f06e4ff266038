// SPDX-License-Identifier: MIT
#pragma once

#include <QRandomGenerator>
#include <QtGlobal>

namespace ferry::test {

/// For a test that plays dice: a new seed each time, printed, or the one that FERRY_TEST_SEED
/// names, to see a failure again.
inline quint32 seed()
{
    bool given = false;
    const auto named =
        static_cast<quint32>(qEnvironmentVariable("FERRY_TEST_SEED").toULongLong(&given));
    const quint32 seed = given ? named : QRandomGenerator::global()->generate();
    qInfo("FERRY_TEST_SEED=%u", seed);
    return seed;
}

} // namespace ferry::test
