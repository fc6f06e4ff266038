// SPDX-License-Identifier: MIT
#include "client/browse/remoteentry.h"
#include "support/testprogram.h"

#include <QList>
#include <QTest>

#include <algorithm>

using namespace ferry::client;

namespace {

RemoteEntry entry(const QByteArray &name, bool folder = false)
{
    return {name, naturalKey(name), 0, 0, folder};
}

QByteArrayList sorted(QList<RemoteEntry> entries)
{
    std::sort(entries.begin(), entries.end(), naturallyBefore);
    QByteArrayList names;
    for (const RemoteEntry &e : std::as_const(entries))
        names.append(e.name);
    return names;
}

} // namespace

class RemoteEntryTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersSortByTheirValue();
    void caseAndAccentsDoNotMatter();
    void foldersComeFirst();
    void namesThatLookEqualHaveAnOrderAllTheSame();
    void anyBytesAreAName();
};

void RemoteEntryTest::numbersSortByTheirValue()
{
    QCOMPARE(sorted({entry("a10"), entry("a9"), entry("a1"), entry("a"), entry("a1b")}),
             QByteArrayList({"a", "a1", "a1b", "a9", "a10"}));
    QCOMPARE(sorted({entry("2026-11"), entry("2026-9"), entry("x")}),
             QByteArrayList({"2026-9", "2026-11", "x"}));
    const QByteArray large(300, '7'); // more digits than the length has room for
    QCOMPARE(sorted({entry("n" + large), entry("n8")}), QByteArrayList({"n8", "n" + large}));
}

void RemoteEntryTest::caseAndAccentsDoNotMatter()
{
    QCOMPARE(sorted({entry("zoo"), entry("Äpfel"), entry("apfel2"), entry("Birne")}),
             QByteArrayList({"Äpfel", "apfel2", "Birne", "zoo"}));
}

void RemoteEntryTest::foldersComeFirst()
{
    QCOMPARE(sorted({entry("a"), entry("z", true), entry("b", true)}),
             QByteArrayList({"b", "z", "a"}));
}

void RemoteEntryTest::namesThatLookEqualHaveAnOrderAllTheSame()
{
    QVERIFY(naturallyBefore(entry("A"), entry("a")) != naturallyBefore(entry("a"), entry("A")));
    QVERIFY(naturallyBefore(entry("a01"), entry("a1")) !=
            naturallyBefore(entry("a1"), entry("a01")));
    QVERIFY(!naturallyBefore(entry("a"), entry("a")));
}

void RemoteEntryTest::anyBytesAreAName()
{
    QCOMPARE(sorted({entry("\xff\xfe"), entry("a\x01"), entry("b")}).size(), qsizetype(3));
    QVERIFY(!naturalKey("\xff").isEmpty());
}

FERRY_TEST(RemoteEntryTest)
#include "tst_remoteentry.moc"
