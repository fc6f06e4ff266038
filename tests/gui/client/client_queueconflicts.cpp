// SPDX-License-Identifier: MIT
// A file of that name is here already: what is asked, and what comes of each answer.
#include "gui/client/client_fixture.h"

#include "gui-common/dialogs/ratelimitdialog.h"
#include "support/testprogram.h"

#include <QCheckBox>
#include <QDateTime>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QRadioButton>

using namespace ferry;
using namespace ferry::gui;
using client::ExistingPolicy;

namespace {

void setModified(const QString &name, const QDateTime &when)
{
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.setFileTime(when, QFileDevice::FileModificationTime));
}

} // namespace

class ClientQueueConflictsTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void eachAnswerDoesWhatItSays_data();
    void eachAnswerDoesWhatItSays();
    void theSameContentIsSkippedWithoutAQuestion();
    void theSettingsAnswerForThePerson();
    void oneAnswerIsForAllThatWereAddedTogether();
    void anAnswerForOneAsksAboutTheNext();
    void whatIsDecidedLaterWaitsAndIsAskedAgain();
    void theDialogTellsBothAndLosesNothingByDefault();
    void theDialogOffersEveryChoice();
    void theLimitIsTypedInMegabytes();
};

void ClientQueueConflictsTest::eachAnswerDoesWhatItSays_data()
{
    QTest::addColumn<int>("policy");
    QTest::addColumn<bool>("serverIsNewer");
    QTest::addColumn<QByteArray>("here");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("replaced");
    const QByteArray other = "something else";
    const QByteArray sameSize = QByteArray(26, 'z');
    const QString verified = QStringLiteral("Verified");
    const QString skipped = QStringLiteral("Skipped, file exists");
    const auto row = [&](const char *name, ExistingPolicy policy, bool newer,
                         const QByteArray &here, const QString &words, bool replaced) {
        QTest::newRow(name) << int(policy) << newer << here << words << replaced;
    };
    row("overwrite", ExistingPolicy::Overwrite, false, other, verified, true);
    row("rename", ExistingPolicy::Rename, false, other, verified, false);
    row("skip", ExistingPolicy::Skip, true, other, skipped, false);
    row("if newer, and it is", ExistingPolicy::OverwriteIfNewer, true, other, verified, true);
    row("if newer, and it is not", ExistingPolicy::OverwriteIfNewer, false, other, skipped, false);
    row("if size differs, and it does", ExistingPolicy::OverwriteIfSizeDiffers, false, other,
        verified, true);
    row("if size differs, and it does not", ExistingPolicy::OverwriteIfSizeDiffers, true, sameSize,
        skipped, false);
    row("resume", ExistingPolicy::Resume, true, "abcdefghij", verified, true);
}

void ClientQueueConflictsTest::eachAnswerDoesWhatItSays()
{
    QFETCH(const int, policy);
    QFETCH(const bool, serverIsNewer);
    QFETCH(const QByteArray, here);
    QFETCH(const QString, words);
    QFETCH(const bool, replaced);
    const QByteArray there = "abcdefghijklmnopqrstuvwxyz";
    ClientWindowFixture f;
    const QString original = f.share() + QStringLiteral("/a.txt");
    const QString local = f.saved(QStringLiteral("a.txt"));
    writeFile(original, there);
    writeFile(local, here);
    const QDateTime now = QDateTime::currentDateTime();
    setModified(original, now.addSecs(serverIsNewer ? -60 : -7200));
    setModified(local, now.addSecs(-3600));
    f.answers.conflictAnswer = ConflictAnswer{ExistingPolicy(policy), true};
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.txt"});
    QTRY_COMPARE(f.state(0), words);
    QCOMPARE(f.answers.conflicts.size(), qsizetype(1));
    QCOMPARE(f.answers.conflicts[0].here.size, qint64(here.size()));
    QCOMPARE(f.answers.conflicts[0].there.size, qint64(there.size()));
    QCOMPARE(contentOf(local), replaced ? there : here);
    if (ExistingPolicy(policy) == ExistingPolicy::Rename)
        QCOMPARE(contentOf(f.saved(QStringLiteral("a (1).txt"))), there);
    else
        QCOMPARE(f.savedNames(), QStringList{QStringLiteral("a.txt")});
}

void ClientQueueConflictsTest::theSameContentIsSkippedWithoutAQuestion()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a.txt"), "the same");
    writeFile(f.saved(QStringLiteral("a.txt")), "the same");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.txt"});
    QTRY_COMPARE(f.state(0), QStringLiteral("Already up to date"));
    QCOMPARE(f.answers.conflicts.size(), qsizetype(0));
}

void ClientQueueConflictsTest::theSettingsAnswerForThePerson()
{
    ClientWindowFixture f;
    Preferences chosen;
    chosen.existing = ExistingPolicy::Overwrite;
    f.answers.settingsChosen = chosen;
    f.find<QAction>("settingsAction")->trigger();
    writeFile(f.share() + QStringLiteral("/a.txt"), "of the server");
    writeFile(f.saved(QStringLiteral("a.txt")), "here");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.txt"});
    QTRY_COMPARE(f.state(0), QStringLiteral("Verified"));
    QCOMPARE(contentOf(f.saved(QStringLiteral("a.txt"))), QByteArray("of the server"));
    QVERIFY(f.answers.conflicts.isEmpty());
}

void ClientQueueConflictsTest::oneAnswerIsForAllThatWereAddedTogether()
{
    ClientWindowFixture f;
    QByteArrayList paths;
    for (int i = 0; i < 20; ++i) {
        const QString name = QStringLiteral("f%1.txt").arg(i);
        writeFile(f.share() + QLatin1Char('/') + name, "new " + QByteArray::number(i));
        writeFile(f.saved(name), "old");
        paths.append("/S/" + name.toUtf8());
    }
    f.answers.conflictAnswer = ConflictAnswer{ExistingPolicy::Overwrite, true};
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths(paths);
    QTRY_COMPARE(f.words("statusCount").section(u' ', 0, 2), QStringLiteral("20 of 20"));
    QCOMPARE(f.answers.conflicts.size(), qsizetype(1));
    QCOMPARE(contentOf(f.saved(QStringLiteral("f19.txt"))), QByteArray("new 19"));
}

void ClientQueueConflictsTest::anAnswerForOneAsksAboutTheNext()
{
    ClientWindowFixture f;
    for (const char *name : {"a", "b"}) {
        writeFile(f.share() + QLatin1Char('/') + QLatin1StringView(name), "new");
        writeFile(f.saved(QString::fromLatin1(name)), "old!");
    }
    f.answers.conflictAnswer = ConflictAnswer{ExistingPolicy::Skip, false};
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a", "/S/b"});
    QTRY_COMPARE(f.state(0), QStringLiteral("Skipped, file exists"));
    QTRY_COMPARE(f.state(1), QStringLiteral("Skipped, file exists"));
    QCOMPARE(f.answers.conflicts.size(), qsizetype(2));
}

void ClientQueueConflictsTest::whatIsDecidedLaterWaitsAndIsAskedAgain()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a"), "new");
    writeFile(f.saved(QStringLiteral("a")), "old!");
    writeFile(f.share() + QStringLiteral("/b"), "another");
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a", "/S/b"});
    QTRY_COMPARE(f.state(0), QStringLiteral("File exists: choose what to do"));
    QTRY_COMPARE(f.state(1), QStringLiteral("Verified")); // the others go on
    QTRY_COMPARE(f.answers.conflicts.size(), qsizetype(1));
    QTest::qWait(0);
    f.window->addPaths({});
    QCOMPARE(f.answers.conflicts.size(), qsizetype(1)); // once

    f.answers.conflictAnswer = ConflictAnswer{ExistingPolicy::Overwrite, true};
    f.find<QTreeView>("queueTable")->setCurrentIndex(f.rows()->index(0, 0));
    f.find<QAction>("decideAction")->trigger();
    QTRY_COMPARE(f.state(0), QStringLiteral("Verified"));
    QCOMPARE(f.answers.conflicts.size(), qsizetype(2));
    QCOMPARE(contentOf(f.saved(QStringLiteral("a"))), QByteArray("new"));
}

void ClientQueueConflictsTest::theDialogTellsBothAndLosesNothingByDefault()
{
    ConflictQuestion question;
    question.name = QStringLiteral("<b>plan</b>.pdf");
    question.folder = QStringLiteral("/x/Downloads");
    question.here = {6'100'000, 1'700'000'000'000'000'000};
    question.there = {6'200'000, 1'700'000'100'000'000'000};
    ConflictDialog dialog(question);
    dialog.show();
    QVERIFY(dialog.findChild<QRadioButton *>(QStringLiteral("choiceRename"))->isChecked());
    QVERIFY(dialog.findChild<QPushButton *>(QStringLiteral("conflictContinue"))->isDefault());
    QVERIFY(!dialog.findChild<QCheckBox *>(QStringLiteral("forBatch"))->isVisible());
    QVERIFY(!dialog.answer().forBatch);
    auto *headline = dialog.findChild<QLabel *>(QStringLiteral("headline"));
    QCOMPARE(headline->textFormat(), Qt::PlainText);
    QVERIFY(headline->text().contains(QStringLiteral("<b>plan</b>.pdf")));
    QCOMPARE(dialog.findChild<QLabel *>(QStringLiteral("thereRemark"))->text(),
             QStringLiteral("larger, newer"));
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());
    QCOMPARE(dialog.result(), int(QDialog::Rejected));
}

void ClientQueueConflictsTest::theDialogOffersEveryChoice()
{
    const QList<std::pair<const char *, ExistingPolicy>> choices = {
        {"choiceRename", ExistingPolicy::Rename},
        {"choiceOverwrite", ExistingPolicy::Overwrite},
        {"choiceIfNewer", ExistingPolicy::OverwriteIfNewer},
        {"choiceIfSizeDiffers", ExistingPolicy::OverwriteIfSizeDiffers},
        {"choiceResume", ExistingPolicy::Resume},
        {"choiceSkip", ExistingPolicy::Skip}};
    for (const auto &[name, policy] : choices) {
        ConflictQuestion question;
        question.name = QStringLiteral("a.txt");
        question.others = 3;
        ConflictDialog dialog(question);
        dialog.show();
        auto *batch = dialog.findChild<QCheckBox *>(QStringLiteral("forBatch"));
        QVERIFY(batch->isVisible() && batch->isChecked());
        dialog.findChild<QRadioButton *>(QString::fromLatin1(name))->click();
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
        QCOMPARE(dialog.answer().policy, policy);
        QVERIFY(dialog.answer().forBatch);
    }
}

void ClientQueueConflictsTest::theLimitIsTypedInMegabytes()
{
    RateLimitDialog dialog(QStringLiteral("All:"), 2'500'000);
    auto *field = dialog.findChild<QDoubleSpinBox *>(QStringLiteral("rateLimit"));
    QCOMPARE(dialog.bytesPerSecond(), qint64(2'500'000));
    field->setValue(0);
    QCOMPARE(field->text(), QStringLiteral("No limit"));
    QCOMPARE(dialog.bytesPerSecond(), qint64(0));
    field->selectAll();
    QTest::keyClicks(field, QStringLiteral("1.5"));
    QCOMPARE(dialog.bytesPerSecond(), qint64(1'500'000));
}

FERRY_TEST(ClientQueueConflictsTest)
#include "client_queueconflicts.moc"
