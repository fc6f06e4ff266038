// SPDX-License-Identifier: MIT
/// A client window that looks at a server's folders.
#pragma once

#include "client-gui/browser/browserpane.h"
#include "client-gui/browser/foldernavigator.h"
#include "gui/client/client_fixture.h"

namespace ferry::gui {

/// A window that is connected to a share with something in it.
struct Browsing : ClientWindowFixture
{
    Browsing()
    {
        QDir(share()).mkpath(QStringLiteral("photos/2026/raw"));
        QDir(share()).mkpath(QStringLiteral("photos/2024"));
        QDir(share()).mkpath(QStringLiteral("empty"));
        writeFile(QDir(share()).filePath(QStringLiteral("notes.txt")), "hello");
        writeFile(QDir(share()).filePath(QStringLiteral(".hidden")), "h");
        for (int i = 1; i <= 12; ++i)
            writeFile(QDir(share()).filePath(QStringLiteral("photos/2026/p%1.raw").arg(i)),
                      QByteArray(i * 1000, char('a' + i)));
        startServer();
    }
    QTreeView *list() const { return find<QTreeView>("remoteList"); }
    QTreeView *tree() const { return find<QTreeView>("remoteTree"); }
    FolderNavigator *navigator() const { return find<BrowserPane>("browserPane")->navigator(); }
    QStringList names() const
    {
        QStringList texts;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            texts.append(list()->model()->index(row, 0).data().toString());
        return texts;
    }
    bool listed(const QStringList &expected)
    {
        return QTest::qWaitFor([&] { return names() == expected && complete(); }, 20000);
    }
    bool complete() const { return navigator()->state() == FolderNavigator::State::Complete; }
    bool go(const QByteArray &path)
    {
        navigator()->go(path);
        return QTest::qWaitFor([&] { return navigator()->path() == path && complete(); }, 20000);
    }
    void select(const QString &name)
    {
        const qsizetype row = names().indexOf(name);
        QVERIFY2(row >= 0, qPrintable(name));
        list()->setCurrentIndex(list()->model()->index(int(row), 0));
    }
    bool allDone(int count)
    {
        return QTest::qWaitFor(
            [&] { return words("statusCount").startsWith(QStringLiteral("%1 of").arg(count)); },
            20000);
    }
    QString totals() const
    {
        return words("remoteTotals").replace(QChar(QChar::Nbsp), QLatin1Char(' '));
    }
};

} // namespace ferry::gui
