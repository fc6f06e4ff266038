// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/historydialog.h"

#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/format.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"
#include "gui-common/parts/tonedelegate.h"
#include "server-gui/dialogs/historymodel.h"
#include "server/records/history.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

constexpr int lookMs = 100;

} // namespace

HistoryDialog::HistoryDialog(server::History *history, bool kept, Prompts *prompts, QWidget *parent)
    : QDialog(parent)
    , m_history(history)
    , m_prompts(prompts)
    , m_model(new HistoryModel(this))
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("historyEmpty"), m_view))
    , m_search(searchField(QStringLiteral("historySearch"), tr("Search the history"),
                           tr("Search for a file, an address, an account or a client"), this))
    , m_count(namedLabel(QStringLiteral("historyCount"), this))
    , m_export(pushButton(QLatin1StringView("save"), tr("&Export as CSV…"),
                          QStringLiteral("historyExport"), this))
    , m_clear(pushButton(QLatin1StringView("clear"), tr("&Clear history…"),
                         QStringLiteral("historyClear"), this))
    , m_kept(kept)
{
    setObjectName(QStringLiteral("historyDialog"));
    setWindowTitle(tr("Transfer History"));
    makeView();
    m_export->setToolTip(tr("Save the transfers shown as a file for a spreadsheet"));
    m_export->setEnabled(false); // until something is found
    m_clear->setEnabled(false);
    setTone(m_count, Tone::Quiet);

    // No button box: where several of its buttons are enabled, Tab never leaves it.
    auto *close = new QPushButton(tr("C&lose"), this);
    close->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(rhythm);
    buttons->addWidget(m_export);
    buttons->addWidget(m_clear);
    buttons->addStretch(1);
    buttons->addWidget(close);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(rhythm);
    layout->addWidget(m_search);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_count);
    layout->addLayout(buttons);
    resize(firstSize(this, QSize(880, 480)));
    setTabOrder(m_search, m_view);

    connect(m_search, &QLineEdit::textChanged, this, &HistoryDialog::search);
    connect(m_export, &QPushButton::clicked, this, &HistoryDialog::exportFound);
    connect(m_clear, &QPushButton::clicked, this, &HistoryDialog::clearAll);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_timer, &QTimer::timeout, this, &HistoryDialog::look);
    m_timer.start(lookMs);
    search();
    m_search->setFocus();
}

void HistoryDialog::makeView()
{
    m_view->setObjectName(QStringLiteral("historyView"));
    m_view->setAccessibleName(tr("Transfers"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new ToneDelegate(HistoryModel::ToneRole, HistoryModel::File, m_view));
    tidyTable(m_view);
    QList<TableColumns::Column> columns(HistoryModel::ColumnCount);
    columns[HistoryModel::When] = {tr("yesterday 00:00")};
    columns[HistoryModel::Outcome] = {tr("Delivered, unverified"), 0, true};
    columns[HistoryModel::Size] = {QStringLiteral("000 MB")};
    columns[HistoryModel::Address] = {QStringLiteral("192.168.100.100")};
    columns[HistoryModel::Account] = {QStringLiteral("account")};
    columns[HistoryModel::File] = {QStringLiteral("Photos/2026/a.raw"), 1, true};
    columns[HistoryModel::Client] = {QStringLiteral("Ferry/0.1.0")};
    new TableColumns(m_view, columns);
}

void HistoryDialog::search()
{
    m_revision = m_history->revision();
    m_history->search(m_search->text(), maxShown);
}

void HistoryDialog::look()
{
    if (m_history->revision() != m_revision)
        search();
    const auto found = m_history->takePage();
    if (!found)
        return;
    m_model->setRows(found->page.rows);
    const qint64 matches = found->page.matches;
    const bool searched = !found->text.trimmed().isEmpty();
    m_empty->say(matches > 0 ? QString()
                 : searched  ? tr("No transfer matches.")
                 : m_kept    ? tr("Nothing yet")
                             : tr("The history is turned off in the settings."));
    m_count->setText(matches > found->page.rows.size()
                         ? tr("The newest %1 of %2 transfers. Search to see others.")
                               .arg(formatCount(found->page.rows.size()), formatCount(matches))
                         : tr("%Ln transfers", nullptr, int(matches)));
    m_export->setEnabled(matches > 0);
    m_clear->setEnabled(matches > 0 || searched);
}

void HistoryDialog::exportFound()
{
    const QString path =
        m_prompts->askSaveName(this, tr("Export the history"), QStringLiteral("ferry-history.csv"));
    if (!path.isEmpty())
        m_history->exportCsv(m_search->text(), path);
}

void HistoryDialog::clearAll()
{
    if (m_prompts->confirm(
            this, tr("Clear the history?"),
            tr("All transfers are removed from it, including those that the search doesn't "
               "show."),
            tr("Clear")))
        m_history->clear();
}

} // namespace ferry::gui
