// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/classic/telnetfilter.h"

#include <QTest>

using namespace ferry;

class TestTelnetFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTextRemainsHoweverItWasCut_data();
    void onlyTextRemainsHoweverItWasCut();
    void anEndlessSubnegotiationIsNotKept();
};

void TestTelnetFilter::onlyTextRemainsHoweverItWasCut_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *hex, const QByteArray &text) {
        QTest::newRow(name) << QByteArray(hex) << text;
    };
    row("text", "61 62 63 0d 0a", "abc\r\n");
    row("LF", "61 0a", "a\n");
    row("high bytes", "c3 a4 f0 9f 80", "\xC3\xA4\xF0\x9F\x80");
    row("WILL, WONT, DO, DONT", "61 ff fb 01 ff fc 03 ff fd 18 ff fe 00 62 0a", "ab\n");
    row("option that is an IAC", "ff fb ff 61 0a", "a\n");
    row("option that looks like a line end", "ff fd 0a 61 0a", "a\n");
    row("NOP, DM, BRK, IP, AO, AYT, EC, EL, GA",
        "ff f1 ff f2 ff f3 ff f4 ff f5 ff f6 ff f7 ff f8 ff f9 61", "a");
    row("EOF, SUSP, ABORT, EOR, SE", "ff ec ff ed ff ee ff ef ff f0 61", "a");
    row("subnegotiation", "61 ff fa 18 00 0d 0a 00 61 ff f0 62", "ab");
    row("IAC IAC in a subnegotiation", "ff fa 18 ff ff f0 61 ff f0 62", "b");
    row("IAC IAC", "61 ff ff 62",
        "a\xFF"
        "b");
    row("IAC IAC IAC IAC", "ff ff ff ff", "\xFF\xFF");
    row("IAC before text", "61 ff 62 0a", "ab\n");
    row("IAC before LF", "61 ff 0a", "a\n");
    row("CR NUL", "61 0d 00 62 0a", "ab\n");
    row("CR NUL LF", "61 0d 00 0a", "a\n");
    row("CR NUL CR LF", "61 0d 00 0d 0a", "a\r\n");
    row("CR CR NUL", "61 0d 0d 00 0a", "a\r\n");
    row("CR, then text", "61 0d 62 0a", "a\rb\n");
    row("NUL alone", "61 00 0a", QByteArray("a\0\n", 3));
    row("CR NUL NUL", "0d 00 00 0a", QByteArray("\0\n", 2));
    row("CR, negotiation, LF", "61 0d ff fb 01 0a", "a\r\n");
    row("CR, negotiation, NUL", "61 0d ff f1 00 0a", "a\n");
    row("CR IAC IAC", "0d ff ff 0a", "\r\xFF\n");
}

void TestTelnetFilter::onlyTextRemainsHoweverItWasCut()
{
    QFETCH(QByteArray, hex);
    QFETCH(QByteArray, text);
    const QByteArray bytes = QByteArray::fromHex(hex);
    TelnetFilter whole;
    QCOMPARE(whole.filter(bytes), text);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        TelnetFilter filter;
        const QByteArray first = filter.filter(bytes.first(cut));
        QCOMPARE(first + filter.filter(bytes.sliced(cut)), text);
    }
    TelnetFilter filter;
    QByteArray byBytes;
    for (const char c : bytes)
        byBytes += filter.filter({&c, 1});
    QCOMPARE(byBytes, text);
}

void TestTelnetFilter::anEndlessSubnegotiationIsNotKept()
{
    TelnetFilter filter;
    QCOMPARE(filter.filter("\xFF\xFA"), "");
    for (int i = 0; i < 100; ++i)
        QCOMPARE(filter.filter(QByteArray(1000, 'x')), "");
    QCOMPARE(filter.filter("\xFF\xF0"
                           "a\n"),
             "a\n");
}

FERRY_TEST(TestTelnetFilter)
#include "tst_telnetfilter.moc"
