// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/accountsdialog.h"
#include "net/limits.h"

#include "common/passwordtext.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"
#include "net/login/passphrase.h"

#include <QAction>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace ferry::gui {

AccountsDialog::AccountsDialog(const QString &dataFolder, Prompts *prompts, QWidget *parent)
    : QDialog(parent)
    , m_accounts(dataFolder)
    , m_prompts(prompts)
    , m_model(new QStandardItemModel(this))
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("accountsEmpty"), m_view))
    , m_name(new QLineEdit(this))
    , m_password(new QLineEdit(this))
    , m_set(pushButton(QLatin1StringView("add"), tr("&Add"), QStringLiteral("accountSet"), this))
    , m_remove(pushButton(QLatin1StringView("remove"), tr("&Remove…"),
                          QStringLiteral("accountRemove"), this))
    , m_message(namedLabel(QStringLiteral("accountsMessage"), this, true))
{
    setObjectName(QStringLiteral("accountsDialog"));
    setWindowTitle(tr("Accounts"));
    m_view->setObjectName(QStringLiteral("accountsView"));
    m_view->setAccessibleName(tr("Accounts"));
    m_view->setModel(m_model);
    m_view->setMinimumHeight(120);
    tidyTable(m_view);

    m_name->setObjectName(QStringLiteral("accountName"));
    m_name->setMaxLength(int(limits::accountNameBytes));
    m_password->setObjectName(QStringLiteral("accountPassword"));
    m_password->setText(generatePassphrase());
    auto *copy = iconButton(QLatin1StringView("copy"), tr("Copy the account's password"),
                            QStringLiteral("accountCopy"), this);
    auto *fresh = iconButton(QLatin1StringView("refresh"), tr("Make another password"),
                             QStringLiteral("accountFresh"), this);

    auto *note = plainLabel({}, this, true);
    note->setText(tr("Each account logs in as name@address with a password of its own. Passwords "
                     "are not kept, only what is needed to check them, so none can be shown "
                     "again."));
    setTone(note, Tone::Quiet);
    auto *passwordRow = new QHBoxLayout;
    passwordRow->setSpacing(rhythm / 2);
    passwordRow->addWidget(m_password, 1);
    passwordRow->addWidget(copy);
    passwordRow->addWidget(fresh);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(rhythm);
    form->addRow(tr("&Name"), m_name);
    auto *passwordLabel = new QLabel(tr("&Password"), this);
    passwordLabel->setBuddy(m_password);
    form->addRow(passwordLabel, passwordRow);
    auto *setRow = new QHBoxLayout;
    setRow->setSpacing(rhythm);
    setRow->addWidget(m_set);
    setRow->addWidget(m_message, 1);
    form->addRow(QString(), setRow);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_close = buttons->button(QDialogButtonBox::Close);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(rhythm);
    layout->addWidget(note);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_remove, 0, Qt::AlignRight);
    layout->addLayout(form);
    layout->addSpacing(rhythm);
    layout->addWidget(buttons);
    resize(firstSize(this, QSize(560, 440)));
    QWidget *const order[] = {m_view, m_remove, m_name, m_password, copy, fresh, m_set, m_close};
    for (size_t i = 1; i < std::size(order); ++i)
        setTabOrder(order[i - 1], order[i]);

    connect(m_set, &QPushButton::clicked, this, &AccountsDialog::setAccount);
    connect(m_remove, &QPushButton::clicked, this, &AccountsDialog::removeChosen);
    connect(copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_password->text());
        say(Tone::Quiet, tr("The password is on the clipboard."));
    });
    connect(fresh, &QToolButton::clicked, this,
            [this] { m_password->setText(generatePassphrase()); });
    connect(m_name, &QLineEdit::textChanged, this, &AccountsDialog::nameChanged);
    connect(m_password, &QLineEdit::textChanged, this, &AccountsDialog::showContent);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!chosen().isEmpty())
            m_name->setText(QString::fromUtf8(chosen()));
        showContent();
    });
    auto *remove = new QAction(m_view);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(remove);
    connect(remove, &QAction::triggered, this, &AccountsDialog::removeChosen);
    showAccounts();
    if (const QStringList problems = m_accounts.problems(); !problems.isEmpty()) {
        say(Tone::Bad, problems.join(u'\n'));
    }
    m_name->setFocus();
}

void AccountsDialog::showAccounts()
{
    m_model->clear();
    m_model->setHorizontalHeaderLabels({tr("Name"), tr("Password")});
    const auto accounts = m_accounts.list();
    for (const server::Accounts::Entry &account : accounts) {
        m_model->appendRow({new QStandardItem(QString::fromUtf8(account.name)),
                            new QStandardItem(account.iterations > limits::iterationsGenerated
                                                  ? tr("chosen by hand")
                                                  : tr("generated"))});
    }
    new TableColumns(m_view, {{QStringLiteral("name of an account"), 1}, {tr("generated"), 1}});
    showContent();
}

void AccountsDialog::showContent()
{
    m_empty->say(
        m_model->rowCount() > 0
            ? QString()
            : tr("Only the account “ferry” exists, with the password shown in the window."));
    const QByteArray name = m_name->text().toUtf8();
    bool known = false;
    for (int row = 0; row < m_model->rowCount(); ++row)
        known = known || m_model->item(row)->text().toUtf8() == name;
    m_set->setText(known ? tr("Set &new password") : tr("&Add"));
    const bool isSet = !m_given.isEmpty() && m_password->text() == m_given;
    m_set->setEnabled(!m_working && !name.isEmpty() && !m_password->text().isEmpty() && !isSet);
    // Return is for what was typed, as long as something was.
    (m_set->isEnabled() ? m_set : m_close)->setDefault(true);
    m_remove->setEnabled(!m_working && !chosen().isEmpty());
}

/// Two accounts do not get the same password by mistake.
void AccountsDialog::nameChanged()
{
    if (!m_given.isEmpty() && m_password->text() == m_given)
        m_password->setText(generatePassphrase());
    m_given.clear();
    say(Tone::Quiet, {});
    showContent();
}

void AccountsDialog::say(Tone tone, const QString &text)
{
    m_message->setText(text);
    setTone(m_message, tone);
}

QByteArray AccountsDialog::chosen() const
{
    const auto rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? QByteArray() : rows.first().data().toString().toUtf8();
}

void AccountsDialog::setAccount()
{
    const QByteArray name = m_name->text().toUtf8();
    const QByteArray password = withoutLineEnds(m_password->text()).toUtf8();
    if (!server::Accounts::isValidName(name)) {
        say(Tone::Bad, tr("A name has letters, digits, “.”, “_” and “-”."));
        return;
    }
    if (name == server::defaultAccount) {
        say(Tone::Bad, tr("The password of “ferry” is the one in the window."));
        return;
    }
    work([this, name, password] { return m_accounts.add(name, password); },
         tr("%1 can log in with this password now.").arg(m_name->text()), m_password->text());
}

void AccountsDialog::removeChosen()
{
    const QByteArray name = chosen();
    if (name.isEmpty() || m_working ||
        !m_prompts->confirm(this, tr("Remove %1?").arg(QString::fromUtf8(name)),
                            tr("They can't log in any more. Current sessions continue."),
                            tr("Remove")))
        return;
    work([this, name] { return m_accounts.remove(name); },
         tr("%1 is removed.").arg(QString::fromUtf8(name)), {});
}

/// Deriving from a password that a person made up takes a good part of a second.
void AccountsDialog::work(std::function<Result<>()> task, const QString &done, const QString &given)
{
    m_working = true;
    showContent();
    m_thread.add([this, task = std::move(task), done, given] {
        const Result<> result = task();
        QMetaObject::invokeMethod(
            this, [this, result, done, given] { finished(result, done, given); },
            Qt::QueuedConnection);
    });
}

void AccountsDialog::finished(const Result<> &result, const QString &done, const QString &given)
{
    m_working = false;
    if (result)
        showAccounts();
    // What was given stays where it can be read and copied, until the next name is typed.
    m_given = result ? given : QString();
    say(result ? Tone::Normal : Tone::Bad, result ? done : result.error().text);
    showContent();
}

} // namespace ferry::gui
