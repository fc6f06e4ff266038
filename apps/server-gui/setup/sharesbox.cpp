// SPDX-License-Identifier: MIT
#include "server-gui/setup/sharesbox.h"

#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"
#include "server-gui/setup/sharesmodel.h"

#include <QAction>
#include <QActionGroup>
#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTreeView>
#include <QUrl>

namespace ferry::gui {

SharesBox::SharesBox(SharesModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_prompts(Prompts::standard())
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("sharesEmpty"), m_view))
    , m_add(pushButton(QLatin1StringView("add"), tr("&Add folder…"), QStringLiteral("addShare"),
                       this))
    , m_rename(
          pushButton(QLatin1StringView("file"), tr("Re&name"), QStringLiteral("renameShare"), this))
    , m_access(pushButton({}, tr("Others ma&y"), QStringLiteral("accessShare"), this))
    , m_accessMenu(new QMenu(m_access))
    , m_open(pushButton(QLatin1StringView("folder-open"), tr("&Open"), QStringLiteral("openShare"),
                        this))
    , m_remove(pushButton(QLatin1StringView("remove"), tr("Re&move"), QStringLiteral("removeShare"),
                          this))
{
    setObjectName(QStringLiteral("sharesBox"));
    m_add->setToolTip(tr("Share another folder (Ctrl+O)"));
    m_rename->setToolTip(tr("Change the name that others see (F2)"));
    m_open->setToolTip(tr("Open the folder on this computer"));
    m_remove->setToolTip(tr("Stop sharing (Del). Nothing is deleted."));
    m_view->setObjectName(QStringLiteral("sharesView"));
    m_view->setAccessibleName(tr("Shared folders"));
    m_view->setModel(model);
    tidyTable(m_view, rhythm / 2);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_view->header()->setSectionsMovable(false);
    new TableColumns(
        m_view,
        {{QStringLiteral("Documents 2026"), 1, true},
         {QString(), 2},
         {SharesModel::accessText(extended::Access::Inbox) + QStringLiteral("000"), 0, true}});
    m_view->setMinimumHeight(72);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(rhythm / 2);
    buttons->addWidget(m_add);
    buttons->addStretch(1);
    for (QPushButton *b : {m_access, m_rename, m_open, m_remove})
        buttons->addWidget(b);
    auto *title = heading(tr("Sharing"), this);
    title->setBuddy(m_view);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(title);
    layout->addWidget(m_view, 1);
    layout->addLayout(buttons);

    auto *remove = new QAction(m_remove->icon(), tr("Remove"), m_view);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    auto *rename = new QAction(m_rename->icon(), tr("Rename"), m_view);
    auto *open = new QAction(m_open->icon(), tr("Open folder"), m_view);
    makeAccess();
    m_view->addAction(m_accessMenu->menuAction());
    m_view->addActions({rename, open, remove});
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);

    connect(m_add, &QPushButton::clicked, this, &SharesBox::askAndAdd);
    connect(m_rename, &QPushButton::clicked, this, &SharesBox::renameCurrent);
    connect(m_open, &QPushButton::clicked, this, &SharesBox::openCurrent);
    connect(m_remove, &QPushButton::clicked, this, &SharesBox::removeCurrent);
    connect(rename, &QAction::triggered, this, &SharesBox::renameCurrent);
    connect(open, &QAction::triggered, this, &SharesBox::openCurrent);
    connect(remove, &QAction::triggered, this, &SharesBox::removeCurrent);
    connect(m_view, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        if (index.column() == SharesModel::Access)
            openAccess(index);
        else
            openCurrent();
    });
    connect(model, &SharesModel::refused, this, &SharesBox::refused);
    connect(model, &SharesModel::sharesChanged, this, &SharesBox::showContent);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SharesBox::showContent);
    showContent();
}

/// The same choice on the button, in the row's menu, and by a double click on what it is now.
void SharesBox::makeAccess()
{
    using extended::Access;
    m_access->setToolTip(tr("Choose what others may do there"));
    m_access->setMenu(m_accessMenu);
    m_accessMenu->setTitle(tr("Others may"));
    m_accessMenu->setToolTipsVisible(true);
    auto *group = new QActionGroup(m_accessMenu);
    for (const Access access : {Access::Read, Access::Add, Access::Inbox}) {
        QAction *action = m_accessMenu->addAction(SharesModel::accessText(access));
        action->setObjectName(QStringLiteral("access%1").arg(int(access)));
        action->setToolTip(SharesModel::accessToolTip(access));
        action->setCheckable(true);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, access] {
            if (currentRow() < 0)
                return;
            if (const auto set = m_model->setAccess(currentRow(), access); !set)
                Q_EMIT refused(set.error().text);
            showContent();
        });
    }
}

void SharesBox::openAccess(const QModelIndex &index)
{
    m_accessMenu->popup(m_view->viewport()->mapToGlobal(m_view->visualRect(index).bottomLeft()));
}

void SharesBox::askAndAdd()
{
    const QString folder =
        m_prompts->askFolder(this, tr("Choose a folder to share"), QDir::homePath());
    if (!folder.isEmpty())
        addFolder(folder);
}

void SharesBox::askAndAddFile()
{
    const QString file =
        m_prompts->askOpenName(this, tr("Choose a file to share"), QDir::homePath());
    if (!file.isEmpty())
        addFolder(file);
}

void SharesBox::addFolder(const QString &folder)
{
    const bool wholeDisk = QDir(folder).isRoot();
    if (!wholeDisk && SharesModel::holdsHome(folder) &&
        !m_prompts->confirm(this, tr("Share your home folder?"),
                            tr("Anyone with the password could read everything in %1, including "
                               "hidden files such as keys and saved passwords.")
                                .arg(displayText(folder)),
                            tr("&Share it anyway")))
        return;
    if (const Result<> added = m_model->addFolder(folder); !added) {
        Q_EMIT refused(added.error().text);
        return;
    }
    m_view->setCurrentIndex(m_model->index(m_model->rowCount() - 1, SharesModel::Name));
}

bool SharesBox::canAdd(const QMimeData *dropped)
{
    const auto urls = dropped->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            return true;
    }
    return false;
}

void SharesBox::addDropped(const QMimeData *dropped)
{
    const auto urls = dropped->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            addFolder(url.toLocalFile());
    }
}

int SharesBox::currentRow() const
{
    return m_view->currentIndex().isValid() ? m_view->currentIndex().row() : -1;
}

void SharesBox::removeCurrent()
{
    if (currentRow() >= 0)
        m_model->removeAt(currentRow());
}

void SharesBox::renameCurrent()
{
    if (currentRow() >= 0)
        m_view->edit(m_model->index(currentRow(), SharesModel::Name));
}

void SharesBox::openCurrent()
{
    if (currentRow() < 0)
        return;
    const QFileInfo shared(QFile::decodeName(m_model->shares()[currentRow()].folder));
    const QString folder = shared.isFile() ? shared.path() : shared.filePath();
    if (!QDir(folder).exists() || !QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        Q_EMIT refused(tr("Can't open %1.").arg(displayText(folder)));
}

void SharesBox::showContent()
{
    m_empty->say(
        m_model->rowCount() > 0
            ? QString()
            : tr("Shared folders are listed here.\nYou can also drop one on this window."));
    for (QPushButton *b : {m_access, m_rename, m_open, m_remove})
        b->setEnabled(currentRow() >= 0);
    m_accessMenu->setEnabled(currentRow() >= 0);
    if (currentRow() >= 0)
        m_accessMenu->actions()[int(m_model->shares()[currentRow()].access)]->setChecked(true);
}

} // namespace ferry::gui
