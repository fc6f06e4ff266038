// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace ferry::server {
class Server;
}

namespace ferry::gui {

class EmptyNote;
class BlockedModel;

/// Bans and lockouts, to be seen and lifted; a ban can also be added by hand.
class BlockedDialog final : public QDialog
{
    Q_OBJECT
public:
    /// The server is not owned.
    explicit BlockedDialog(server::Server *server, QWidget *parent = nullptr);

private:
    void refresh();
    void liftChosen();
    void banTyped();
    void showContent();

    server::Server *m_server;
    BlockedModel *m_model;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QLineEdit *m_address;
    QPushButton *m_ban;
    QPushButton *m_lift;
    QPushButton *m_close = nullptr;
    QLabel *m_problem;
    QTimer m_timer;
};

} // namespace ferry::gui
