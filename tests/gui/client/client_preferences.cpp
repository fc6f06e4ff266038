// SPDX-License-Identifier: MIT
/// The settings of the client window: the dialog, what they change at once and after a restart.
#include "client-gui/dialogs/preferencesdialog.h"
#include "client/disk/diskwrite.h"
#include "gui-common/look/format.h"
#include "gui/client/client_fixture.h"
#include "support/testprogram.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QScopeGuard>
#include <QScreen>
#include <QScrollArea>
#include <QSettings>

using namespace ferry;
using namespace ferry::gui;

class ClientPreferencesTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }
    void cleanup() { setSizeUnits(SizeUnits::Decimal); }

    void theSettingsDialogShowsAndTakesEverything();
    void nothingIsCutOffInALargeFont();
    void theButtonsStayInSightOnALowScreen();
    void defaultsCanBeBroughtBack();
    void settingsReachTheQueueAtOnceAndAfterARestart();
    void cancelledSettingsChangeNothing();
    void figuresThatMakeNoSenseAreBounded();
    void binaryUnitsAreShownEverywhere();
    void freeSpaceIsTold();
};

void ClientPreferencesTest::theSettingsDialogShowsAndTakesEverything()
{
    Preferences odd;
    odd.name = QStringLiteral("Studio laptop");
    odd.filesAtOnce = 7;
    odd.rateLimit = 2'500'000;
    odd.retries = 0;
    odd.spaceReserve = 1'000'000'000;
    odd.executable = false;
    odd.encodeNames = true;
    odd.existing = client::ExistingPolicy::OverwriteIfSizeDiffers;
    odd.colors = ColorScheme::Dark;
    odd.binaryUnits = true;
    odd.notify = false;
    odd.trayIcon = false;
    odd.notifyMessages = false;
    QCOMPARE(PreferencesDialog(odd).preferences(), odd);
    QCOMPARE(PreferencesDialog(Preferences()).preferences(), Preferences());

    PreferencesDialog dialog{Preferences()};
    const auto widgets = dialog.findChildren<QWidget *>();
    int named = 0;
    for (const QWidget *widget : widgets) {
        if (widget->objectName().isEmpty() ||
            widget->objectName().startsWith(QStringLiteral("qt_")) ||
            widget->focusPolicy() == Qt::NoFocus)
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                 qPrintable(widget->objectName()));
        ++named;
    }
    QCOMPARE(named, 13);
    QVERIFY2(dialog.sizeHint().height() <= 540,
             qPrintable(QString::number(dialog.sizeHint().height())));
}

/// A dialog gets two thirds of the screen by itself, which this one then needs more than.
void ClientPreferencesTest::nothingIsCutOffInALargeFont()
{
    const QFont usual = QApplication::font();
    const auto back = qScopeGuard([&usual] { QApplication::setFont(usual); });
    QFont large = usual;
    large.setPointSizeF(usual.pointSizeF() * 1.25);
    QApplication::setFont(large);
    PreferencesDialog dialog{Preferences()};
    dialog.setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QVERIFY(dialog.height() > dialog.screen()->availableSize().height() * 2 / 3);
    const auto labels = dialog.findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        const int needed = label->hasHeightForWidth() ? label->heightForWidth(label->width())
                                                      : label->sizeHint().height();
        QVERIFY2(label->height() >= needed, qPrintable(label->text()));
    }
}

/// Of 1024 × 600 with letters a third larger.
void ClientPreferencesTest::theButtonsStayInSightOnALowScreen()
{
    PreferencesDialog dialog{Preferences()};
    QVERIFY2(dialog.minimumSizeHint().height() <= 400,
             qPrintable(QString::number(dialog.minimumSizeHint().height())));
    dialog.resize(dialog.width(), 400);
    dialog.setVisible(true);
    QVERIFY(QTest::qWaitForWindowExposed(&dialog));
    QCOMPARE(dialog.height(), 400);
    const auto *buttons = dialog.findChild<QDialogButtonBox *>();
    QVERIFY(buttons);
    const auto inSight = [&dialog](const QWidget *part) {
        return dialog.rect().contains(QRect(part->mapTo(&dialog, QPoint()), part->size()));
    };
    for (const QAbstractButton *button : buttons->buttons())
        QVERIFY2(inSight(button), qPrintable(button->text()));
    const auto *area = dialog.findChild<QScrollArea *>();
    QVERIFY(area);
    QVERIFY(area->widget()->minimumSizeHint().width() <= area->viewport()->width());
    // And the keyboard brings what is further down there too.
    const auto *last = dialog.findChild<QCheckBox *>(QStringLiteral("trayBox"));
    QVERIFY(last);
    QVERIFY(last->visibleRegion().boundingRect() != last->rect());
    for (int step = 0; step < 30 && !last->hasFocus(); ++step)
        QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
    QVERIFY(last->hasFocus());
    QTRY_COMPARE(last->visibleRegion().boundingRect(), last->rect());
}

void ClientPreferencesTest::defaultsCanBeBroughtBack()
{
    Preferences odd;
    odd.retries = 99;
    odd.notify = false;
    PreferencesDialog dialog(odd);
    for (auto *button : dialog.findChildren<QPushButton *>()) {
        if (button->text().contains(QStringLiteral("defaults")))
            button->click();
    }
    QCOMPARE(dialog.preferences(), Preferences());
}

void ClientPreferencesTest::settingsReachTheQueueAtOnceAndAfterARestart()
{
    ClientWindowFixture f;
    QCOMPARE(f.client->queue().filesAtOnce(), 3);
    QCOMPARE(f.client->queue().rules().retries, 5);
    QCOMPARE(f.client->queue().rules().spaceReserve, qint64(250'000'000));
    Preferences chosen;
    chosen.filesAtOnce = 5;
    chosen.rateLimit = 3'000'000;
    chosen.retries = 2;
    chosen.spaceReserve = 40'000'000;
    chosen.executable = false;
    chosen.encodeNames = true;
    chosen.notify = false;
    f.answers.settingsChosen = chosen;
    f.find<QAction>("settingsAction")->trigger();
    QCOMPARE(f.answers.settingsOffered, Preferences());
    const auto holds = [&] {
        const client::DownloadQueue &queue = f.client->queue();
        return queue.filesAtOnce() == 5 && queue.rules().retries == 2 &&
               queue.rules().spaceReserve == 40'000'000 && queue.rules().waitForSpace &&
               !queue.rules().executable && queue.rules().encodeNames &&
               queue.rateLimiter()->rate() == 3'000'000;
    };
    QVERIFY(holds());
    f.open();
    QVERIFY(holds());
    QCOMPARE(f.settings->preferences(), chosen);
}

void ClientPreferencesTest::cancelledSettingsChangeNothing()
{
    ClientWindowFixture f;
    f.answers.settingsChosen.reset();
    f.find<QAction>("settingsAction")->trigger();
    QCOMPARE(f.settings->preferences(), Preferences());
}

void ClientPreferencesTest::figuresThatMakeNoSenseAreBounded()
{
    const QTemporaryDir dir;
    {
        QSettings file(dir.filePath(QStringLiteral("client.ini")), QSettings::IniFormat);
        file.setValue(QStringLiteral("ferry/version"), 1);
        file.setValue(QStringLiteral("queue/filesAtOnce"), QStringLiteral("99999999999999"));
        file.setValue(QStringLiteral("queue/retries"), -3);
        file.setValue(QStringLiteral("queue/spaceReserve"), QStringLiteral("much"));
    }
    const ClientSettings settings(dir.path());
    QVERIFY(settings.problem().isEmpty());
    const Preferences found = settings.preferences();
    QCOMPARE(found.filesAtOnce, Preferences::maxFilesAtOnce);
    QCOMPARE(found.retries, 0);
    QCOMPARE(found.spaceReserve, Preferences().spaceReserve);
}

void ClientPreferencesTest::binaryUnitsAreShownEverywhere()
{
    ClientWindowFixture f;
    writeFile(f.share() + QStringLiteral("/a.bin"), QByteArray(3 * 1024 * 1024, 'a'));
    f.startServer();
    QVERIFY(f.connectTo(f.serverAddress()));
    f.window->addPaths({"/S/a.bin"});
    QTRY_COMPARE(f.cell(0, 1), QStringLiteral("3.1\u00a0MB"));
    Preferences binary;
    binary.binaryUnits = true;
    f.answers.settingsChosen = binary;
    f.find<QAction>("settingsAction")->trigger();
    QCOMPARE(f.cell(0, 1), QStringLiteral("3.0\u00a0MiB"));
}

void ClientPreferencesTest::freeSpaceIsTold()
{
    ClientWindowFixture f;
    auto *label = f.find<QLabel>("freeSpace");
    QTRY_VERIFY2(label->text().endsWith(QStringLiteral("free")), qPrintable(label->text()));
    QVERIFY(label->isVisible());
    Preferences greedy;
    greedy.spaceReserve = Preferences::maxReserve * 1000;
    f.answers.settingsChosen = greedy;
    f.find<QAction>("settingsAction")->trigger();
    // Bounded, and yet more than most disks of a test have.
    if (f.settings->preferences().spaceReserve > client::diskSpaceOf(f.target()).free)
        QTRY_VERIFY(label->text().startsWith(QStringLiteral("only ")));
}

FERRY_TEST(ClientPreferencesTest)
#include "client_preferences.moc"
