// SPDX-License-Identifier: MIT
#include "gui-common/look/theme.h"
#include "gui-common/program/plaindescriptions.h"
#include "support/testprogram.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QTest>
#include <QToolButton>

using namespace ferry::gui;

/// What a screen reader says of a control.
class PlainDescriptionsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aToolTipIsReadWithoutMarkup()
    {
        PlainDescriptions descriptions;
        qApp->installEventFilter(&descriptions);
        QAction action(QStringLiteral("Go"));
        QToolButton button;
        button.setDefaultAction(&action);
        action.setToolTip(plainToolTip(QStringLiteral("1 < 2 & <b>more</b>")));
        QCOMPARE(said(&button), QStringLiteral("1 < 2 & <b>more</b>"));
        action.setToolTip(plainToolTip(QStringLiteral("other")));
        QCOMPARE(said(&button), QStringLiteral("other"));
        action.setToolTip(QStringLiteral("plain"));
        QCOMPARE(said(&button), QStringLiteral("plain"));

        QToolButton own;
        own.setAccessibleDescription(QStringLiteral("its own"));
        own.setToolTip(plainToolTip(QStringLiteral("other")));
        QCOMPARE(said(&own), QStringLiteral("its own"));
    }

private:
    static QString said(QWidget *widget)
    {
        return QAccessible::queryAccessibleInterface(widget)->text(QAccessible::Description);
    }
};

FERRY_TEST(PlainDescriptionsTest)
#include "tst_plaindescriptions.moc"
