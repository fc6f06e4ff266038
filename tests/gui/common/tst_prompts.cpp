// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/prompts.h"
#include "support/process.h"
#include "support/testprogram.h"

#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace ferry;

/// The questions that both windows ask.
class PromptsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aQuestionIsUpToDateAndGoesWhenThereIsNothingToAsk();
    void theNumberOfTheAnswerIsReturned_data();
    void theNumberOfTheAnswerIsReturned();
    void textIsNoMarkup();

private:
    static QDialog *open() { return qobject_cast<QDialog *>(QApplication::activeModalWidget()); }
    /// What `answer` makes of the question once it is open.
    int ask(const std::function<void(QDialog *)> &answer)
    {
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&] {
            if (open())
                answer(open());
        });
        look.start(1);
        return gui::Prompts().ask(nullptr, QStringLiteral("Stop?"),
                                  [] { return QStringLiteral("1 < 2 <b>people</b>"); },
                                  {QStringLiteral("Now"), QStringLiteral("Later")});
    }
};

void PromptsTest::aQuestionIsUpToDateAndGoesWhenThereIsNothingToAsk()
{
    QStringList left{{}, QStringLiteral("1 person"), QStringLiteral("2 people")};
    QStringList seen;
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&] {
        const QString now =
            open() ? open()->findChild<QLabel *>(QStringLiteral("questionText"))->text()
                   : QString();
        if (!now.isEmpty() && (seen.isEmpty() || seen.last() != now)) {
            seen.append(now);
            left.removeLast();
        }
    });
    look.start(1);
    QTimer::singleShot(test::patienceMs, this, [] {
        if (open())
            open()->reject();
    });
    const int answer = gui::Prompts().ask(nullptr, QStringLiteral("Stop?"),
                                          [&] { return left.last(); }, {QStringLiteral("Now")});
    QCOMPARE(answer, 0);
    QCOMPARE(seen, (QStringList{QStringLiteral("2 people"), QStringLiteral("1 person")}));
}

void PromptsTest::theNumberOfTheAnswerIsReturned_data()
{
    QTest::addColumn<QString>("button");
    QTest::addColumn<int>("number");
    QTest::newRow("first") << QStringLiteral("Now") << 0;
    QTest::newRow("second") << QStringLiteral("Later") << 1;
    QTest::newRow("none") << QStringLiteral("Cancel") << -1;
}

void PromptsTest::theNumberOfTheAnswerIsReturned()
{
    QFETCH(QString, button);
    const int number = ask([&](QDialog *dialog) {
        const auto buttons = dialog->findChildren<QPushButton *>();
        for (QPushButton *one : buttons) {
            if (one->text().remove(u'&') == button)
                one->click();
        }
    });
    QTEST(number, "number");
}

void PromptsTest::textIsNoMarkup()
{
    QList<Qt::TextFormat> formats;
    const int number = ask([&](QDialog *dialog) {
        const auto labels = dialog->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (!label->text().isEmpty())
                formats.append(label->textFormat());
        }
        QVERIFY(qobject_cast<QPushButton *>(dialog->focusWidget()));
        QCOMPARE(qobject_cast<QPushButton *>(dialog->focusWidget())->text().remove(u'&'),
                 QStringLiteral("Cancel")); // the safe answer
        QTest::keyClick(dialog, Qt::Key_Escape);
    });
    QCOMPARE(number, -1);
    QVERIFY(formats.size() >= 2);
    QCOMPARE(formats.count(Qt::PlainText), formats.size());
}

FERRY_TEST(PromptsTest)
#include "tst_prompts.moc"
