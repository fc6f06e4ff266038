// SPDX-License-Identifier: MIT
#include "client-gui/servers/serversdialog.h"

#include "client-gui/connect/passwordmemory.h"
#include "client-gui/settings/settings.h"
#include "client/connect/clientconfig.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/shortpath.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"
#include "net/limits.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHash>
#include <QKeySequence>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

enum Column { Name, Address, Folder, Fingerprint, ColumnCount };
constexpr int AddressRole = Qt::UserRole;
constexpr QSize usualSize(860, 360);

/// As client::KnownServers writes it; empty for what is no address.
QByteArray keyOf(const QString &address)
{
    const auto config = client::parseAddress(address);
    if (!config)
        return {};
    const quint16 port = config.value().port;
    return client::KnownServers::key(config.value().host, port != 0 ? port : limits::tlsPort);
}

} // namespace

ServersDialog::ServersDialog(ClientSettings *settings, PasswordMemory *passwords, Prompts *prompts,
                             QWidget *parent)
    : QDialog(parent)
    , m_settings(settings)
    , m_passwords(passwords)
    , m_known(settings->knownServersFile())
    , m_prompts(prompts)
    , m_list(new QTreeWidget(this))
    , m_empty(new EmptyNote(QStringLiteral("serversEmpty"), m_list))
    , m_words(namedLabel(QStringLiteral("serversWords"), this, true))
    , m_rename(pushButton({}, tr("Re&name…"), QStringLiteral("renameButton"), this))
    , m_folder(pushButton({}, tr("&Save to"), QStringLiteral("folderButton"), this))
    , m_remove(pushButton(QLatin1StringView("remove"), tr("&Remove…"),
                          QStringLiteral("removeButton"), this))
    , m_connect(pushButton(QLatin1StringView("connect"), tr("C&onnect"),
                           QStringLiteral("connectButton"), this))
{
    setObjectName(QStringLiteral("serversDialog"));
    setWindowTitle(tr("Servers"));
    m_list->setObjectName(QStringLiteral("servers"));
    m_list->setAccessibleName(tr("Servers"));
    m_list->setColumnCount(ColumnCount);
    m_list->setHeaderLabels({tr("Name"), tr("Address"), tr("Save to"), tr("Fingerprint")});
    tidyTable(m_list);
    new TableColumns(m_list, {{QStringLiteral("Studio laptop of Anna"), 2},
                              {QStringLiteral("anna@192.168.100.200:7420"), 1},
                              {QStringLiteral("~/Downloads/Studio"), 2},
                              {QStringLiteral("7F3A 91C2 7F3A 91C2 7F3A 91C2"), 3}});
    m_rename->setToolTip(tr("Give the server a name of your own (F2)"));
    m_folder->setToolTip(tr("Choose a folder for the files of this server"));
    makeFolderMenu();
    m_remove->setToolTip(tr("Forget its name, fingerprint and password (Del)"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->addButton(m_rename, QDialogButtonBox::ActionRole);
    buttons->addButton(m_folder, QDialogButtonBox::ActionRole);
    buttons->addButton(m_remove, QDialogButtonBox::ActionRole);
    buttons->addButton(m_connect, QDialogButtonBox::ActionRole);
    m_connect->setDefault(true);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(m_words);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    resize(firstSize(this, usualSize));

    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_connect, &QPushButton::clicked, this, [this] { connectTo(current()); });
    connect(m_rename, &QPushButton::clicked, this, &ServersDialog::rename);
    connect(m_remove, &QPushButton::clicked, this, &ServersDialog::remove);
    // Not itemActivated, which is a single click where the desktop wants that.
    connect(m_list, &QTreeWidget::itemDoubleClicked, this,
            [this](const QTreeWidgetItem *item) { connectTo(item); });
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, &ServersDialog::refresh);
    const auto key = [this](const QKeySequence &keys, QPushButton *button) {
        connect(new QShortcut(keys, this), &QShortcut::activated, button, &QPushButton::click);
    };
    key(Qt::Key_F2, m_rename);
    key(QKeySequence::Delete, m_remove);
    load();
    m_list->setFocus();
}

void ServersDialog::load()
{
    m_list->clear();
    QStringList problems;
    QHash<QByteArray, QByteArray> fingerprints;
    QByteArrayList pins; // in the order of the file
    const auto entries = m_known.list(&problems);
    for (const auto &entry : entries ? entries.value() : QList<client::KnownServers::Entry>()) {
        fingerprints.insert(entry.server, entry.fingerprint);
        pins.append(entry.server);
    }
    const QList<SavedServer> servers = m_settings->servers();
    for (const SavedServer &server : servers) {
        const QByteArray key = keyOf(server.address);
        pins.removeAll(key);
        addRow(server, fingerprints.value(key));
    }
    for (const QByteArray &pin : std::as_const(pins))
        addRow({QString::fromUtf8(pin), {}}, fingerprints.value(pin));

    m_empty->say(m_list->topLevelItemCount() == 0
                     ? tr("No servers yet. A server is added after you have connected to it.")
                     : QString());
    QStringList words{tr("Ferry trusts these servers by their fingerprints. If a fingerprint has "
                         "changed, Ferry sends nothing.")};
    if (entries)
        words += problems;
    else
        words = QStringList{entries.error().text};
    m_words->setText(displayText(words.join(u'\n')));
    setTone(m_words, !entries ? Tone::Bad : problems.isEmpty() ? Tone::Quiet : Tone::Caution);
    if (m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    refresh();
}

void ServersDialog::addRow(const SavedServer &server, const QByteArray &fingerprint)
{
    static const QFont digits = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    auto *item = new QTreeWidgetItem(
        {displayText(server.name), displayText(server.address),
         displayText(shortPath(server.folder)),
         fingerprint.isEmpty() ? tr("Not checked yet") : groupedFingerprint(fingerprint)});
    if (server.name.isEmpty())
        item->setData(Name, Qt::AccessibleTextRole, tr("No name"));
    if (server.folder.isEmpty())
        item->setData(Folder, Qt::AccessibleTextRole, tr("Where other files are saved"));
    item->setToolTip(Folder, plainToolTip(displayText(server.folder)));
    item->setData(Name, AddressRole, server.address);
    if (fingerprint.isEmpty())
        item->setForeground(Fingerprint, palette().placeholderText());
    else
        item->setFont(Fingerprint, digits);
    m_list->addTopLevelItem(item);
}

QTreeWidgetItem *ServersDialog::current() const
{
    return m_list->selectedItems().value(0);
}

void ServersDialog::select(const QString &address)
{
    for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
        QTreeWidgetItem *item = m_list->topLevelItem(row);
        if (item->data(Name, AddressRole).toString() == address)
            m_list->setCurrentItem(item);
    }
}

void ServersDialog::connectTo(const QTreeWidgetItem *item)
{
    if (!item)
        return;
    m_chosen = item->data(Name, AddressRole).toString();
    accept();
}

void ServersDialog::rename()
{
    if (!current())
        return;
    const QString address = current()->data(Name, AddressRole).toString();
    const QList<SavedServer> servers = m_settings->servers();
    const SavedServer *server = savedservers::find(servers, address);
    const auto name =
        m_prompts->askText(this, tr("Rename server"), tr("Name of %1:").arg(displayText(address)),
                           server ? server->name : QString());
    if (!name)
        return;
    m_settings->setServers(savedservers::withName(servers, address, *name));
    load();
    select(address);
}

void ServersDialog::makeFolderMenu()
{
    auto *menu = new QMenu(m_folder);
    menu->setObjectName(QStringLiteral("folderMenu"));
    connect(menu->addAction(tr("&Choose a folder…")), &QAction::triggered, this,
            &ServersDialog::chooseFolder);
    connect(menu->addAction(tr("&Where other files are saved")), &QAction::triggered, this,
            [this] { saveTo({}); });
    m_folder->setMenu(menu);
}

void ServersDialog::chooseFolder()
{
    if (!current())
        return;
    const QString address = current()->data(Name, AddressRole).toString();
    const QList<SavedServer> servers = m_settings->servers();
    const SavedServer *server = savedservers::find(servers, address);
    const QString before =
        server && !server->folder.isEmpty() ? server->folder : m_settings->destination();
    const QString folder = m_prompts->askFolder(
        this, tr("Save the files of %1 to").arg(displayText(server ? server->shown() : address)),
        before);
    if (!folder.isEmpty())
        saveTo(folder);
}

void ServersDialog::saveTo(const QString &folder)
{
    if (!current())
        return;
    const QString address = current()->data(Name, AddressRole).toString();
    m_settings->setServers(savedservers::withFolder(m_settings->servers(), address, folder));
    load();
    select(address);
}

/// A fingerprint goes with the last account that has it.
void ServersDialog::remove()
{
    if (!current())
        return;
    const QString address = current()->data(Name, AddressRole).toString();
    const auto config = client::parseAddress(address);
    const QList<SavedServer> servers = m_settings->servers();
    const SavedServer *server = savedservers::find(servers, address);
    if (!m_prompts->confirm(
            this, tr("Remove this server?"),
            tr("Ferry forgets the name, fingerprint and password of %1. It will ask you to check "
               "the fingerprint when you connect to it again.")
                .arg(displayText(server ? server->shown() : address)),
            tr("Remove")))
        return;
    const QList<SavedServer> left = savedservers::without(servers, address);
    m_settings->setServers(left);
    const QByteArray key = keyOf(address);
    const bool shared = std::any_of(left.cbegin(), left.cend(), [&](const SavedServer &other) {
        return keyOf(other.address) == key;
    });
    if (config && m_passwords)
        m_passwords->forget(client::serverName(config.value()));
    if (config && !shared) {
        const quint16 port = config.value().port;
        const auto gone = m_known.remove(config.value().host, port != 0 ? port : limits::tlsPort);
        if (!gone)
            m_prompts->tell(this, windowTitle(), gone.error().text);
    }
    load();
}

void ServersDialog::refresh()
{
    for (QPushButton *button : {m_connect, m_rename, m_folder, m_remove})
        button->setEnabled(current() != nullptr);
}

} // namespace ferry::gui
