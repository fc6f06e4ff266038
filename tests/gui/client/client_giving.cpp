// SPDX-License-Identifier: MIT
// Two windows on one server, and files from one person to the other.
#include "client-gui/people/giftcard.h"
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/people/talkview.h"
#include "gui/client/client_fixture.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QAction>
#include <QLabel>
#include <QListView>
#include <QPushButton>

#include <functional>
#include <memory>

using namespace ferry;
using namespace ferry::gui;
using namespace ferry::test;

namespace {

class Talker : public ClientWindowFixture
{
public:
    /// Of the last card; empty: there is none.
    QString words() const
    {
        const GiftCard *card = last();
        return card ? card->accessibleName().replace(QChar::Nbsp, u' ') : QString();
    }
    /// Below that: how far it is, or why not.
    QString hint() const
    {
        const GiftCard *card = last();
        return card ? card->findChild<QLabel *>(QStringLiteral("giftWords"))->accessibleName()
                    : QString();
    }
    bool has(const QString &text) const
    {
        return wait([&] { return words().contains(text); });
    }
    static bool wait(const std::function<bool()> &condition)
    {
        return QTest::qWaitFor([&] { return condition(); }, patienceMs);
    }
    bool join(const QString &address, const QString &name)
    {
        Preferences preferences = settings->preferences();
        preferences.name = name;
        settings->setPreferences(preferences);
        if (!connectTo(address) ||
            !wait([&] { return find<QAction>("showPeopleAction")->isVisible(); }))
            return false;
        find<QAction>("showPeopleAction")->setChecked(true);
        return true;
    }
    bool talkTo(const QString &name)
    {
        auto *list = find<PeoplePane>("people")->list();
        return wait([&] {
            for (int row = 0; row < list->model()->rowCount(); ++row) {
                const QModelIndex index = list->model()->index(row, 0);
                const QString called = index.data(Qt::AccessibleTextRole).toString();
                if (called.startsWith(name) && !called.contains(QStringLiteral("has left"))) {
                    list->setCurrentIndex(index);
                    return find<QAction>("giveAction")->isEnabled();
                }
            }
            return false;
        });
    }
    void give(const QString &path)
    {
        answers.files = {path};
        find<QAction>("giveAction")->trigger();
    }
    bool press(const QString &button)
    {
        return wait([&] {
            const GiftCard *card = last();
            for (QPushButton *each :
                 card ? card->findChildren<QPushButton *>() : QList<QPushButton *>()) {
                if (each->accessibleName() == button && !each->isHidden()) {
                    each->click();
                    return true;
                }
            }
            return false;
        });
    }

private:
    GiftCard *last() const
    {
        const auto cards = find<PeoplePane>("people")->talk()->findChildren<GiftCard *>();
        return cards.isEmpty() ? nullptr : cards.last();
    }
};

} // namespace

class ClientGivingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whatIsGivenIsSavedDeclinedAndTakenBack();
    void savingGoesOnAfterTheServerWasRestarted();
    void nothingIsOfferedWhereMembersMayNot();

private:
    void start(bool members);
    QString mine(const QString &name) const { return giver->dir.filePath(name); }

    std::unique_ptr<Talker> giver;
    std::unique_ptr<Talker> taker;
};

void ClientGivingTest::init()
{
    QLocale::setDefault(QLocale(QLocale::English));
    giver = std::make_unique<Talker>();
    taker = std::make_unique<Talker>();
    writeFile(mine(QStringLiteral("plan.txt")), "The plan");
}

void ClientGivingTest::cleanup()
{
    taker.reset();
    giver.reset();
}

void ClientGivingTest::start(bool members)
{
    giver->members = members;
    giver->startServer();
    QVERIFY(taker->join(giver->serverAddress(), QStringLiteral("Anna")));
    QVERIFY(giver->join(giver->serverAddress(), QStringLiteral("Ben")));
}

void ClientGivingTest::whatIsGivenIsSavedDeclinedAndTakenBack()
{
    start(true);
    QVERIFY(giver->talkTo(QStringLiteral("Anna")));
    QVERIFY(taker->talkTo(QStringLiteral("Ben")));
    writeFile(taker->saved(QStringLiteral("plan.txt")), "mine");
    taker->answers.folder = taker->target();

    giver->give(mine(QStringLiteral("plan.txt")));
    QVERIFY2(taker->has(QStringLiteral("offers plan.txt, 8 B")),
             qPrintable(giver->words() + u' ' + giver->hint()));
    QVERIFY(giver->has(QStringLiteral("waiting for Anna")));
    QVERIFY(taker->press(QStringLiteral("Save plan.txt")));
    QVERIFY(giver->has(QStringLiteral("saved plan.txt")));
    QCOMPARE(contentOf(taker->saved(QStringLiteral("plan.txt"))), QByteArray("mine"));
    QCOMPARE(contentOf(taker->saved(QStringLiteral("plan (1).txt"))), QByteArray("The plan"));
    QVERIFY(taker->press(QStringLiteral("Show plan.txt in its folder")));

    giver->give(mine(QStringLiteral("plan.txt")));
    QVERIFY(taker->press(QStringLiteral("Decline plan.txt")));
    QVERIFY(giver->has(QStringLiteral("declined plan.txt")));
    QVERIFY(taker->has(QStringLiteral("You declined plan.txt")));

    giver->give(mine(QStringLiteral("plan.txt")));
    QVERIFY(taker->has(QStringLiteral("offers plan.txt")));
    QVERIFY(giver->press(QStringLiteral("Take back plan.txt")));
    QVERIFY(taker->has(QStringLiteral("took back plan.txt")));
    QCOMPARE(taker->savedNames().size(), 2);
}

void ClientGivingTest::savingGoesOnAfterTheServerWasRestarted()
{
    QByteArray content;
    for (int line = 0; content.size() < 6'000'000; ++line)
        content += QByteArray::number(line) + '\n';
    writeFile(mine(QStringLiteral("large.bin")), content);
    start(true);
    QVERIFY(giver->talkTo(QStringLiteral("Anna")));
    QVERIFY(taker->talkTo(QStringLiteral("Ben")));
    taker->answers.folder = taker->target();
    taker->client->queue().setRateLimit(1'000'000);
    giver->give(mine(QStringLiteral("large.bin")));
    QVERIFY(taker->press(QStringLiteral("Save large.bin")));
    QVERIFY(Talker::wait([&] {
        const QList<client::Download> rows = taker->client->queue().all();
        return !rows.isEmpty() && rows.last().received > 1'000'000;
    }));
    giver->server.stop();
    taker->client->queue().setRateLimit(0);
    giver->startServer();
    QVERIFY(Talker::wait(
        [&] { return contentOf(taker->saved(QStringLiteral("large.bin"))) == content; }));
    QVERIFY(giver->has(QStringLiteral("saved large.bin")));
}

void ClientGivingTest::nothingIsOfferedWhereMembersMayNot()
{
    start(false);
    QVERIFY(Talker::wait([&] { return giver->find<QLineEdit>("messageLine")->isEnabled(); }));
    QVERIFY(!giver->find<QAction>("giveAction")->isEnabled());
}

FERRY_TEST(ClientGivingTest)
#include "client_giving.moc"
