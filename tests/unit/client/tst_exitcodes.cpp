// SPDX-License-Identifier: MIT
#include "client-cli/exitcodes.h"
#include "common/options.h"
#include "support/testprogram.h"

#include <QRegularExpression>
#include <QTest>

using namespace ferry;
using namespace ferry::client;

class ExitCodesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theHelpNamesAll();
};

void ExitCodesTest::theHelpNamesAll()
{
    const QString help = QString::fromUtf8(commands::ferryGet.help());
    const QString said = help.sliced(help.indexOf(QStringLiteral("Exit: ")));
    for (int code = 0; code <= int(ErrorCode::InUse); ++code) {
        if (ErrorCode(code) == ErrorCode::CannotBind) // the server's
            continue;
        const int exit = exitCodeFor(ErrorCode(code));
        QVERIFY2(said.contains(QRegularExpression(QStringLiteral("[ /\n]%1[ /\n]").arg(exit))),
                 qPrintable(QString::number(exit)));
    }
}

FERRY_TEST(ExitCodesTest)
#include "tst_exitcodes.moc"
