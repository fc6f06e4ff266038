// SPDX-License-Identifier: MIT
#include "server-gui/window/serverdialogs.h"

#include "gui-common/dialogs/about.h"
#include "gui-common/dialogs/keysdialog.h"
#include "gui-common/dialogs/prompts.h"
#include "server-gui/dialogs/accountsdialog.h"
#include "server-gui/dialogs/blockeddialog.h"
#include "server-gui/dialogs/historydialog.h"
#include "server-gui/dialogs/settingsdialog.h"
#include "server-gui/run/autostart.h"
#include "server-gui/run/recorder.h"
#include "server-gui/run/servercontrol.h"
#include "server-gui/sessions/sessionactions.h"
#include "server/doors/descriptors.h"

#include <QMainWindow>
#include <QMenuBar>

#include <chrono>

namespace ferry::gui {

namespace {
constexpr qint64 suggestedRate = 500'000;
constexpr std::chrono::minutes aWhile(10);
} // namespace

ServerDialogs::ServerDialogs(QMainWindow *window, ServerControl *control, Recorder *recorder,
                             const QString &dataFolder)
    : QObject(window)
    , m_window(window)
    , m_control(control)
    , m_recorder(recorder)
    , m_dataFolder(dataFolder)
    , m_prompts(Prompts::standard())
{
}

void ServerDialogs::serve(SessionActions *actions)
{
    server::Server *server = &m_control->server();
    connect(actions, &SessionActions::disconnectRequested, this,
            [server](const QList<quint64> &ids) {
                for (const quint64 id : ids)
                    server->disconnectSession(id);
            });
    connect(actions, &SessionActions::pauseRequested, this,
            [server](const QList<quint64> &ids, bool paused) {
                for (const quint64 id : ids)
                    server->pauseSession(id, paused);
            });
    connect(actions, &SessionActions::muteRequested, this,
            [server](const QList<quint64> &ids, bool muted) {
                for (const quint64 id : ids)
                    server->muteSession(id, muted);
            });
    connect(actions, &SessionActions::limitRequested, this, &ServerDialogs::limit);
    connect(actions, &SessionActions::disconnectForAWhileRequested, this,
            [this, server](const QStringList &addresses) {
                for (const QString &address : addresses) {
                    if (const auto done = server->banFor(QHostAddress(address), aWhile); !done)
                        Q_EMIT problem(done.error().text);
                }
            });
    connect(actions, &SessionActions::banRequested, this, &ServerDialogs::ban);
}

void ServerDialogs::open(QPointer<QDialog> &which, const std::function<QDialog *()> &make)
{
    if (!which) {
        which = make();
        which->setAttribute(Qt::WA_DeleteOnClose);
    }
    which->show();
    which->raise();
    which->activateWindow();
}

void ServerDialogs::showAccounts()
{
    open(m_accounts, [this] { return new AccountsDialog(m_dataFolder, m_prompts, m_window); });
}

void ServerDialogs::showBlocked()
{
    open(m_blocked, [this] { return new BlockedDialog(&m_control->server(), m_window); });
}

void ServerDialogs::showHistory(bool kept)
{
    open(m_history, [this, kept] {
        return new HistoryDialog(&m_recorder->history(), kept, m_prompts, m_window);
    });
}

void ServerDialogs::showKeys()
{
    open(m_keys, [this] {
        const QList<KeyHint> inLists{
            {tr("Shared folders: change the name"), {Qt::Key_F2}},
            {tr("Shared folders: stop sharing"), {QKeySequence::Delete}},
            {tr("Sessions: show the log"), {Qt::Key_Return}},
            {tr("Messages: answer the selected one"), {Qt::Key_Return}},
            {tr("Messages: copy"), {QKeySequence::Copy}},
            {tr("Find in the log: next match, the one before"),
             {Qt::Key_Return, Qt::SHIFT | Qt::Key_Return}},
        };
        return new KeysDialog(m_window->menuBar(), inLists, m_window);
    });
}

void ServerDialogs::showAbout()
{
    gui::showAbout(m_window, tr("Ferry Server"),
                   tr("Hands files to people on your network: choose folders, press Start, read "
                      "out the address and the password."));
}

void ServerDialogs::showSettings(const LimitSettings &now)
{
    open(m_settings, [this, now] {
        LimitSettings shown = now;
        shown.startAtLogin = startsAtLogin();
        auto *dialog = new SettingsDialog(shown, Recorder::logPathIn(m_dataFolder),
                                          server::descriptors::sessionsCarried(), m_window);
        connect(dialog, &QDialog::accepted, this,
                [this, dialog] { Q_EMIT limitsChosen(dialog->settings()); });
        return dialog;
    });
}

void ServerDialogs::ban(const QStringList &addresses)
{
    if (addresses.isEmpty())
        return;
    const QString who = addresses.size() == 1 ? addresses.first()
                                              : tr("%Ln addresses", nullptr, int(addresses.size()));
    if (!m_prompts->confirm(
            m_window, tr("Ban %1?").arg(who),
            tr("Its sessions are disconnected now, and new connections are refused. To "
               "undo this, choose Server, Blocked addresses."),
            tr("Ban")))
        return;
    for (const QString &address : addresses) {
        if (const auto banned = m_control->server().ban(QHostAddress(address)); !banned)
            Q_EMIT problem(banned.error().text);
    }
}

void ServerDialogs::limit(const QList<quint64> &ids, qint64 rate)
{
    if (rate < 0) {
        const auto chosen = m_prompts->askRateLimit(
            m_window,
            ids.size() == 1 ? tr("Maximum speed of this session:")
                            : tr("Maximum speed of each of these sessions:"),
            suggestedRate);
        if (!chosen)
            return;
        rate = *chosen;
    }
    for (const quint64 id : ids)
        m_control->server().limitSession(id, rate);
}

} // namespace ferry::gui
