// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/connect/connectionview.h"
#include "client-gui/settings/savedservers.h"
#include "client/connect/serverplace.h"
#include "gui-common/look/theme.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace ferry::gui {

class DialectChoice;
class Prompts;

/// Host, password, Communicate, the light and the lock that say whether there is a connection and
/// how safe it is. Below them one line of words whenever there is something to say: why Communicate
/// cannot run, why the last try failed, what an unencrypted connection means.
class ConnectBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectBar(QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    /// Communicate, or Disconnect while there is a connection. Disabled when it cannot run, and
    /// its tips say why.
    QAction *communicateAction() const { return m_communicate; }

    /// For the list of the host field.
    void setServers(const QList<SavedServer> &servers);
    /// As typed, or the invitation or address in it (hostIn()). For client::parsePlace().
    QString host() const;
    void setHost(const QString &host);
    void setPassword(const QString &password);
    QString password() const;
    /// client::serverName() of what is typed; empty while that is no address.
    QString server() const;

    /// The choice to have the password remembered; with an obstacle it cannot be made.
    bool remember() const;
    void setRemember(bool remember);
    void setRememberObstacle(const QString &why);
    void focusHost();
    void focusPassword();
    QWidget *firstField() const;

    /// What the invitation to the server that is typed leads to, once; empty: nothing.
    QByteArray takeInvitedPath();

    DialectChoice *dialect() const { return m_dialect; }

    void setConnection(const ConnectionView &view);

    /// Why Communicate cannot run now; empty if it can.
    QString obstacle() const;

    /// Without the words of the lock, which go where there is no room for them.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// With consent to an unencrypted connection where one is needed.
    void connectRequested(const ferry::client::ClientConfig &config, bool allowPlainRemote);
    void disconnectRequested();
    void tryNowRequested();
    void serverEdited();
    void passwordEdited();
    void rememberChosen(bool remember);

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeFields();
    void makeLayout();
    void communicate();
    QByteArray serverKey() const;
    QString invitationWords(const client::ServerPlace &place) const;
    bool mayGoUnencrypted(const QString &host);
    void edited();
    void refresh();
    void showButton();
    void showLight();
    void sayFailure();
    void say(QLatin1StringView iconName, Tone tone, const QString &text);
    bool isBusy() const { return m_view.isUp(); }

    Prompts *m_prompts;
    QAction *m_communicate;
    QComboBox *m_host;
    QLineEdit *m_password;
    QToolButton *m_reveal;
    QToolButton *m_button;
    QLabel *m_light;
    DialectChoice *m_dialect;
    QWidget *m_messageRow;
    QLabel *m_messageIcon;
    QLabel *m_message;
    QPushButton *m_tryNow;
    QCheckBox *m_remember;

    ConnectionView m_view;
    int m_secondsLeft = 0;      ///< as they are shown
    bool m_failureSeen = false; ///< somebody typed since, so the failure is old news
    QSet<QString> m_consented;  ///< hosts, for this run of the program

    struct Invited
    {
        QByteArray fingerprint;
        QByteArray path;
    };
    /// By client::KnownServers::key(). For this run, so that a second try does not ask what the
    /// first one checked.
    QHash<QByteArray, Invited> m_invited;
};

} // namespace ferry::gui
