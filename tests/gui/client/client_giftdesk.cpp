// SPDX-License-Identifier: MIT
// Files from one person to another in the window: their cards, and what the queue does for them.
#include "client/client.h"
#include "client/queue/downloadqueue.h"
#include "gui/client/client_fixture.h"
#include "gui/client/gifts_fixture.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QLabel>
#include <QTemporaryDir>

using namespace ferry;
using namespace ferry::gui;
using client::Download;
using client::DownloadState;
using extended::Note;
using extended::Party;

class ClientGiftDeskTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }
    void anOfferIsACard();
    void itsNameIsTextAndNothingElse();
    void whatBecomesOfItStandsOnTheCard();
    void anOfferThatIsRepeatedIsTheSame();
    void itIsSavedBesideWhatIsThere();
    void savingIsARowOfTheQueue();
    void itIsDeclinedOnce();
    void noCardWaitsForAConnectionThatIsGone();
    void aFileIsGivenByTheQueue();
    void whatIsGivenIsTakenBack();
    void theAnswerMayComeBeforeTheNumber();
    void aFolderIsNotGiven();
    void onlyAPersonIsGivenSomething();
    void whatIsCutOffGoesOnToTheSamePersonOnly();
    void nothingOfItOutlivesTheWindow();
};

void ClientGiftDeskTest::anOfferIsACard()
{
    GiftPane p;
    const QAbstractItemModelTester tester(&p.model);
    const TalkModel::News news = p.model.add({offer(7)});
    QCOMPARE(news.count, 1);
    QCOMPARE(QString(news.sentence).replace(QChar::Nbsp, u' '),
             QStringLiteral("Studio laptop (12) offers report.pdf, 2.0 MB"));
    QCOMPARE(p.cards().size(), 1);
    QCOMPARE(p.cards().first()->accessibleName(), news.sentence);
    QCOMPARE(p.buttons(), (QStringList{QStringLiteral("Save report.pdf"),
                                       QStringLiteral("Decline report.pdf")}));
    QCOMPARE(p.model.unread(), 1);
}

void ClientGiftDeskTest::itsNameIsTextAndNothingElse()
{
    GiftPane p;
    p.model.add({offer(7, "<b>x</b>\r\n%1 %2\x1B[31m\xE2\x80\xAE gpj.exe")});
    const QString name = QStringLiteral("<b>x</b>\\x0D\\x0A%1 %2\\x1B[31m\\u202E gpj.exe");
    QCOMPARE(
        p.words(),
        QStringLiteral("Studio laptop (12) offers %1, 2.0 MB").replace(QStringLiteral("%1"), name));
    QCOMPARE(p.buttons().first(), QStringLiteral("Save ") + name);
    for (const QLabel *label : p.cards().first()->findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText);
    p.model.add({offer(8, QByteArray(250, 'n') + ".tar.gz")});
    QVERIFY(p.words(1).size() < 120);
    QVERIFY(p.words(1).contains(QStringLiteral(".tar.gz")));
}

void ClientGiftDeskTest::whatBecomesOfItStandsOnTheCard()
{
    const struct
    {
        const char *why;
        const char *words;
    } ends[] = {{"withdrawn", "Studio laptop (12) took back report.pdf"},
                {"expired", "report.pdf was on offer for a day and is gone"},
                {"burnt", "report.pdf is no longer on offer"}};
    for (const auto &[why, words] : ends) {
        GiftPane p;
        p.model.add({offer(7)});
        p.model.setRead(p.row());
        Note note = giftNote(Note::Kind::Notice, {{}, 7, "report.pdf"}, why);
        note.from = {Party::Kind::Server, 0};
        const TalkModel::News news = p.model.add({note});
        QCOMPARE(p.words(), QString::fromLatin1(words));
        QCOMPARE(news.sentence, p.words());
        QVERIFY(p.buttons().isEmpty());
        QCOMPARE(p.model.messages(p.row()).size(), 1);
        QCOMPARE(p.model.unread(p.row()), 1);
        QVERIFY(p.model.messages(0).isEmpty());
    }
}

void ClientGiftDeskTest::anOfferThatIsRepeatedIsTheSame()
{
    GiftPane p;
    p.model.add({offer(7)});
    QCOMPARE(p.model.add({offer(7)}).count, 0);
    QCOMPARE(p.cards().size(), 1);
    QCOMPARE(p.model.add({offer(8)}).count, 1);
    QCOMPARE(p.cards().size(), 2);
}

void ClientGiftDeskTest::itIsSavedBesideWhatIsThere()
{
    const QTemporaryDir dir;
    writeFile(dir.filePath(QStringLiteral("report.pdf")), "mine");
    GiftPane p;
    p.model.add({offer(7)});
    p.desk.save(p.last(), dir.path());
    const Download row = p.queued();
    QVERIFY(!row.isUpload());
    QCOMPARE(row.remotePath, QByteArray("/@me/7/report.pdf"));
    QCOMPARE(row.localName, QStringLiteral("report (1).pdf"));
    QCOMPARE(row.folder, dir.path());
    QCOMPARE(row.existing, client::ExistingPolicy::Rename);
    QCOMPARE(row.kind, client::DownloadKind::File);
    QCOMPARE(p.gift().state, Gift::State::Saving);
    // Once is enough.
    p.desk.save(p.last(), dir.path());
    QCOMPARE(p.client.queue().all().size(), 1);
}

void ClientGiftDeskTest::savingIsARowOfTheQueue()
{
    const QTemporaryDir dir;
    GiftPane p;
    p.model.add({offer(7)});
    p.desk.save(p.last(), dir.path());
    QCOMPARE(p.words(), QStringLiteral("Saving report.pdf, 2.0 MB"));
    QCOMPARE(p.buttons(), QStringList{QStringLiteral("Cancel saving report.pdf")});
    client::DownloadQueue &queue = p.client.queue();
    const quint64 id = p.queued().id;
    queue.pause({id});
    p.desk.look();
    QCOMPARE(p.hint(), QStringLiteral("Paused"));
    QCOMPARE(p.gift().state, Gift::State::Saving);
    // It stays on offer.
    p.desk.act(p.last(), GiftAct::Cancel);
    QCOMPARE(p.gift().state, Gift::State::Waiting);
    queue.retry(id);
    p.desk.look();
    QCOMPARE(p.gift().state, Gift::State::Saving);
    QVERIFY(queue.takeNext());
    queue.fail(id, {ErrorCode::LocalFile, QStringLiteral("full")});
    p.desk.look();
    QCOMPARE(p.gift().state, Gift::State::Waiting);
    QVERIFY(p.hint().startsWith(QStringLiteral("Not saved: Cannot be saved here")));
    p.desk.save(p.last(), dir.path());
    const auto again = queue.takeNext();
    QVERIFY(again && again->id != id);
    QVERIFY(!queue.find(id));
    queue.setSize(again->id, 2'000'000, 0);
    queue.addReceived(again->id, 1'000'000);
    p.desk.look();
    QCOMPARE(p.gift().fraction, 0.5);
    queue.addReceived(again->id, 1'000'000);
    queue.finish(again->id, true, "abc");
    p.desk.look();
    QCOMPARE(p.words(), QStringLiteral("Saved report.pdf, 2.0 MB"));
    QCOMPARE(p.hint(), QStringLiteral("Verified"));
    p.desk.act(p.last(), GiftAct::Open);
    p.desk.act(p.last(), GiftAct::ShowFolder);
    QCOMPARE(p.opened, (QStringList{dir.filePath(QStringLiteral("report.pdf")), dir.path()}));
    // What is here stays so.
    p.model.add({giftNote(Note::Kind::Notice, {{}, 7, "report.pdf"}, "expired")});
    QCOMPARE(p.gift().state, Gift::State::Saved);
}

void ClientGiftDeskTest::itIsDeclinedOnce()
{
    GiftPane p;
    p.model.add({offer(7)});
    p.desk.act(p.last(), GiftAct::Decline);
    QCOMPARE(p.dropped, QList{(extended::GiftPath{{}, 7, "report.pdf"})});
    QVERIFY(p.buttons().isEmpty());
    QVERIFY(!p.desk.takeAnswer(55, {}));
    QVERIFY(p.desk.takeAnswer(101, {}));
    QCOMPARE(p.words(), QStringLiteral("You declined report.pdf"));

    p.model.add({offer(8, "b")});
    p.desk.act(p.last(), GiftAct::Decline);
    QVERIFY(p.desk.takeAnswer(102, Error{ErrorCode::CutShort, QStringLiteral("It broke.")}));
    QCOMPARE(p.hint(1), QStringLiteral("It broke."));
    QCOMPARE(p.buttons(1).size(), 2);
    p.desk.act(p.last(), GiftAct::Decline);
    QVERIFY(p.desk.takeAnswer(103, Error{ErrorCode::NotFound, QStringLiteral("none")}));
    QCOMPARE(p.words(1), QStringLiteral("b is no longer on offer"));
}

void ClientGiftDeskTest::noCardWaitsForAConnectionThatIsGone()
{
    GiftPane p;
    p.model.add({offer(7)});
    p.desk.act(p.last(), GiftAct::Decline);
    p.model.addOwn(p.row(), QStringLiteral("hello"), 1);
    const quint64 card = p.model.messages(p.row()).first().id;
    p.desk.connectionGone();
    p.model.endOutcomes(QStringLiteral("It ended."));
    QCOMPARE(p.buttons().size(), 2);
    QCOMPARE(p.hint(), QStringLiteral("The connection ended before the server answered."));
    QCOMPARE(p.model.messages(p.row()).last().failure, QStringLiteral("It ended."));
    // The next connection counts its questions from one again.
    QVERIFY(!p.desk.takeAnswer(101, {}));
    QCOMPARE(p.model.gift(card)->state, Gift::State::Waiting);

    // Nobody says any more whether the receiver is the same: a person decides.
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    GiftPane q;
    q.desk.give(q.row(), {QFile::encodeName(path)});
    q.client.queue().loggedIn();
    q.desk.look();
    QVERIFY(q.desk.waitsForPeople() && q.buttons().isEmpty());
    q.desk.connectionGone();
    QVERIFY(!q.desk.waitsForPeople());
    QCOMPARE(q.buttons(), QStringList{QStringLiteral("Give plan.txt again")});
}

void ClientGiftDeskTest::aFileIsGivenByTheQueue()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    GiftPane p;
    p.desk.give(p.row(), {QFile::encodeName(path)});
    QVERIFY2(p.refusals.isEmpty(), qPrintable(p.refusals.join(u' ')));
    const Download row = p.queued();
    QVERIFY(row.isUpload());
    QCOMPARE(row.remotePath, QByteArray("/@12/plan.txt"));
    QCOMPARE(p.words(), QStringLiteral("Giving plan.txt, 5 B"));
    QCOMPARE(p.buttons(), QStringList{QStringLiteral("Take back plan.txt")});
    client::DownloadQueue &queue = p.client.queue();
    QVERIFY(queue.takeNext(client::DownloadQueue::Take::Upload));
    queue.finishUpload(row.id, "/@12/9/plan.txt", "abc");
    p.desk.look();
    QCOMPARE(p.words(), QStringLiteral("plan.txt, 5 B: waiting for Studio laptop (12) to accept"));
    p.model.add({giftNote(Note::Kind::Taken, {12, 9, "plan.txt"})});
    QCOMPARE(p.words(), QStringLiteral("Studio laptop (12) saved plan.txt"));
    QVERIFY(p.buttons().isEmpty());
    QCOMPARE(p.model.messages(p.row()).size(), 1);
}

void ClientGiftDeskTest::whatIsGivenIsTakenBack()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    GiftPane p;
    client::DownloadQueue &queue = p.client.queue();
    // On its way there.
    p.desk.give(p.row(), {QFile::encodeName(path)});
    p.desk.act(p.last(), GiftAct::TakeBack);
    QCOMPARE(p.words(), QStringLiteral("You took back plan.txt"));
    QCOMPARE(p.queued().state, DownloadState::Cancelled);
    // And there.
    p.desk.give(p.row(), {QFile::encodeName(path)});
    const quint64 id = p.queued().id;
    QVERIFY(queue.takeNext(client::DownloadQueue::Take::Upload));
    queue.finishUpload(id, "/@12/9/plan.txt", "abc");
    p.desk.look();
    p.desk.act(p.last(), GiftAct::TakeBack);
    QCOMPARE(p.dropped, QList{(extended::GiftPath{12, 9, "plan.txt"})});
    QVERIFY(p.desk.takeAnswer(101, {}));
    QCOMPARE(p.words(1), QStringLiteral("You took back plan.txt"));
}

/// The receiver may be quicker than the answer to the giver.
void ClientGiftDeskTest::theAnswerMayComeBeforeTheNumber()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    GiftPane p;
    p.desk.give(p.row(), {QFile::encodeName(path)});
    const quint64 message = p.last();
    p.model.add({giftNote(Note::Kind::Notice, {12, 9, "plan.txt"}, "declined")});
    const quint64 id = p.queued().id;
    QVERIFY(p.client.queue().takeNext(client::DownloadQueue::Take::Upload));
    p.client.queue().finishUpload(id, "/@12/9/plan.txt", "abc");
    p.desk.look();
    QCOMPARE(p.model.gift(message)->state, Gift::State::Declined);
}

void ClientGiftDeskTest::aFolderIsNotGiven()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    GiftPane p;
    p.desk.give(p.row(), {QFile::encodeName(dir.path()), QFile::encodeName(path)});
    QCOMPARE(p.refusals.size(), 1);
    QVERIFY(p.refusals.first().startsWith(QStringLiteral("A folder can't be given.")));
    QCOMPARE(p.client.queue().all().size(), 1);
    QCOMPARE(p.queued().localName, QStringLiteral("plan.txt"));
    // What is not there says so on its card.
    p.desk.give(p.row(), {"/nowhere/x.txt"});
    QCOMPARE(p.words(1), QStringLiteral("x.txt was not given"));
    QCOMPARE(p.hint(1).section(u':', 0, 0), QStringLiteral("Not on this computer any more"));
    QCOMPARE(p.buttons(1), QStringList{QStringLiteral("Give x.txt again")});
}

void ClientGiftDeskTest::onlyAPersonIsGivenSomething()
{
    GiftPane p;
    p.desk.give(0, {"/etc/hostname"});
    p.desk.give(1, {"/etc/hostname"});
    p.model.setPeople({});
    p.model.add({offer(7)});
    p.desk.setDrop({});
    p.desk.give(p.row(), {"/etc/hostname"});
    QCOMPARE(
        p.refusals,
        (QStringList{QStringLiteral("To give the operator a file, send it to a shared folder."),
                     QStringLiteral("A file is given to one person. Choose who gets it."),
                     QStringLiteral("Waiting for the server. Try again when it is back.")}));
    QVERIFY(p.client.queue().all().isEmpty());
}

/// A server that was restarted gives numbers anew.
void ClientGiftDeskTest::whatIsCutOffGoesOnToTheSamePersonOnly()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    for (const bool same : {true, false}) {
        GiftPane p;
        client::DownloadQueue &queue = p.client.queue();
        p.desk.give(p.row(), {QFile::encodeName(path)});
        const quint64 message = p.last();
        const Download before = p.queued();
        queue.pause({before.id});
        queue.loggedIn();
        QCOMPARE(queue.find(before.id)->state, DownloadState::Failed);
        // Nobody sends it by hand.
        queue.retry(before.id);
        queue.forceStart({before.id});
        queue.resume({before.id});
        QCOMPARE(queue.find(before.id)->state, DownloadState::Failed);
        p.desk.look();
        QVERIFY(p.desk.waitsForPeople());
        QVERIFY(p.buttons().isEmpty());
        extended::Person now;
        now.session = 12;
        now.account = "ferry";
        now.name = "Studio laptop";
        now.sinceNs = same ? 5 : 6;
        p.model.setPeople({now});
        p.desk.peopleKnown();
        p.desk.look();
        QVERIFY(!p.desk.waitsForPeople());
        const QList<Download> rows = queue.all();
        QCOMPARE(rows.size(), 1);
        if (same) {
            QCOMPARE(rows.first().state, DownloadState::Queued);
            QCOMPARE(rows.first().uploadId, before.uploadId);
            QVERIFY(rows.first().id != before.id);
        } else {
            QCOMPARE(rows.first().state, DownloadState::Failed);
            QCOMPARE(p.model.gift(message)->state, Gift::State::Failed);
            QVERIFY(p.model.gift(message)->words.contains(QStringLiteral("have left")));
            p.desk.act(message, GiftAct::Again);
            QCOMPARE(p.refusals, QStringList{QStringLiteral("Studio laptop (12) has left.")});
        }
    }
}

void ClientGiftDeskTest::nothingOfItOutlivesTheWindow()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("plan.txt"));
    writeFile(path, "hello");
    const QString file = dir.filePath(QStringLiteral("data/queue"));
    {
        GiftPane p;
        QVERIFY(p.client.openQueue(file));
        p.model.add({offer(7)});
        p.desk.save(p.last(), dir.path());
        p.desk.give(p.row(), {QFile::encodeName(path)});
        p.client.add({{"/S/a.txt", dir.path()}});
        QCOMPARE(p.desk.underWay(), 2);
        p.client.flushQueue();
        // As if it was killed.
        QFile::copy(file, dir.filePath(QStringLiteral("killed")));
        QFile::copy(file + QStringLiteral("-wal"), dir.filePath(QStringLiteral("killed-wal")));
        p.desk.end();
        QCOMPARE(p.desk.underWay(), 0);
        QCOMPARE(p.client.queue().all().size(), 1);
    }
    for (const QString &left : {file, dir.filePath(QStringLiteral("killed"))}) {
        client::Client later;
        QVERIFY(later.openQueue(left));
        QCOMPARE(later.queue().all().size(), 1);
        QCOMPARE(later.queue().all().first().remotePath, QByteArray("/S/a.txt"));
    }
}

FERRY_TEST(ClientGiftDeskTest)
#include "client_giftdesk.moc"
