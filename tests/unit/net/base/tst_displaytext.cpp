// SPDX-License-Identifier: MIT
#include "net/base/displaytext.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

class TestDisplayText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bytesBecomeSafeText_data();
    void bytesBecomeSafeText();
    void textThatIsSafeStaysAsItIs();
    void halfASurrogatePairIsEscaped();
    void longTextIsCut();
    void doingItTwiceChangesNothing();
};

void TestDisplayText::bytesBecomeSafeText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QByteArray &bytes, const char16_t *shown) {
        QTest::newRow(name) << bytes << QString::fromUtf16(shown);
    };
    row("ascii", "c:\\setup.log", u"c:\\setup.log");
    row("nothing", "", u"");
    row("escape", "\x1B[31mred", u"\\x1B[31mred");
    row("newline", "a\r\nb", u"a\\x0D\\x0Ab");
    row("nul", QByteArray("a\0b", 3), u"a\\x00b");
    row("delete", "\x7F", u"\\x7F");
    row("c1",
        "\xC2\x9B"
        "31m",
        u"\\u009B31m");
    row("line separator", "\xE2\x80\xA8", u"\\u2028");
    row("right-to-left override", "exe.\xE2\x80\xAEtxt", u"exe.\\u202Etxt");
    row("isolate", "\xE2\x81\xA6", u"\\u2066");
    row("tag", "\xF3\xA0\x81\x81", u"\\U000E0041");
    row("umlaut", "\xC3\xA4", u"\u00E4");
    row("emoji", "\xF0\x9F\x9A\xA2", u"\U0001F6A2");
    row("html stays text", "<b>&amp;", u"<b>&amp;");
    row("bad byte",
        "a\xFF"
        "b",
        u"a\\xFFb");
    row("overlong slash", "\xC0\xAF", u"\\xC0\\xAF");
    row("overlong, three bytes", "\xE0\x80\xAF", u"\\xE0\\x80\\xAF");
    row("surrogate in utf-8", "\xED\xA0\x80", u"\\xED\\xA0\\x80");
    row("beyond unicode", "\xF4\x90\x80\x80", u"\\xF4\\x90\\x80\\x80");
    row("cut off", "a\xE2\x82", u"a\\xE2\\x82");
}

void TestDisplayText::bytesBecomeSafeText()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, shown);
    QCOMPARE(displayText(bytes), shown);
}

void TestDisplayText::textThatIsSafeStaysAsItIs()
{
    const QString text = QString::fromUtf16(u"Grüße, 世界 \U0001F600 a\u200Db");
    QCOMPARE(displayText(text), text);
    QCOMPARE(displayText(text.toUtf8()), text);
}

void TestDisplayText::halfASurrogatePairIsEscaped()
{
    QCOMPARE(displayText(QString(QChar(0xD800))), QStringLiteral("\\uD800"));
}

void TestDisplayText::longTextIsCut()
{
    const QString shown = displayText(QByteArray(100'000, 'x'));
    QCOMPARE(shown.size(), limits::displayCharacters + 1);
    QVERIFY(shown.endsWith(QChar(0x2026)));
    // Never in the middle of an escape.
    const QString escapes = displayText(QByteArray(100'000, '\x1B'));
    QVERIFY(escapes.endsWith(QStringLiteral("\\x1B") + QChar(0x2026)));
}

void TestDisplayText::doingItTwiceChangesNothing()
{
    for (const QByteArray &bytes :
         {QByteArray("\x1B\xFF\xE2\x80\xAE"), QByteArray(100'000, '\x1B'), QByteArray(600, 'x')}) {
        const QString once = displayText(bytes);
        QCOMPARE(displayText(once), once);
    }
}

FERRY_TEST(TestDisplayText)
#include "tst_displaytext.moc"
