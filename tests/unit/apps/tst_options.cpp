// SPDX-License-Identifier: MIT
#include "common/options.h"
#include "support/testprogram.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace ferry;

namespace {

constexpr Option someOptions[] = {
    {"--quiet, -q", "", "says nothing"},
    {"-d", "DIR", ""},
    {"--existing", "WHAT", "two\nlines"},
    {"--help, -h", "", nullptr},
};
const Command some{"Usage\n", 20, {someOptions}, {"after\n"}};

QByteArrayList words(const char *line)
{
    return QByteArray(line).split(' ');
}

/// The names in the OPTIONS section of a page, each as roff writes it.
QByteArrayList namesInPage(const char *page)
{
    QFile file(QStringLiteral(FERRY_MAN_PAGES "/%1.1").arg(QLatin1StringView(page)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArrayList lines = file.readAll().split('\n');
    QByteArrayList names;
    bool inOptions = false;
    for (qsizetype i = 1; i < lines.size(); ++i) {
        if (lines[i].startsWith(".SH"))
            inOptions = lines[i] == ".SH OPTIONS";
        if (!inOptions || lines[i - 1] != ".TP")
            continue;
        for (QByteArray word :
             QByteArray(lines[i]).replace("\\-", "-").replace('"', ' ').split(' ')) {
            if (word.startsWith('-'))
                names.append(word);
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

QList<int> numbersIn(const QRegularExpression &lines, const QString &text)
{
    QList<int> numbers;
    for (const QRegularExpressionMatch &line : lines.globalMatch(text)) {
        static const QRegularExpression number(QStringLiteral("\\d+"));
        for (const QRegularExpressionMatch &match : number.globalMatch(line.captured()))
            numbers.append(match.captured().toInt());
    }
    return numbers;
}

/// What stands behind "Exit:" in a help.
QList<int> exitCodesInHelp(const Command &command)
{
    const QString help = QString::fromUtf8(command.help());
    const QString said = help.sliced(help.indexOf(QStringLiteral("Exit: ")));
    return numbersIn(QRegularExpression(QStringLiteral("[ /\\n]\\d+(?=[ /\\n])")), said);
}

QList<int> exitCodesInPage(const char *page)
{
    QFile file(QStringLiteral(FERRY_MAN_PAGES "/%1.1").arg(QLatin1StringView(page)));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString text = QString::fromUtf8(file.readAll());
    const qsizetype start = text.indexOf(QStringLiteral(".SH EXIT STATUS"));
    const QString section =
        text.sliced(start, text.indexOf(QStringLiteral(".SH"), start + 1) - start);
    return numbersIn(QRegularExpression(QStringLiteral("^(\\.B )?\\d+(, \\d+)*(?=\\||$)"),
                                        QRegularExpression::MultilineOption),
                     section);
}

} // namespace

class OptionsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void optionsStandAnywhere();
    void valuesStandBehindOrInTheSameWord();
    void anEmptyValueIsNone();
    void wholeNumbersAreDigits();
    void theLastOfSeveralCounts();
    void whatFollowsTwoDashesIsNoOption();
    void nothingIsLookedAtBehindHelp();
    void faultsAreNamed_data();
    void faultsAreNamed();
    void anUnknownOptionIsPassedOver();
    void theHelpHasARowForEachOption();
    void theManualPagesHaveTheSameOptions_data();
    void theManualPagesHaveTheSameOptions();
    void theManualPagesHaveTheSameExitCodes();
};

void OptionsTest::optionsStandAnywhere()
{
    const ParsedLine line(some, words("a -q b -d x c -"));
    QVERIFY(!line.fault());
    QCOMPARE(line.operands(), (QByteArrayList{"a", "b", "c", "-"}));
    QVERIFY(line.has("--quiet") && line.has("-q"));
    QVERIFY(!line.has("--existing"));
    QCOMPARE(line.value("-d"), std::optional<QByteArray>("x"));
}

void OptionsTest::valuesStandBehindOrInTheSameWord()
{
    QCOMPARE(ParsedLine(some, words("-dx=y")).value("-d"), std::optional<QByteArray>("x=y"));
    QCOMPARE(ParsedLine(some, words("--existing=a=b")).value("--existing"),
             std::optional<QByteArray>("a=b"));
    QCOMPARE(ParsedLine(some, words("-d -q")).value("-d"), std::optional<QByteArray>("-q"));
    QCOMPARE(ParsedLine(some, {"-d", "\xFF"}).value("-d"), std::optional<QByteArray>("\xFF"));
}

void OptionsTest::anEmptyValueIsNone()
{
    for (const QByteArrayList &line : {QByteArrayList{"-d", ""}, QByteArrayList{"--existing="},
                                       QByteArrayList{"--existing", "", "x"}}) {
        const ParsedLine parsed(some, line);
        QVERIFY(parsed.fault());
        QCOMPARE(parsed.fault()->kind, ParsedLine::Fault::Kind::MissingValue);
    }
    QVERIFY(!ParsedLine(some, {""}).fault()); // a word, not a value
}

void OptionsTest::wholeNumbersAreDigits()
{
    QCOMPARE(wholeNumber("0"), std::optional(0));
    QCOMPARE(wholeNumber("65536"), std::optional(65536));
    for (const char *wrong : {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "1k", "99999999999"})
        QVERIFY2(!wholeNumber(wrong), wrong);
}

void OptionsTest::theLastOfSeveralCounts()
{
    const ParsedLine line(some, words("-d a -d b"));
    QCOMPARE(line.value("-d"), std::optional<QByteArray>("b"));
    QCOMPARE(line.values("-d"), (QByteArrayList{"a", "b"}));
}

void OptionsTest::whatFollowsTwoDashesIsNoOption()
{
    const ParsedLine line(some, words("a -- -q -- x"));
    QCOMPARE(line.operands(), (QByteArrayList{"a", "-q", "--", "x"}));
    QVERIFY(!line.has("-q"));
}

void OptionsTest::nothingIsLookedAtBehindHelp()
{
    const ParsedLine line(some, words("-q -h --nonsense -d"));
    QVERIFY(!line.fault());
    QVERIFY(line.has("--help"));
}

void OptionsTest::faultsAreNamed_data()
{
    using Kind = ParsedLine::Fault::Kind;
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("--nonsense -x") << Kind::UnknownOption << QByteArray("--nonsense");
    QTest::newRow("-x") << Kind::UnknownOption << QByteArray("-x");
    QTest::newRow("--nonsense=1") << Kind::UnknownOption << QByteArray("--nonsense");
    QTest::newRow("--quiet=1") << Kind::UnwantedValue << QByteArray("--quiet");
    QTest::newRow("-q1") << Kind::UnwantedValue << QByteArray("-q");
    QTest::newRow("-q --existing") << Kind::MissingValue << QByteArray("--existing");
}

void OptionsTest::faultsAreNamed()
{
    QFETCH(ParsedLine::Fault::Kind, kind);
    const ParsedLine line(some, words(QTest::currentDataTag()));
    QVERIFY(line.fault());
    QCOMPARE(line.fault()->kind, kind);
    QTEST(line.fault()->name, "name");
}

void OptionsTest::anUnknownOptionIsPassedOver()
{
    const ParsedLine line(some, words("--new host -d x path"));
    QVERIFY(line.fault());
    QCOMPARE(line.operands(), (QByteArrayList{"host", "path"}));
}

void OptionsTest::theHelpHasARowForEachOption()
{
    QCOMPARE(some.help(), QByteArray("Usage\n"
                                     "  --quiet, -q       says nothing\n"
                                     "  -d DIR, --existing WHAT\n"
                                     "                    two\n"
                                     "                    lines\n"
                                     "after\n"));
}

void OptionsTest::theManualPagesHaveTheSameOptions_data()
{
    QTest::addColumn<QList<const Command *>>("programCommands");
    using namespace commands;
    QTest::newRow("ferry") << QList{&ferryTop,   &ferryGet,    &ferryPut,    &ferryLs,
                                    &ferryQueue, &ferryKnown,  &ferryForget, &ferryWho,
                                    &ferryTell,  &ferryListen, &ferryGive};
    QTest::newRow("ferryd") << QList{&ferryd, &ferrydAccount, &ferrydBan, &ferrydHistory};
    QTest::newRow("ferry-client") << QList{&ferryClient};
    QTest::newRow("ferry-server") << QList{&ferryServer};
}

void OptionsTest::theManualPagesHaveTheSameOptions()
{
    QFETCH(const QList<const Command *>, programCommands);
    QByteArrayList accepted;
    for (const Command *command : programCommands) {
        for (const std::span<const Option> group : command->groups) {
            for (const Option &option : group) {
                for (const QByteArray &name : option.nameList()) {
                    if (!accepted.contains(name))
                        accepted.append(name);
                }
            }
        }
    }
    std::sort(accepted.begin(), accepted.end());
    QCOMPARE(namesInPage(QTest::currentDataTag()), accepted);
}

void OptionsTest::theManualPagesHaveTheSameExitCodes()
{
    // The page is of all commands; what put has besides stands behind 13.
    QList<int> ofFerry = exitCodesInHelp(commands::ferryGet);
    ofFerry.insert(ofFerry.indexOf(13) + 1, 14);
    ofFerry.insert(ofFerry.indexOf(14) + 1, 15);
    QCOMPARE(exitCodesInPage("ferry"), ofFerry);
    QCOMPARE(exitCodesInHelp(commands::ferryPut), (QList<int>{0, 2, 4, 14, 15}));
    QCOMPARE(exitCodesInPage("ferryd"), exitCodesInHelp(commands::ferryd));
    QCOMPARE(exitCodesInPage("ferryd"),
             (QList<int>{0, 1, 2, 98, 129, 130, 142, 143, 152, 154, 155, 158, 141}));
}

FERRY_TEST(OptionsTest)
#include "tst_options.moc"
