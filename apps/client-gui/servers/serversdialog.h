// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/knownservers.h"

#include <QDialog>
#include <QString>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace ferry::gui {

class ClientSettings;
class EmptyNote;
class PasswordMemory;
class Prompts;
struct SavedServer;

/// All servers that Ferry knows: those that somebody connected to or gave a name, and those whose
/// fingerprint is saved. To connect to one, name it, choose where its files are saved, or forget
/// everything about it.
class ServersDialog final : public QDialog
{
    Q_OBJECT
public:
    /// Nothing is owned; `passwords` may be null.
    ServersDialog(ClientSettings *settings, PasswordMemory *passwords, Prompts *prompts,
                  QWidget *parent = nullptr);

    /// After it was accepted: the address to connect to.
    QString chosen() const { return m_chosen; }

private:
    void load();
    void addRow(const SavedServer &server, const QByteArray &fingerprint);
    void connectTo(const QTreeWidgetItem *item);
    void rename();
    void makeFolderMenu();
    void chooseFolder();
    void saveTo(const QString &folder);
    void remove();
    void refresh();
    QTreeWidgetItem *current() const;
    void select(const QString &address);

    ClientSettings *m_settings;
    PasswordMemory *m_passwords;
    client::KnownServers m_known;
    Prompts *m_prompts;
    QTreeWidget *m_list;
    EmptyNote *m_empty;
    QLabel *m_words;
    QPushButton *m_rename;
    QPushButton *m_folder;
    QPushButton *m_remove;
    QPushButton *m_connect;
    QString m_chosen;
};

} // namespace ferry::gui
