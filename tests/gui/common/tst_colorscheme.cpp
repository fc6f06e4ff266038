// SPDX-License-Identifier: MIT
#include "gui-common/look/colorscheme.h"
#include "gui-common/look/theme.h"
#include "support/testprogram.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QTest>
#include <QWidget>

using namespace ferry::gui;

/// Dark or light, as chosen.
class ColorSchemeTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { qunsetenv("FERRY_COLOR_SCHEME"); }
    void cleanup() { setColorScheme(ColorScheme::System); }

    void aChoiceIsSeenAtOnceAndTakenBack()
    {
        QWidget window;
        window.show();
        const QPalette before = QApplication::palette();
        setColorScheme(ColorScheme::Dark);
        QVERIFY(isDark(QApplication::palette()));
        QTRY_VERIFY(isDark(window.palette()));
        setColorScheme(ColorScheme::Light);
        QVERIFY(!isDark(QApplication::palette()));
        setColorScheme(ColorScheme::System);
        QCOMPARE(QApplication::palette().color(QPalette::Window), before.color(QPalette::Window));
    }

    void theMenuChooses()
    {
        QWidget window;
        QMenu *menu = appearanceMenu(&window);
        menu->findChild<QAction *>(QStringLiteral("darkScheme"))->trigger();
        QCOMPARE(colorScheme(), ColorScheme::Dark);
        Q_EMIT menu->aboutToShow();
        QVERIFY(menu->findChild<QAction *>(QStringLiteral("darkScheme"))->isChecked());
        menu->findChild<QAction *>(QStringLiteral("systemScheme"))->trigger();
        QCOMPARE(colorScheme(), ColorScheme::System);
    }

    void theSettingsKeepIt()
    {
        for (const auto scheme : {ColorScheme::System, ColorScheme::Light, ColorScheme::Dark})
            QCOMPARE(colorSchemeOf(colorSchemeKey(scheme)), scheme);
        QCOMPARE(colorSchemeOf(QStringLiteral("rubbish")), ColorScheme::System);
    }
};

FERRY_TEST(ColorSchemeTest)
#include "tst_colorscheme.moc"
