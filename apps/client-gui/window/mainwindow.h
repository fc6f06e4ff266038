// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/browser/browserpane.h"
#include "client/client.h"

#include <QMainWindow>

class QSplitter;

namespace ferry::gui {

class AddPathsBar;
class ClientPrompts;
class ClientSettings;
class ConnectBar;
class Connector;
class ConversationPane;
class DestinationBar;
class PaneCycle;
class QueueControl;
class PasswordMemory;
class PasswordStore;
class PeopleLink;
class TalkModel;
class PeoplePane;
class QueueModel;
class QueueView;
class RemoteSession;
class ServerChoice;
class WindowFrame;
class WindowMenus;
struct RemoteItem;
struct WindowParts;

/// The client window: wires the façade, the models and the views. It looks at the façade a few
/// times a second; nothing is signalled per byte or per file.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// Nothing is owned; all must outlive the window.
    MainWindow(client::Client *client, ClientSettings *settings, ClientPrompts *prompts,
               QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Where passwords may be remembered; not owned. Without one, they are not.
    void setPasswordStore(PasswordStore *store);

    // From the command line.
    void setClassic(bool classic);
    void prefill(const QString &host, const QByteArrayList &paths, const QString &password = {});

    /// Tells about damaged settings, once the window is there.
    void reportProblems();

    void addPaths(const QByteArrayList &paths);

    /// Closing asks nobody any more: it is not a person that does it.
    void unattend() { m_unattended = true; }

Q_SIGNALS:
    /// A file or folder of this computer is to be shown by the system. main() does it.
    void openRequested(const QString &path);

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void makeLayout();
    void makeKeys();
    void wire();
    void wireMenus();
    void wireQueue();
    void poll();
    void showConnection();
    void showBrowser();
    void showPeople();
    void showAddPaths();
    void focusFilter();
    void connected();
    void download(const QList<RemoteItem> &items, bool elsewhere);
    void send(const QByteArrayList &paths, const QByteArray &remoteFolder);
    client::ExistingPolicy existingPolicy() const;
    WindowParts parts();
    void restore();
    void remember();

    client::Client *m_client;
    ClientSettings *m_settings;
    ClientPrompts *m_prompts;
    Connector *m_connector;
    RemoteSession *m_remote;

    QueueModel *m_queue;

    ConnectBar *m_connectBar;
    PasswordMemory *m_passwords;
    AddPathsBar *m_addPaths;
    DestinationBar *m_destination;
    QSplitter *m_columns;
    QSplitter *m_panes;
    BrowserPane *m_browser;
    QueueView *m_queueView;
    ConversationPane *m_conversation;
    TalkModel *m_peopleModel;
    PeoplePane *m_peoplePane;
    WindowMenus *m_menus;
    WindowFrame *m_frame;
    QueueControl *m_queueControl;
    ServerChoice *m_servers;
    PeopleLink *m_people;
    PaneCycle *m_cycle;
    BrowserPane::Mode m_browsing = BrowserPane::Mode::Offline;
    bool m_unattended = false;
};

} // namespace ferry::gui
