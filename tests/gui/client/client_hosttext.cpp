// SPDX-License-Identifier: MIT
#include "client-gui/connect/hosttext.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry::gui;

class ClientHostTextTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPastedCommandGivesItsHost_data();
    void aPastedCommandGivesItsHost();
};

void ClientHostTextTest::aPastedCommandGivesItsHost_data()
{
    QTest::addColumn<QString>("host");
    const auto row = [](const char *text, const char *host) {
        QTest::newRow(text) << QString::fromUtf8(host);
    };
    row("  studio:99 ", "studio:99");
    row("ferry get studio /a", "studio");
    row("ferry get --limit-rate 500k studio /x", "studio");
    row("ferry get --limit-rate=500k studio /x", "studio");
    row("ferry get -dout -j 3 --existing newer anna@studio:1 /x", "anna@studio:1");
    row("ferry get --quiet -c -- studio /x", "studio");
    row("ferry get --of-a-later-version studio /x", "studio");
    row("ferry ls -l -R --pin sha256:0 studio", "studio");
    row("ferry queue run --queue q studio", "studio");
    row("ferry queue add -d out studio /x", "studio");
    row("ferry get --limit-rate 500k", "ferry get --limit-rate 500k");
    row("ferry queue list", "ferry queue list");
    row("ferryboat get x", "ferryboat get x");
    row(" ferry://studio:1/?fp=x ", "ferry://studio:1/?fp=x");
    row("FERRY://studio\nTo get files from me, open this", "FERRY://studio");
    row("ferry get ferry://studio/a b", "ferry://studio/a");
    row("ferry:studio", "ferry:studio");
}

void ClientHostTextTest::aPastedCommandGivesItsHost()
{
    QTEST(hostIn(QString::fromUtf8(QTest::currentDataTag())), "host");
}

FERRY_TEST(ClientHostTextTest)
#include "client_hosttext.moc"
