// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"
#include "net/base/taskthread.h"
#include "server/login/accounts.h"

#include <QDialog>

#include <functional>

class QLabel;
class QLineEdit;
class QPushButton;
class QStandardItemModel;
class QTreeView;

namespace ferry::gui {

class EmptyNote;
class Prompts;

/// Who may log in besides the account `ferry`: list, add, remove, new password. What is changed
/// holds from the next login on, also for a server that runs.
class AccountsDialog final : public QDialog
{
    Q_OBJECT
public:
    AccountsDialog(const QString &dataFolder, Prompts *prompts, QWidget *parent = nullptr);

private:
    void showAccounts();
    void showContent();
    void setAccount();
    void removeChosen();
    QByteArray chosen() const;
    void nameChanged();
    void say(Tone tone, const QString &text);
    /// `given`: the password to show with it; may be empty.
    void work(std::function<Result<>()> task, const QString &done, const QString &given);
    void finished(const Result<> &result, const QString &done, const QString &given);

    server::Accounts m_accounts;
    Prompts *m_prompts;
    QStandardItemModel *m_model;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QLineEdit *m_name;
    QLineEdit *m_password;
    QPushButton *m_set;
    QPushButton *m_remove;
    QLabel *m_message;
    QPushButton *m_close = nullptr;
    QString m_given; ///< the password that was set last, while it is shown
    bool m_working = false;
    TaskThread m_thread{
        "accounts"}; ///< deriving takes its time; last: it ends before the rest goes
};

} // namespace ferry::gui
