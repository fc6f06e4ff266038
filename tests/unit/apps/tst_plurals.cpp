// SPDX-License-Identifier: MIT
#include "common/plurals.h"
#include "net/base/translate.h"
#include "support/testprogram.h"

#include <QTest>

/// One is counted as one, in the words of the library and of the programs.
class TestPlurals : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ferry::loadPlurals(); }
    void counts();
};

void TestPlurals::counts()
{
    const auto lost = [](int count) {
        return ferry::tr("%Ln more messages were not kept.", nullptr, count);
    };
    QCOMPARE(lost(1), QStringLiteral("1 more message was not kept."));
    QCOMPARE(lost(0), QStringLiteral("0 more messages were not kept."));
    QCOMPARE(lost(12), QStringLiteral("12 more messages were not kept."));
}

FERRY_TEST(TestPlurals)
#include "tst_plurals.moc"
