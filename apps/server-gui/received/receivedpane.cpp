// SPDX-License-Identifier: MIT
#include "server-gui/received/receivedpane.h"

#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/tonedelegate.h"
#include "server-gui/received/receivedmodel.h"
#include "server-gui/setup/sharesmodel.h"

#include <QAction>
#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QPushButton>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

namespace ferry::gui {

ReceivedPane::ReceivedPane(ReceivedModel *model, const SharesModel *shares, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_shares(shares)
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("receivedEmpty"), m_view))
    , m_open(pushButton(QLatin1StringView("folder-open"), tr("Open &folder"),
                        QStringLiteral("openReceived"), this))
{
    setObjectName(QStringLiteral("receivedPane"));
    m_open->setToolTip(tr("Open the folder that the file is in"));
    makeView();
    auto *title = heading(tr("Received"), this);
    title->setBuddy(m_view);
    auto *bar = new QHBoxLayout;
    bar->addWidget(title);
    bar->addStretch(1);
    bar->addWidget(m_open);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addLayout(bar);
    layout->addWidget(m_view, 1);

    connect(m_open, &QPushButton::clicked, this, &ReceivedPane::openCurrent);
    connect(m_view, &QTreeView::activated, this, &ReceivedPane::openCurrent);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &ReceivedPane::showContent);
    connect(model, &QAbstractItemModel::rowsInserted, this, &ReceivedPane::showContent);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &ReceivedPane::showContent);
    showContent();
}

void ReceivedPane::makeView()
{
    m_view->setObjectName(QStringLiteral("receivedView"));
    m_view->setAccessibleName(tr("Received files"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new ToneDelegate(ReceivedModel::ToneRole, ReceivedModel::File, m_view));
    tidyTable(m_view, rhythm / 2);
    QList<TableColumns::Column> columns(ReceivedModel::ColumnCount);
    columns[ReceivedModel::When] = {tr("yesterday 00:00")};
    columns[ReceivedModel::File] = {QStringLiteral("/Inbox/2026/a.raw"), 1, true};
    columns[ReceivedModel::Size] = {QStringLiteral("0.00 GB")};
    columns[ReceivedModel::From] = {QStringLiteral("192.168.100.100")};
    columns[ReceivedModel::State] = {tr("Verified") + QStringLiteral("000"), 0, true};
    new TableColumns(m_view, columns);
    auto *open = new QAction(m_open->icon(), tr("Open folder"), m_view);
    connect(open, &QAction::triggered, this, &ReceivedPane::openCurrent);
    m_view->addAction(open);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void ReceivedPane::openCurrent()
{
    if (!m_view->currentIndex().isValid())
        return;
    const QString file = m_model->file(m_view->currentIndex().row());
    const QString path = m_shares->localPath(file);
    if (path.isEmpty())
        Q_EMIT refused(tr("%1 isn't shared any more.").arg(file));
    else if (const QString folder = QFileInfo(path).path();
             !QFileInfo(folder).isDir() || !QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        Q_EMIT refused(tr("Can't open the folder of %1.").arg(file));
}

void ReceivedPane::showContent()
{
    m_empty->say(m_model->rowCount() > 0
                     ? QString()
                     : tr("Nothing yet. What others send to you is listed here."));
    m_open->setEnabled(m_view->currentIndex().isValid() && m_model->rowCount() > 0);
}

} // namespace ferry::gui
