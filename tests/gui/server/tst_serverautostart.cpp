// SPDX-License-Identifier: MIT
#include "gui/server/serverfixture.h"
#include "server-gui/run/autostart.h"
#include "support/testprogram.h"

#include <QCheckBox>
#include <QDialog>
#include <QSpinBox>

using namespace ferry;
using namespace ferry::test;

/// Starting with the desktop's session.
class ServerAutostartTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        u = std::make_unique<WindowUser>();
        qputenv("XDG_CONFIG_HOME", QFile::encodeName(u->folder.filePath(QStringLiteral("config"))));
    }
    void cleanup()
    {
        u->close();
        u.reset();
        qunsetenv("XDG_CONFIG_HOME");
    }

    void theSettingsWriteAndRemoveTheEntry()
    {
        u->open();
        choose(true);
        QFile entry(
            u->folder.filePath(QStringLiteral("config/autostart/org.ferry.Server.desktop")));
        QVERIFY(entry.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(entry.readAll());
        QVERIFY(text.startsWith(u"[Desktop Entry]\n"));
        QVERIFY2(text.contains(QStringLiteral("Exec=\"%1\" --minimised --data-dir \"%2\"\n")
                                   .arg(QCoreApplication::applicationFilePath(), u->dataFolder())),
                 qPrintable(text));
        choose(false);
        QVERIFY(!entry.exists());
    }

    void anUnusualNameIsQuoted()
    {
        QVERIFY(gui::setStartsAtLogin(true, QStringLiteral("/a \"b\" 100% $HOME")).ok());
        QFile entry(
            u->folder.filePath(QStringLiteral("config/autostart/org.ferry.Server.desktop")));
        QVERIFY(entry.open(QIODevice::ReadOnly));
        QVERIFY(entry.readAll().contains(R"(--data-dir "/a \\"b\\" 100%% \\$HOME")"));
    }

    void startedMinimisedItServesAtOnce()
    {
        u->open();
        u->close();
        gui::StartValues line;
        line.dataFolder = u->dataFolder();
        line.minimised = true;
        u->openWith(line);
        QVERIFY(u->waitForWord(QStringLiteral("Running at")));
    }

private:
    void choose(bool starts) const
    {
        u->find<QAction>("settingsAction")->trigger();
        auto *dialog = u->find<QDialog>("settingsDialog");
        auto *check = dialog->findChild<QCheckBox *>(QStringLiteral("startAtLogin"));
        // On the page that is seen first, and not among the limits of sessions.
        QVERIFY(check->isVisible());
        QVERIFY(!dialog->findChild<QSpinBox *>(QStringLiteral("sessions"))->isVisible());
        QCOMPARE(check->isChecked(), !starts);
        check->setChecked(starts);
        dialog->accept();
        QTRY_VERIFY(!u->window->findChild<QDialog *>(QStringLiteral("settingsDialog")));
    }

    std::unique_ptr<WindowUser> u;
};

FERRY_TEST(ServerAutostartTest)
#include "tst_serverautostart.moc"
