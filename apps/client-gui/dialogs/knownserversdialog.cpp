// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/knownserversdialog.h"

#include "client/connect/clientconfig.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
enum Column { Server, Fingerprint, ColumnCount };
constexpr int KeyRole = Qt::UserRole;
} // namespace

KnownServersDialog::KnownServersDialog(const QString &file, Prompts *prompts, QWidget *parent)
    : QDialog(parent)
    , m_known(file)
    , m_prompts(prompts)
    , m_list(new QTreeWidget(this))
    , m_empty(new EmptyNote(QStringLiteral("knownServersEmpty"), m_list))
    , m_words(namedLabel(QStringLiteral("knownServersWords"), this, true))
    , m_forget(pushButton(QLatin1StringView("remove"), tr("&Forget…"),
                          QStringLiteral("forgetButton"), this))
{
    setObjectName(QStringLiteral("knownServersDialog"));
    setWindowTitle(tr("Trusted servers"));
    m_list->setObjectName(QStringLiteral("knownServers"));
    m_list->setAccessibleName(tr("Trusted servers"));
    m_list->setColumnCount(ColumnCount);
    m_list->setHeaderLabels({tr("Server"), tr("Fingerprint")});
    tidyTable(m_list);
    m_list->header()->setStretchLastSection(true);
    m_list->setColumnWidth(Server, m_list->fontMetrics().averageCharWidth() * 30);
    m_forget->setToolTip(tr("At the next contact its fingerprint has to be compared again"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_forget, QDialogButtonBox::ActionRole);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(m_words);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    resize(760, 320);

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_forget, &QPushButton::clicked, this, &KnownServersDialog::forget);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &KnownServersDialog::refresh);
    load();
}

void KnownServersDialog::load()
{
    m_list->clear();
    QStringList problems;
    const auto entries = m_known.list(&problems);
    if (!entries) {
        m_words->setText(entries.error().text);
        setTone(m_words, Tone::Bad);
        return refresh();
    }
    const QFont digits = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    for (const client::KnownServers::Entry &entry : entries.value()) {
        auto *item =
            new QTreeWidgetItem({displayText(entry.server), groupedFingerprint(entry.fingerprint)});
        item->setData(Server, KeyRole, entry.server);
        item->setFont(Fingerprint, digits);
        m_list->addTopLevelItem(item);
    }
    m_empty->say(entries.value().isEmpty()
                     ? tr("No servers yet. A server is added after you have confirmed its "
                          "fingerprint and logged in.")
                     : QString());
    QStringList words{tr("Ferry trusts these servers by their fingerprints. If a fingerprint has "
                         "changed, Ferry sends nothing.")};
    words += problems;
    m_words->setText(words.join(u'\n'));
    setTone(m_words, problems.isEmpty() ? Tone::Quiet : Tone::Caution);
    refresh();
}

void KnownServersDialog::forget()
{
    const QList<QTreeWidgetItem *> selected = m_list->selectedItems();
    if (selected.isEmpty())
        return;
    const QByteArray key = selected.first()->data(Server, KeyRole).toByteArray();
    const auto address = client::parseAddress(QString::fromUtf8(key));
    if (!address)
        return m_prompts->tell(this, windowTitle(), address.error().text);
    if (!m_prompts->confirm(this, tr("Forget this server?"),
                            tr("Ferry will ask you to check the fingerprint of %1 when you connect "
                               "to it again.")
                                .arg(displayText(key)),
                            tr("Forget")))
        return;
    if (const auto gone = m_known.remove(address.value().host, address.value().port); !gone)
        m_prompts->tell(this, windowTitle(), gone.error().text);
    load();
}

void KnownServersDialog::refresh()
{
    m_forget->setEnabled(!m_list->selectedItems().isEmpty());
}

} // namespace ferry::gui
