// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QMimeData;
class QModelIndex;
class QPushButton;
class QTreeView;

namespace ferry::gui {

class EmptyNote;
class Prompts;
class SharesModel;

/// The list of shared folders and files, with the buttons that change it.
class SharesBox final : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit SharesBox(SharesModel *model, QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    void askAndAdd();
    void askAndAddFile();

    /// Or a file. Asks first if that is the home folder. Emits refused() if it cannot be shared.
    void addFolder(const QString &folder);

    /// What was dropped on the window: folders and files on this computer.
    static bool canAdd(const QMimeData *dropped);
    void addDropped(const QMimeData *dropped);

    QTreeView *view() const { return m_view; }

Q_SIGNALS:
    void refused(const QString &why);

private:
    int currentRow() const;
    void removeCurrent();
    void renameCurrent();
    void openCurrent();
    void makeAccess();
    void openAccess(const QModelIndex &index);
    void showContent();

    SharesModel *m_model;
    Prompts *m_prompts;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QPushButton *m_add;
    QPushButton *m_rename;
    QPushButton *m_access;
    QMenu *m_accessMenu; ///< an action for each access, in their order
    QPushButton *m_open;
    QPushButton *m_remove;
};

} // namespace ferry::gui
