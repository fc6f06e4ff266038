// SPDX-License-Identifier: MIT
#include "gui-common/look/theme.h"
#include "support/testprogram.h"

#include <QTest>
#include <QTextDocument> // mightBeRichText()

using namespace ferry::gui;

class ThemeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tipsAreNoMarkup();
    void longTipsAreWrapped();
};

void ThemeTest::tipsAreNoMarkup()
{
    const QString hostile = QStringLiteral("<b>bold</b> & <img src=x> &lt;i");
    const QString tip = plainToolTip(hostile);
    QVERIFY(!Qt::mightBeRichText(tip));
    QCOMPARE(QString(tip).remove(QChar(0x2060)), hostile);
    QCOMPARE(plainToolTip(QStringLiteral("1 < 2 & 3")), QStringLiteral("1 < 2 & 3"));
}

void ThemeTest::longTipsAreWrapped()
{
    const QString words = QStringLiteral("word ").repeated(100).trimmed();
    const QStringList lines = plainToolTip(words).split(u'\n');
    QVERIFY(lines.size() > 4);
    for (const QString &line : lines)
        QVERIFY(line.size() <= 80);
    QCOMPARE(lines.join(u' '), words);
    QCOMPARE(plainToolTip(QStringLiteral("one\n two")), QStringLiteral("one\n two"));
}

FERRY_TEST(ThemeTest)
#include "tst_theme.moc"
