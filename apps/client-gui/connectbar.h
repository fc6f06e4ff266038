// SPDX-License-Identifier: MIT
#pragma once

#include "client/clientconfig.h"
#include "client/connection.h"
#include "gui-common/theme.h"

#include <QSet>
#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace ferry::gui {

class Prompts;

/// Host, password, Communicate, and the light that says whether there is a connection. Below it
/// one line of words whenever there is something to say: why Communicate cannot run, why the
/// last try failed, what an unencrypted connection means.
class ConnectBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectBar(QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    /// Communicate, or Disconnect while there is a connection. Disabled when it cannot run, and
    /// its tips say why.
    QAction *communicateAction() const { return m_communicate; }

    void setHosts(const QStringList &hosts);
    QString host() const; ///< as typed
    void setHost(const QString &host);
    void setPassword(const QString &password);
    void focusHost();
    void focusPassword();
    QWidget *firstField() const;

    void setLink(const client::ConnectionThread::Link &link);

    /// Why Communicate cannot run now; empty if it can.
    QString obstacle() const;

Q_SIGNALS:
    /// With consent to an unencrypted connection where one is needed.
    void connectRequested(const ferry::client::ClientConfig &config, bool allowPlainRemote);
    void disconnectRequested();

private:
    void makeFields();
    void makeLayout();
    void communicate();
    bool mayGoUnencrypted(const QString &host);
    void edited();
    void refresh();
    void say(QLatin1StringView iconName, Tone tone, const QString &text);
    bool isBusy() const;

    Prompts *m_prompts;
    QAction *m_communicate;
    QComboBox *m_host;
    QLineEdit *m_password;
    QToolButton *m_reveal;
    QToolButton *m_button;
    QLabel *m_light;
    QLabel *m_lock;
    QLabel *m_lockWords;
    QWidget *m_messageRow;
    QLabel *m_messageIcon;
    QLabel *m_message;

    client::ConnectionThread::Link m_link;
    QString m_triedHost;
    bool m_failureSeen = false; ///< somebody typed since, so the failure is old news
    QSet<QString> m_consented;  ///< hosts, for this run of the program
};

} // namespace ferry::gui
