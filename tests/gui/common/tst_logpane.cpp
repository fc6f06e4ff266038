// SPDX-License-Identifier: MIT
#include "gui-common/log/logpane.h"

#include "gui-common/log/logfiltermodel.h"
#include "gui-common/log/logmodel.h"
#include "gui/server/serverfakes.h"
#include "net/limits.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace ferry;
using namespace ferry::gui;

namespace {

QList<LogRecord> numbered(int first, int count, quint64 session = 1)
{
    QList<LogRecord> records;
    for (int i = first; i < first + count; ++i)
        records.append({i, session, LogKind::Command, QStringLiteral("line %1").arg(i)});
    return records;
}

QStringList messages(const QAbstractItemModel &model)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts.append(model.index(row, LogModel::Message).data().toString());
    return texts;
}

constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

} // namespace

class LogPaneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFullLogKeepsTheNewest()
    {
        LogModel model(nullptr, 20);
        const QAbstractItemModelTester tester(&model, strict);
        model.append(numbered(0, 15));
        model.append(numbered(15, 10));
        QCOMPARE(messages(model).last(), QStringLiteral("line 24"));
        QVERIFY(model.rowCount() <= 20);
        QVERIFY(model.rowCount() >= 18);
        model.append(numbered(100, 500));
        QCOMPARE(model.rowCount(), 20);
        QCOMPARE(messages(model).first(), QStringLiteral("line 580"));
        model.append({});
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void theFilterAgreesWithTheLogWhateverHappensToIt()
    {
        LogModel model(nullptr, 50);
        LogFilterModel shown(&model);
        const QAbstractItemModelTester tester(&shown, strict);
        shown.setSessions({2});
        for (int round = 0; round < 40; ++round) {
            model.append(numbered(round * 10, 3, 1));
            model.append(numbered(round * 10 + 3, 4, 2));
            if (round == 20)
                model.clearSessions({1});
            QStringList expected;
            for (int row = 0; row < model.rowCount(); ++row) {
                if (model.record(row).session == 2)
                    expected.append(model.record(row).message);
            }
            QCOMPARE(messages(shown), expected);
        }
        shown.setSessions({});
        QCOMPARE(messages(shown), messages(model));
        model.clear();
        QCOMPARE(shown.rowCount(), 0);
    }

    void aKindCanBeLeftOut()
    {
        LogModel model;
        LogFilterModel shown(&model);
        model.append({{1, 0, LogKind::Status, QStringLiteral("a")},
                      {2, 0, LogKind::Error, QStringLiteral("b")}});
        shown.setKindShown(LogKind::Status, false);
        QCOMPARE(messages(shown), QStringList{QStringLiteral("b")});
        shown.setKindShown(LogKind::Status, true);
        QCOMPARE(shown.rowCount(), 2);
    }

    void eachKindHasAShapeAndAWordOfItsOwn()
    {
        QSet<QString> shapes;
        QSet<QString> words;
        for (int kind = 0; kind < 5; ++kind) {
            const QString text = LogModel::kindText(LogKind(kind));
            shapes.insert(text.section(u' ', 0, 0));
            words.insert(text.section(u' ', 1));
        }
        QCOMPARE(shapes.size(), 5);
        QCOMPARE(words.size(), 5);
        QVERIFY(!words.contains(QString()));
    }

    void remoteTextStaysPlainAndBounded_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("html") << QStringLiteral("<b>bold</b><img src=x> &amp;");
        QTest::newRow("escape") << QStringLiteral("\x1b[31mred\x1b]0;title\x07");
        QTest::newRow("bidi") << QStringLiteral("evil\u202Egpj.exe");
        QTest::newRow("lines") << QStringLiteral("one\r\ntwo\u2028three");
        QTest::newRow("long") << QString(10'000, u'x');
    }
    void remoteTextStaysPlainAndBounded()
    {
        QFETCH(QString, text);
        LogQueue queue;
        queue.add(1, LogKind::Command, text);
        LogModel model;
        model.append(queue.take());
        const QModelIndex index = model.index(0, LogModel::Message);
        const QString shown = index.data().toString();
        QVERIFY(shown.size() <= limits::displayCharacters + 1);
        for (const QChar c : shown)
            QVERIFY2(c.isPrint(), qPrintable(QString::number(c.unicode(), 16)));

        // Qt takes a tooltip for HTML where it looks like some; it may only be wrapped.
        QString toolTip = index.data(Qt::ToolTipRole).toString();
        QVERIFY(!Qt::mightBeRichText(toolTip));
        QCOMPARE(toolTip.remove(QChar(0x2060)).replace(u'\n', u' '), shown);
    }

    void theViewFollowsTheEndUnlessOneLooksElsewhere()
    {
        LogModel model;
        LogPane pane(&model);
        pane.resize(500, 200);
        pane.show();
        QVERIFY(QTest::qWaitForWindowExposed(&pane));
        QScrollBar *bar = pane.view()->verticalScrollBar();
        const auto grown = [&](int rows) {
            const int before = bar->maximum();
            model.append(numbered(model.rowCount(), rows));
            return QTest::qWaitFor([&] { return bar->maximum() > before; }, test::patienceMs);
        };
        QVERIFY(grown(100));
        QCOMPARE(bar->value(), bar->maximum());

        bar->setValue(bar->maximum() / 2);
        const int place = bar->value();
        QVERIFY(grown(50));
        QCOMPARE(bar->value(), place);

        bar->setValue(bar->maximum());
        QVERIFY(grown(50));
        QCOMPARE(bar->value(), bar->maximum());

        pane.pauseAction()->setChecked(true);
        const int paused = bar->value();
        QVERIFY(grown(50));
        QCOMPARE(bar->value(), paused);
        pane.pauseAction()->setChecked(false);
        QCOMPARE(bar->value(), bar->maximum());
    }

    void findGoesFromMatchToMatchAndRound()
    {
        LogModel model;
        LogPane pane(&model);
        model.append(numbered(0, 30)); // matches of "line 2": 2, 20 to 29
        auto *field = pane.findChild<QLineEdit *>(QStringLiteral("logFind"));
        auto *matches = pane.findChild<QLabel *>(QStringLiteral("logMatches"));
        QTest::keyClicks(field, QStringLiteral("line 2"));
        QCOMPARE(pane.view()->currentIndex().row(), 2);
        QCOMPARE(matches->text(), QStringLiteral("1 of 11"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(pane.view()->currentIndex().row(), 20);
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(pane.view()->currentIndex().row(), 29);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(pane.view()->currentIndex().row(), 2);
        QTest::keyClicks(field, QStringLiteral("zzz"));
        QCOMPARE(matches->text(), QStringLiteral("No match"));
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(field->text().isEmpty());
    }

    void copyTakesTheSelectedLinesInTheirOrder()
    {
        LogModel model;
        LogPane pane(&model);
        model.append(numbered(0, 5));
        const auto select = [&](int row) {
            pane.view()->selectionModel()->select(pane.view()->model()->index(row, 0),
                                                  QItemSelectionModel::Select |
                                                      QItemSelectionModel::Rows);
        };
        select(3);
        select(1);
        pane.copyAction()->trigger();
        const auto lines = QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].endsWith(QStringLiteral("line 1")));
        QVERIFY(lines[1].endsWith(QStringLiteral("line 3")));
    }

    void saveWritesWhatIsShown()
    {
        const QTemporaryDir folder;
        LogModel model;
        LogPane pane(&model);
        test::FakePrompts prompts;
        pane.setPrompts(&prompts);
        model.append(numbered(0, 3, 1));
        model.append(numbered(3, 2, 7));
        pane.setSessions({7});
        prompts.saveName = folder.filePath(QStringLiteral("log.txt"));
        pane.saveAction()->trigger();
        QFile file(prompts.saveName);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QCOMPARE(text.count('\n'), 2);
        QVERIFY(text.contains("line 3") && text.contains("line 4"));

        prompts.saveName = folder.filePath(QStringLiteral("no/such/folder/log.txt"));
        pane.saveAction()->trigger();
        QCOMPARE(prompts.told.size(), 1);
    }

    void clearForgetsTheSessionThatIsShownAndNoOther()
    {
        LogModel model;
        LogPane pane(&model);
        model.append(numbered(0, 3, 1));
        model.append(numbered(3, 2, 7));
        pane.setSessions({7});
        pane.clearAction()->trigger();
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(!pane.clearAction()->isEnabled());
        pane.setSessions({});
        pane.clearAction()->trigger();
        QCOMPARE(model.rowCount(), 0);
    }

    void theKindMenuFiltersAndSaysSo()
    {
        LogModel model;
        LogPane pane(&model);
        model.append(numbered(0, 3));
        auto *kinds = pane.findChild<QToolButton *>(QStringLiteral("logKinds"));
        const QString all = kinds->text();
        auto *command = kinds->menu()->findChild<QAction *>(
            QStringLiteral("logKind%1").arg(int(LogKind::Command)));
        QVERIFY(command);
        command->setChecked(false);
        QCOMPARE(pane.view()->model()->rowCount(), 0);
        QVERIFY(kinds->text() != all);
        QVERIFY(!pane.findChild<QLabel *>(QStringLiteral("logEmpty"))->text().isEmpty());
        command->setChecked(true);
        QCOMPARE(pane.view()->model()->rowCount(), 3);
        QCOMPARE(kinds->text(), all);
    }
};

FERRY_TEST(LogPaneTest)
#include "tst_logpane.moc"
