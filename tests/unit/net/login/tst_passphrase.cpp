// SPDX-License-Identifier: MIT
#include "net/login/passphrase.h"
#include "net/login/wordlist.h"
#include "support/testprogram.h"

#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <cmath>

using namespace ferry;

class TestPassphrase : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theListHoldsDistinctShortSortedWords();
    void aPassphraseHoldsSixtyRandomBits();
    void everyRandomBitCounts();
    void generatedOnesAreKnownAgain();
    void aKnownOneStaysTheSameForEver();
    void caseAndSeparatorsDoNotMatter_data();
    void caseAndSeparatorsDoNotMatter();
    void typingMistakesAreNoticed();
    void twoWordsSwappedAreMostlyNoticed();
    void ownPasswordsAreLeftAlone_data();
    void ownPasswordsAreLeftAlone();
};

void TestPassphrase::theListHoldsDistinctShortSortedWords()
{
    QSet<QByteArray> words;
    static const QRegularExpression wellFormed(QStringLiteral("\\A[a-z]{3,6}\\z"));
    for (const QLatin1StringView listed : wordList) {
        const QByteArray word(listed.data(), listed.size());
        QVERIFY2(wellFormed.match(listed).hasMatch(), word.constData());
        words.insert(word);
    }
    QCOMPARE(words.size(), qsizetype(wordCount));
    QVERIFY(std::is_sorted(wordList.begin(), wordList.end()));
}

void TestPassphrase::aPassphraseHoldsSixtyRandomBits()
{
    const double wordEntropy = std::log2(double(wordCount));
    QVERIFY(passphraseWords * wordEntropy - passphraseCheckBits >= 60);
    QVERIFY(passphraseRandomBits >= 60);
    QSet<QString> seen;
    for (int i = 0; i < 1000; ++i) {
        const QString phrase = generatePassphrase();
        QCOMPARE(phrase.split(u'-').size(), qsizetype(passphraseWords));
        seen.insert(phrase);
    }
    QCOMPARE(seen.size(), 1000);
}

void TestPassphrase::everyRandomBitCounts()
{
    QSet<QString> seen{passphraseFor(0)};
    for (int bit = 0; bit < passphraseRandomBits; ++bit)
        seen.insert(passphraseFor(quint64(1) << bit));
    QCOMPARE(seen.size(), qsizetype(passphraseRandomBits + 1));
}

void TestPassphrase::generatedOnesAreKnownAgain()
{
    for (int i = 0; i < 1000; ++i) {
        const QString phrase = generatePassphrase();
        QVERIFY(isGeneratedPassword(phrase));
        QCOMPARE(normalisePassword(phrase), phrase);
        QVERIFY(passwordKind(phrase) == PasswordKind::Generated);
    }
}

void TestPassphrase::aKnownOneStaysTheSameForEver()
{
    // Passwords in use must stay valid: neither the list nor the check may change.
    QCOMPARE(passphraseFor(0), QStringLiteral("able-able-able-able-able-ample"));
    QCOMPARE(passphraseFor(0x0123456789ABCDEF), QStringLiteral("bat-needle-moss-cork-rug-inner"));
}

void TestPassphrase::caseAndSeparatorsDoNotMatter_data()
{
    QTest::addColumn<QString>("typed");
    const QString phrase = passphraseFor(0x0123456789ABCDEF);
    QTest::newRow("as it is") << phrase;
    QTest::newRow("spaces") << QString(phrase).replace(u'-', u' ');
    QTest::newRow("upper case") << phrase.toUpper();
    QTest::newRow("sloppy") << QStringLiteral("  ") + QString(phrase).replace(u'-', u"  - "_qs);
    QTest::newRow("tabs") << QString(phrase).replace(u'-', u'\t');
}

void TestPassphrase::caseAndSeparatorsDoNotMatter()
{
    QFETCH(QString, typed);
    QVERIFY(isGeneratedPassword(typed));
    QCOMPARE(normalisePassword(typed), passphraseFor(0x0123456789ABCDEF));
    QCOMPARE(normalisePassword(typed.toUtf8()), passphraseFor(0x0123456789ABCDEF).toUtf8());
}

void TestPassphrase::typingMistakesAreNoticed()
{
    for (quint64 bits = 1; bits < 200; ++bits) {
        QStringList words = passphraseFor(bits * 0x9E3779B97F4A7C15).split(u'-');
        const int which = int(bits % passphraseWords);
        words[which].append(u'x'); // no word of the list ends like that and is another's start
        const QString typed = words.join(u'-');
        QVERIFY(!isGeneratedPassword(typed));
        QVERIFY(passwordKind(typed) == PasswordKind::Mistyped);
        words.removeAt(which);
        QVERIFY(passwordKind(words.join(u' ')) == PasswordKind::Mistyped);
    }
}

void TestPassphrase::twoWordsSwappedAreMostlyNoticed()
{
    int unnoticed = 0;
    for (quint64 bits = 1; bits <= 640; ++bits) {
        QStringList words = passphraseFor(bits * 0x9E3779B97F4A7C15).split(u'-');
        words.swapItemsAt(0, 1);
        if (isGeneratedPassword(words.join(u'-')))
            ++unnoticed;
    }
    // One in 64 is to be expected: 10 of these fixed 640.
    QVERIFY(unnoticed < 25);
}

void TestPassphrase::ownPasswordsAreLeftAlone_data()
{
    QTest::addColumn<QString>("password");
    QTest::newRow("empty") << QString();
    QTest::newRow("short") << QStringLiteral("passwd");
    QTest::newRow("with spaces") << QStringLiteral("  Two  Words ");
    QTest::newRow("a sentence") << QStringLiteral("My kitchen has seventeen squeaky doors");
    QTest::newRow("unicode") << QString::fromUtf8("Grüße-İ-ß");
}

void TestPassphrase::ownPasswordsAreLeftAlone()
{
    QFETCH(QString, password);
    QVERIFY(passwordKind(password) == PasswordKind::Own);
    QCOMPARE(normalisePassword(password), password);
    QCOMPARE(normalisePassword(QByteArray("\xFF-\xFE")), QByteArray("\xFF-\xFE"));
}

FERRY_TEST(TestPassphrase)
#include "tst_passphrase.moc"
