// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/blockeddialog.h"

#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"
#include "server-gui/dialogs/blockedmodel.h"
#include "server/doors/addressblock.h"
#include "server/server.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
constexpr int refreshMs = 1000;
} // namespace

BlockedDialog::BlockedDialog(server::Server *server, QWidget *parent)
    : QDialog(parent)
    , m_server(server)
    , m_model(new BlockedModel(this))
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("blockedEmpty"), m_view))
    , m_address(new QLineEdit(this))
    , m_ban(pushButton(QLatin1StringView("ban"), tr("&Ban"), QStringLiteral("banButton"), this))
    , m_lift(
          pushButton(QLatin1StringView("ok"), tr("&Unblock"), QStringLiteral("liftButton"), this))
    , m_problem(namedLabel(QStringLiteral("blockedProblem"), this, true))
{
    setObjectName(QStringLiteral("blockedDialog"));
    setWindowTitle(tr("Blocked addresses"));
    m_view->setObjectName(QStringLiteral("blockedView"));
    m_view->setAccessibleName(tr("Blocked addresses"));
    m_view->setModel(m_model);
    tidyTable(m_view);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    new TableColumns(m_view, {{QStringLiteral("2001:db8:1234:5678::/64"), 1},
                              {tr("Banned by you"), 1},
                              {QStringLiteral("yesterday 00:00"), 1}});
    m_address->setObjectName(QStringLiteral("banAddress"));
    m_address->setAccessibleName(tr("Address to ban"));
    m_address->setPlaceholderText(tr("Address to ban, e.g. 192.168.1.44"));
    setTone(m_problem, Tone::Bad);
    m_problem->hide();

    auto *note = plainLabel({}, this, true);
    note->setText(tr("A ban disconnects an address and refuses it from then on. Wrong passwords "
                     "block an address for a while."));
    setTone(note, Tone::Quiet);
    auto *line = new QHBoxLayout;
    line->setSpacing(rhythm);
    line->addWidget(m_address, 1);
    line->addWidget(m_ban);
    line->addSpacing(2 * rhythm);
    line->addWidget(m_lift);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_close = buttons->button(QDialogButtonBox::Close);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(rhythm);
    layout->addWidget(note);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_problem);
    layout->addLayout(line);
    layout->addWidget(buttons);
    resize(firstSize(this, QSize(620, 380)));

    auto *lift = new QAction(m_view);
    lift->setShortcut(QKeySequence::Delete);
    lift->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(lift);
    connect(lift, &QAction::triggered, this, &BlockedDialog::liftChosen);
    connect(m_lift, &QPushButton::clicked, this, &BlockedDialog::liftChosen);
    connect(m_ban, &QPushButton::clicked, this, &BlockedDialog::banTyped);
    connect(m_address, &QLineEdit::textChanged, this, &BlockedDialog::showContent);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &BlockedDialog::showContent);
    connect(&m_timer, &QTimer::timeout, this, &BlockedDialog::refresh);
    m_timer.start(refreshMs);
    refresh();
    if (m_model->rowCount() > 0) {
        m_view->setCurrentIndex(m_model->index(0, 0));
        m_view->setFocus();
    } else {
        m_address->setFocus();
    }
}

void BlockedDialog::refresh()
{
    m_model->update(m_server->bans(), m_server->penalties());
    showContent();
}

void BlockedDialog::showContent()
{
    m_empty->say(m_model->rowCount() > 0 ? QString() : tr("No address is blocked."));
    m_lift->setEnabled(m_view->selectionModel()->hasSelection());
    m_ban->setEnabled(!m_address->text().trimmed().isEmpty());
    // Return is for what was typed, as long as something was.
    (m_ban->isEnabled() ? m_ban : m_close)->setDefault(true);
}

void BlockedDialog::liftChosen()
{
    QList<std::pair<QHostAddress, bool>> chosen;
    const auto rows = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : rows)
        chosen.append({m_model->address(index.row()), m_model->isBan(index.row())});
    m_problem->hide();
    for (const auto &[address, isBan] : chosen) {
        if (!isBan) {
            m_server->liftPenalty(address);
        } else if (const Result<> lifted = m_server->liftBan(address); !lifted) {
            m_problem->setText(lifted.error().text);
            m_problem->show();
        }
    }
    refresh();
}

void BlockedDialog::banTyped()
{
    const QString text = m_address->text().trimmed();
    if (text.isEmpty())
        return;
    const auto block = server::parseBlock(text);
    const Result<> banned = block ? m_server->ban(block.value()) : block.error();
    m_problem->setVisible(!banned);
    if (banned)
        m_address->clear();
    else
        m_problem->setText(banned.error().text);
    refresh();
}

} // namespace ferry::gui
