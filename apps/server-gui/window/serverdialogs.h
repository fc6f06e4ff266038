// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/limitsettings.h"

#include <QObject>
#include <QPointer>

#include <functional>

class QDialog;
class QMainWindow;

namespace ferry::gui {

class Prompts;
class Recorder;
class ServerControl;
class SessionActions;

/// Opens the dialogs of the server window: each at most once, none of them in the way of the
/// window behind it.
class ServerDialogs final : public QObject
{
    Q_OBJECT
public:
    ServerDialogs(QMainWindow *window, ServerControl *control, Recorder *recorder,
                  const QString &dataFolder);

    /// Answers what the row menu asks for.
    void serve(SessionActions *actions);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    void showAccounts();
    void showBlocked();
    void showHistory(bool kept);
    /// limitsChosen() has the answer.
    void showSettings(const LimitSettings &now);
    void showKeys();
    void showAbout();

    /// Asks before it bans: all sessions of these addresses end.
    void ban(const QStringList &addresses);

    /// Sets the limit, or asks for it when `rate` is negative.
    void limit(const QList<quint64> &ids, qint64 rate);

Q_SIGNALS:
    void limitsChosen(const ferry::gui::LimitSettings &limits);
    void problem(const QString &sentence);

private:
    void open(QPointer<QDialog> &which, const std::function<QDialog *()> &make);

    QMainWindow *m_window;
    ServerControl *m_control;
    Recorder *m_recorder;
    const QString m_dataFolder;
    Prompts *m_prompts;
    QPointer<QDialog> m_accounts;
    QPointer<QDialog> m_blocked;
    QPointer<QDialog> m_history;
    QPointer<QDialog> m_settings;
    QPointer<QDialog> m_keys;
};

} // namespace ferry::gui
