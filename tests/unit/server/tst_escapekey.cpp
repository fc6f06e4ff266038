// SPDX-License-Identifier: MIT
#include "server-cli/escapekey.h"
#include "support/testprogram.h"

#include <QTest>

using namespace ferry;

class EscapeKeyTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheStartOfAKeyIsKept_data();
    void onlyTheStartOfAKeyIsKept();
};

void EscapeKeyTest::onlyTheStartOfAKeyIsKept_data()
{
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QByteArray>("rest");
    const auto row = [](const char *name, const QByteArray &keys, const QByteArray &rest) {
        QTest::newRow(name) << keys << rest;
    };
    row("nothing", "", "");
    row("letters", "abc[O~", "");
    row("escape", "\x1B", "\x1B");
    row("escape after letters", "abc\x1B", "\x1B");
    row("escape twice", "\x1B\x1B", "\x1B\x1B");
    row("arrow", "\x1B[A", "");
    row("arrow of an application", "\x1BOA", "");
    row("arrow with a modifier", "\x1B[1;5C", "");
    row("Alt and an arrow", "\x1B\x1B[A", "");
    row("Alt and a letter", "\x1Bx", "");
    row("half an arrow", "\x1B[", "\x1B[");
    row("half an arrow of an application", "\x1BO", "\x1BO");
    row("half a function key", "\x1B[1", "\x1B[1");
    row("escape after an arrow", "\x1B[A\x1B", "\x1B");
}

void EscapeKeyTest::onlyTheStartOfAKeyIsKept()
{
    QFETCH(QByteArray, keys);
    QTEST(servercli::EscapeKey::unfinished(keys), "rest");
}

FERRY_TEST(EscapeKeyTest)
#include "tst_escapekey.moc"
