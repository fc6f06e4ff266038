// SPDX-License-Identifier: MIT
#pragma once

#include "gui/server/serverfakes.h"
#include "server-gui/run/servercontrol.h"
#include "server-gui/window/serverwindow.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <memory>

namespace ferry::test {

/// A server window with a data folder of its own, used through the names of its controls.
class WindowUser
{
public:
    /// Opens a window; a folder `pub` is on its list unless `share` is false. The ports are free
    /// ones unless others are given, and at the first time only this computer is let in.
    void open(bool share = true, quint16 port = 0, quint16 classicPort = 0)
    {
        close();
        gui::SettingsFile file(dataFolder());
        if (!QFile::exists(file.path())) {
            file.settings.tls.reach = gui::Reach::ThisComputer;
            QVERIFY(file.save());
        }
        gui::StartValues line;
        line.dataFolder = dataFolder();
        line.port = port;
        line.classicPort = classicPort;
        if (share)
            line.shares = {{"pub", QFile::encodeName(pub())}};
        openWith(line);
    }
    /// The same with telnet for others, which are none but this computer's: through one address,
    /// where the window says the same as for everyone.
    void openForOthersByTelnet()
    {
        gui::SettingsFile file(dataFolder());
        file.load();
        file.settings.tls.reach = gui::Reach::ThisComputer;
        file.settings.classic.reach = gui::Reach::OneAddress;
        file.settings.classic.address = QStringLiteral("127.0.0.1");
        QVERIFY(file.save());
        open();
    }
    void openWith(const gui::StartValues &line)
    {
        window = std::make_unique<gui::ServerWindow>(line);
        window->setPrompts(&prompts);
        for (const LogKind kind : {LogKind::Command, LogKind::Response}) {
            const QByteArray name = "logKind" + QByteArray::number(int(kind));
            find<QAction>(name.constData())->setChecked(true);
        }
        window->resize(900, 600);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    }
    /// Opens it again as a later start of the program would.
    void openAgain()
    {
        close();
        gui::StartValues line;
        line.dataFolder = dataFolder();
        openWith(line);
    }
    void close()
    {
        if (window)
            window->close();
        window.reset();
    }

    template <typename T>
    T *find(const char *name) const
    {
        auto *found = window->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s in the window", name);
        return found;
    }
    void click(const char *name) const { find<QAbstractButton>(name)->click(); }
    QString textOf(const char *label) const { return spaced(find<QLabel>(label)->text()); }

    bool start() const
    {
        click("startButton");
        return waitForWord(QStringLiteral("Running at"));
    }
    bool waitForWord(const QString &word) const
    {
        return QTest::qWaitFor([&] { return textOf("stateWord").startsWith(word); }, patienceMs);
    }
    server::Server &server() const { return window->control().server(); }
    quint16 tlsPort() const { return server().tlsEndpoint().port; }
    quint16 port() const { return server().classicEndpoint().port; } ///< of the classic door
    QByteArray password() const { return find<QLineEdit>("passwordField")->text().toUtf8(); }

    /// What the table of sessions shows in a column of the row of session `id`; nothing if there
    /// is no such row.
    QString cell(quint64 id, int column) const
    {
        const QModelIndex row = sessionRow(id);
        return row.isValid() ? spaced(row.siblingAtColumn(column).data().toString()) : QString();
    }
    /// A person with several sessions is one row, and these are below it.
    int sessionRows() const
    {
        int sessions = 0;
        const QAbstractItemModel *rows = find<QTreeView>("sessionView")->model();
        for (int row = 0; row < rows->rowCount(); ++row)
            sessions += qMax(1, rows->rowCount(rows->index(row, 0)));
        return sessions;
    }
    QModelIndex sessionRow(quint64 id) const
    {
        const QAbstractItemModel *rows = find<QTreeView>("sessionView")->model();
        const auto below = [&](const QModelIndex &parent) {
            for (int row = 0; row < rows->rowCount(parent); ++row) {
                if (const QModelIndex at = rows->index(row, 0, parent);
                    !rows->hasChildren(at) && at.data().toString() == QString::number(id))
                    return at;
            }
            return QModelIndex();
        };
        QModelIndex found = below({});
        for (int row = 0; !found.isValid() && row < rows->rowCount(); ++row)
            found = below(rows->index(row, 0));
        return found;
    }
    void selectSession(quint64 id) const
    {
        find<QTreeView>("sessionView")->setCurrentIndex(sessionRow(id));
    }
    QStringList logMessages() const
    {
        const QAbstractItemModel *rows = find<QTreeView>("logView")->model();
        QStringList messages;
        for (int row = 0; row < rows->rowCount(); ++row)
            messages.append(rows->index(row, rows->columnCount() - 1).data().toString());
        return messages;
    }

    QString dataFolder() const { return folder.filePath(QStringLiteral("data")); }
    QString pub() const
    {
        const QString path = folder.filePath(QStringLiteral("pub"));
        QDir().mkpath(path);
        return path;
    }
    void writeFile(const QString &name, const QByteArray &content) const
    {
        QFile file(pub() + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }

    QTemporaryDir folder;
    FakePrompts prompts;
    std::unique_ptr<gui::ServerWindow> window;
};

} // namespace ferry::test
