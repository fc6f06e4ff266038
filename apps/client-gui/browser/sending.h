// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>
#include <QObject>

#include <optional>

class QAction;
class QDropEvent;
class QMenu;
class QMimeData;
class QTreeView;
class QWidget;

namespace ferry::gui {

class FolderNavigator;
class Prompts;
class RemoteListModel;
class RemoteTreeModel;

/// Files of this computer on their way into the folder that is looked at: chosen, dropped or
/// pasted. Knows where a server takes files, and says why where it does not.
class Sending final : public QObject
{
    Q_OBJECT
public:
    struct Views
    {
        FolderNavigator *navigator;
        QTreeView *list;
        RemoteListModel *entries;
        QTreeView *tree;
        RemoteTreeModel *folders;
        QWidget *pane; ///< takes what is dropped
    };
    /// Nothing is owned.
    Sending(const Views &views, QObject *parent);

    /// Who asks which files; not owned.
    void setPrompts(Prompts *prompts) { m_prompts = prompts; }
    /// There is a folder to look at, and a connection.
    void setBrowsing(bool browsing);

    void fillMenu(QMenu *menu) const;

    QAction *sendFiles;
    QAction *sendFolder;
    QAction *paste;

    /// Why nothing can be sent into the folder that is looked at; empty if it can.
    QString whyNot() const { return whyNot(shownFolder()); }

Q_SIGNALS:
    /// `paths` as the file system has them.
    void sendRequested(const QByteArrayList &paths, const QByteArray &remoteFolder);
    /// Somebody tried where it cannot be.
    void refused(const QString &why);
    void changed(); ///< whether it can, or why not

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QAction *make(const char *name, QLatin1StringView iconName, const QString &text);
    void look();
    QByteArray shownFolder() const;
    QString whyNot(const QByteArray &folder) const;
    std::optional<QByteArray> targetFor(const QByteArray &folder) const;
    QByteArray folderUnder(QObject *watched, const QDropEvent *drop) const;
    bool drag(QObject *watched, QDropEvent *event);
    void chooseFiles();
    void chooseFolder();
    void pasteFiles();
    void send(const QByteArrayList &paths, const QByteArray &folder);

    const Views m_views;
    Prompts *m_prompts = nullptr;
    bool m_browsing = false;
    QString m_lastFolder; ///< of this computer, to begin at
};

/// The paths of the files and folders of this computer in it.
QByteArrayList localFilesIn(const QMimeData *data);

} // namespace ferry::gui
