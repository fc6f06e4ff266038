// SPDX-License-Identifier: MIT
#include "client/disk/localname.h"
#include "net/base/filename.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;
using namespace ferry::client;

class LocalNameTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheLastPartOfThePath_data();
    void isTheLastPartOfThePath();
    void refusesWhatIsNoFileName_data();
    void refusesWhatIsNoFileName();
    void aBackslashSeparatesOnlyInTheClassicDialect();
    void numbersComeBeforeTheExtension_data();
    void numbersComeBeforeTheExtension();
    void aNumberedNameIsNeverTooLong();
    void anyBytesSurviveTheWayThroughText_data();
    void anyBytesSurviveTheWayThroughText();
    void validTextIsOrdinaryText();
    void cuttingANameCutsNoCharacter();
    void knowsThePartsOfThisMachine();
};

void LocalNameTest::isTheLastPartOfThePath_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("alone") << QByteArray("a.txt") << QByteArray("a.txt");
    QTest::newRow("slash") << QByteArray("/pub/a.txt") << QByteArray("a.txt");
    QTest::newRow("the tutorial's") << QByteArray("c:\\cp.gif") << QByteArray("cp.gif");
    QTest::newRow("mixed") << QByteArray("a\\b/c") << QByteArray("c");
    QTest::newRow("mixed, other order") << QByteArray("a/b\\c") << QByteArray("c");
    QTest::newRow("climbing") << QByteArray("../../.bashrc") << QByteArray(".bashrc");
    QTest::newRow("three dots") << QByteArray("x/...") << QByteArray("...");
    QTest::newRow("leading dash") << QByteArray("x/-rf") << QByteArray("-rf");
    QTest::newRow("spaces") << QByteArray("x/ a b ") << QByteArray(" a b ");
    QTest::newRow("percent stays") << QByteArray("x/%2e%2e") << QByteArray("%2e%2e");
    QTest::newRow("line end stays a byte") << QByteArray("x/a\nb") << QByteArray("a\nb");
    QTest::newRow("longest") << QByteArray("x/" + QByteArray(255, 'n')) << QByteArray(255, 'n');
    QTest::newRow("Latin-1") << QByteArray("x/gr\xFC\xDF"
                                           "e")
                             << QByteArray("gr\xFC\xDF"
                                           "e");
}

void LocalNameTest::isTheLastPartOfThePath()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, name);
    const Result<QString> result = localName(path, true);
    QVERIFY(result.ok());
    QCOMPARE(localBytes(result.value()), name);
}

void LocalNameTest::refusesWhatIsNoFileName_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"", "/", "\\", "a/", "a\\", ".", "..", "/..", "c:\\..", "a/.", "//"})
        QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(QLatin1StringView(path))))
            << QByteArray(path);
    QTest::newRow("NUL") << QByteArray("a\0b", 3);
    QTest::newRow("NUL alone") << QByteArray(1, '\0');
    QTest::newRow("too long") << QByteArray(256, 'n');
}

void LocalNameTest::refusesWhatIsNoFileName()
{
    QFETCH(QByteArray, path);
    const Result<QString> result = localName(path, true);
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode::Invalid);
    QVERIFY(!result.error().text.isEmpty());
}

void LocalNameTest::aBackslashSeparatesOnlyInTheClassicDialect()
{
    QCOMPARE(localName("a\\b", true).value(), QStringLiteral("b"));
    QCOMPARE(localName("a\\b", false).value(), QStringLiteral("a\\b"));
}

void LocalNameTest::numbersComeBeforeTheExtension_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("numbered");
    QTest::newRow("extension") << QStringLiteral("cp.gif") << QStringLiteral("cp (1).gif");
    QTest::newRow("none") << QStringLiteral("README") << QStringLiteral("README (1)");
    QTest::newRow("hidden") << QStringLiteral(".bashrc") << QStringLiteral(".bashrc (1)");
    QTest::newRow("two") << QStringLiteral("a.tar.gz") << QStringLiteral("a.tar (1).gz");
    QTest::newRow("dot at the end") << QStringLiteral("a.") << QStringLiteral("a (1).");
}

void LocalNameTest::numbersComeBeforeTheExtension()
{
    QFETCH(QString, name);
    QFETCH(QString, numbered);
    QCOMPARE(numberedName(name, 1), numbered);
}

void LocalNameTest::aNumberedNameIsNeverTooLong()
{
    const QString longBase = QString(251, u'n') + QStringLiteral(".gif");
    const QString numbered = numberedName(longBase, 12);
    QCOMPARE(localBytes(numbered).size(), 255);
    QVERIFY(numbered.endsWith(QStringLiteral("n (12).gif")));

    const QString longExtension = QStringLiteral("a.") + QString(253, u'x');
    QVERIFY(localBytes(numberedName(longExtension, 9999)).size() <= 255);
    QVERIFY(numberedName(longExtension, 1) != numberedName(longExtension, 2));

    const QString wide = QString(85, QChar(0x20AC)); // three bytes each
    QCOMPARE(localBytes(wide).size(), 255);
    const QString numberedWide = numberedName(wide, 1);
    QVERIFY(localBytes(numberedWide).size() <= 255);
    QVERIFY(numberedWide.startsWith(QChar(0x20AC)));
    QVERIFY(numberedWide.endsWith(QStringLiteral("\u20AC (1)")));
}

void LocalNameTest::anyBytesSurviveTheWayThroughText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QByteArray all;
    for (int c = 0; c < 256; ++c)
        all.append(char(c));
    QTest::newRow("every byte") << all;
    std::reverse(all.begin(), all.end());
    QTest::newRow("every byte, backwards") << all;
    QTest::newRow("euro") << QByteArray("\xE2\x82\xAC");
    QTest::newRow("cut euro") << QByteArray("\xE2\x82");
    QTest::newRow("four bytes") << QByteArray("\xF0\x9F\x98\x80");
    QTest::newRow("cut four bytes") << QByteArray("\xF0\x9F\x98");
    QTest::newRow("overlong") << QByteArray("\xC0\xAF\xE0\x80\xAF");
    QTest::newRow("encoded surrogate") << QByteArray("\xED\xB2\x80");
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80");
    QTest::newRow("byte order mark") << QByteArray("\xEF\xBB\xBFname");
    QTest::newRow("noncharacter") << QByteArray("\xEF\xBF\xBE\xEF\xBF\xBF");
}

void LocalNameTest::anyBytesSurviveTheWayThroughText()
{
    QFETCH(QByteArray, bytes);
    QCOMPARE(localBytes(localText(bytes)), bytes);
}

void LocalNameTest::validTextIsOrdinaryText()
{
    const QString text = QStringLiteral("Grüße € 😀.txt");
    QCOMPARE(localText(text.toUtf8()), text);
    QCOMPARE(localBytes(text), text.toUtf8());
}

void LocalNameTest::cuttingANameCutsNoCharacter()
{
    const QByteArray name("ab\xE2\x82\xAC");
    QCOMPARE(cutName(name, 5).toByteArray(), name);
    QCOMPARE(cutName(name, 4).toByteArray(), QByteArray("ab"));
    QCOMPARE(cutName(name, 3).toByteArray(), QByteArray("ab"));
    QCOMPARE(cutName(name, 2).toByteArray(), QByteArray("ab"));
    QCOMPARE(cutName(name, 1).toByteArray(), QByteArray("a"));
}

void LocalNameTest::knowsThePartsOfThisMachine()
{
    for (const QByteArray &name :
         {QByteArray("m"), QByteArray("a.b-1.part"), QByteArray("gr\xFC"), QByteArray(130, 'n'),
          QByteArray(255, 'n'), QByteArray("\xC3\xA4").repeated(127)}) {
        for (const int n : {0, 1, 12, 9999})
            QVERIFY2(isPartName(localText(partName(localText(name), n))), name.constData());
    }
    QByteArray ofAnother = partName(QStringLiteral("m"));
    ofAnother[2] = ofAnother[2] == '0' ? '1' : '0';
    for (const QByteArray &name :
         {ofAnother, QByteArray("m"), QByteArray(".part"), QByteArray("m.part"),
          QByteArray("m.-1.part"), partName(QStringLiteral("m")) + 'x',
          QByteArray(136, 'n') + ".x.part"})
        QVERIFY2(!isPartName(localText(name)), name.constData());
}

FERRY_TEST(LocalNameTest)
#include "tst_localname.moc"
