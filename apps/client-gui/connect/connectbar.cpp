// SPDX-License-Identifier: MIT
#include "client-gui/connect/connectbar.h"

#include "client-gui/connect/connectiontext.h"
#include "client-gui/connect/dialectchoice.h"
#include "client-gui/connect/hostlist.h"
#include "client-gui/connect/hosttext.h"
#include "client/connect/knownservers.h"
#include "common/passwordtext.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/smallpixmap.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"
#include "net/channel/invitation.h"
#include "net/channel/tlsidentity.h"
#include "net/limits.h"
#include "net/login/passphrase.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace ferry::gui {

using client::ConnectionState;

namespace {

/// The widest text a label will ever show decides its width, so that nothing jumps.
int widestLight(const QFontMetrics &metrics)
{
    int widest = metrics.horizontalAdvance(connectionSign(ConnectionState::Connecting) +
                                           QLatin1Char(' ') + reconnectingWord());
    for (const ConnectionState state :
         {ConnectionState::Offline, ConnectionState::Connecting, ConnectionState::LoggingIn,
          ConnectionState::Online, ConnectionState::Failed}) {
        widest =
            std::max(widest, metrics.horizontalAdvance(connectionSign(state) + QLatin1Char(' ') +
                                                       connectionWord(state)));
    }
    return widest;
}

} // namespace

ConnectBar::ConnectBar(QWidget *parent)
    : QWidget(parent)
    , m_prompts(Prompts::standard())
    , m_communicate(new QAction(this))
    , m_host(new QComboBox(this))
    , m_password(new QLineEdit(this))
    , m_reveal(new QToolButton(this))
    , m_button(new QToolButton(this))
    , m_light(namedLabel(QStringLiteral("linkLight"), this))
    , m_dialect(new DialectChoice(this))
    , m_messageRow(new QWidget(this))
    , m_messageIcon(new QLabel(m_messageRow))
    , m_message(namedLabel(QStringLiteral("connectMessage"), m_messageRow, true))
    , m_tryNow(pushButton({}, tr("Try &now"), QStringLiteral("tryNowButton"), m_messageRow))
    , m_remember(new QCheckBox(tr("&Remember password"), m_messageRow))
{
    setObjectName(QStringLiteral("connectBar"));
    makeFields();
    makeLayout();

    connect(m_communicate, &QAction::triggered, this, &ConnectBar::communicate);
    connect(m_host, &QComboBox::editTextChanged, this, &ConnectBar::edited);
    connect(m_dialect, &DialectChoice::changed, this, &ConnectBar::edited);
    connect(m_password, &QLineEdit::textEdited, this, &ConnectBar::edited);
    connect(m_host, &QComboBox::editTextChanged, this, &ConnectBar::serverEdited);
    connect(m_dialect, &DialectChoice::changed, this, &ConnectBar::serverEdited);
    connect(m_password, &QLineEdit::textEdited, this, &ConnectBar::passwordEdited);
    connect(m_tryNow, &QPushButton::clicked, this, &ConnectBar::tryNowRequested);
    connect(m_remember, &QCheckBox::clicked, this, &ConnectBar::rememberChosen);
    // Of a long one the beginning says what it is.
    connect(m_host->lineEdit(), &QLineEdit::editingFinished, this,
            [this] { m_host->lineEdit()->setCursorPosition(0); });
    connect(m_password, &QLineEdit::returnPressed, m_communicate, &QAction::trigger);
    connect(m_host->lineEdit(), &QLineEdit::returnPressed, this, [this] {
        if (m_password->text().isEmpty())
            focusPassword();
        else
            m_communicate->trigger();
    });
    connect(m_reveal, &QToolButton::toggled, this, [this](bool shown) {
        m_password->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        m_reveal->setIcon(icon(shown ? QLatin1StringView("hide") : QLatin1StringView("show")));
        const QString what = shown ? tr("Hide the password") : tr("Show the password");
        m_reveal->setToolTip(what);
        m_reveal->setAccessibleName(what);
    });
    refresh();
    m_button->setMinimumWidth(m_button->sizeHint().width()); // of Communicate, the longer word
}

QSize ConnectBar::minimumSizeHint() const
{
    const QSize now = QWidget::minimumSizeHint();
    return {now.width() - (m_dialect->wordsShown() ? m_dialect->wordsWidth() : 0), now.height()};
}

void ConnectBar::resizeEvent(QResizeEvent *event)
{
    m_dialect->setWordsShown(width() >= minimumSizeHint().width() + m_dialect->wordsWidth());
    QWidget::resizeEvent(event);
}

void ConnectBar::makeFields()
{
    m_communicate->setObjectName(QStringLiteral("communicateAction"));
    m_communicate->setShortcuts(
        {QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});

    m_host->setObjectName(QStringLiteral("hostField"));
    m_host->setAccessibleName(tr("Address of the server"));
    m_host->setEditable(true);
    m_host->setInsertPolicy(QComboBox::NoInsert);
    m_host->setMinimumContentsLength(12);
    m_host->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_host->lineEdit()->setAccessibleName(m_host->accessibleName());
    m_host->lineEdit()->setPlaceholderText(tr("e.g. 192.168.1.20"));
    m_host->setToolTip(tr("host, host:port, [IPv6 address]:port, each with user@ before it"));
    showNamesInList(m_host);
    // An inline completion would connect to another port than the one that was typed.
    m_host->completer()->setCompletionMode(QCompleter::PopupCompletion);

    m_password->setObjectName(QStringLiteral("passwordField"));
    m_password->setAccessibleName(tr("Password of the server"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("from the server window"));
    m_password->setMinimumWidth(100);

    m_reveal->setObjectName(QStringLiteral("revealButton"));
    m_reveal->setCheckable(true);
    m_reveal->setAutoRaise(true);
    m_reveal->setFocusPolicy(Qt::StrongFocus);
    m_reveal->setIcon(icon(QLatin1StringView("show")));
    m_reveal->setToolTip(tr("Show the password"));
    m_reveal->setAccessibleName(tr("Show the password"));

    m_button->setObjectName(QStringLiteral("communicateButton"));
    m_button->setDefaultAction(m_communicate);
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->setFocusPolicy(Qt::StrongFocus);
    QFont bold = m_button->font();
    bold.setBold(true);
    m_button->setFont(bold);

    m_remember->setObjectName(QStringLiteral("rememberPassword"));
    setRememberObstacle({});
}

void ConnectBar::makeLayout()
{
    auto *hostLabel = new QLabel(tr("H&ost"), this);
    hostLabel->setBuddy(m_host);
    auto *passwordLabel = new QLabel(tr("Pass&word"), this);
    passwordLabel->setBuddy(m_password);

    auto *fields = new QHBoxLayout;
    fields->setSpacing(rhythm);
    fields->addWidget(hostLabel);
    fields->addWidget(m_host, 3);
    fields->addWidget(passwordLabel);
    fields->addWidget(m_password, 3);
    fields->addWidget(m_reveal);
    fields->addWidget(m_button);
    fields->addWidget(m_light);
    fields->addWidget(m_dialect);

    auto *words = tightLayout<QHBoxLayout>(m_messageRow, rhythm);
    words->addWidget(m_messageIcon);
    words->addWidget(m_message, 1);
    words->addWidget(m_tryNow, 0, Qt::AlignTop);
    words->addStretch();
    words->addWidget(m_remember, 0, Qt::AlignTop);

    auto *all = tightLayout<QVBoxLayout>(this, rhythm);
    all->addLayout(fields);
    all->addWidget(m_messageRow);

    const int height = std::max(m_host->sizeHint().height(), m_button->sizeHint().height());
    m_button->setMinimumHeight(height);
    m_reveal->setFixedSize(height, height);
    // The same with and without what is in it, so that nothing jumps while a connection is made.
    m_messageRow->setMinimumHeight(
        std::max(m_remember->sizeHint().height(), m_tryNow->sizeHint().height()));
    m_light->setMinimumWidth(widestLight(m_light->fontMetrics()));
}

void ConnectBar::setServers(const QList<SavedServer> &servers)
{
    fillHostList(m_host, servers);
}

QString ConnectBar::host() const
{
    return hostIn(m_host->currentText());
}

void ConnectBar::setHost(const QString &host)
{
    m_host->setEditText(host);
    m_host->lineEdit()->setCursorPosition(0);
}

void ConnectBar::setPassword(const QString &password)
{
    m_password->setText(password);
    refresh();
}

QString ConnectBar::password() const
{
    return withoutLineEnds(m_password->text());
}

QString ConnectBar::server() const
{
    auto place = client::parsePlace(host());
    if (!place)
        return {};
    place.value().server.classic = m_dialect->classic();
    return client::serverName(place.value().server);
}

bool ConnectBar::remember() const
{
    return m_remember->isChecked();
}

void ConnectBar::setRemember(bool remember)
{
    m_remember->setChecked(remember);
}

void ConnectBar::setRememberObstacle(const QString &why)
{
    m_remember->setEnabled(why.isEmpty());
    const QString tip =
        why.isEmpty() ? tr("After the login, in the system's keychain and in no file") : why;
    m_remember->setToolTip(plainToolTip(tip));
    m_remember->setAccessibleDescription(tip);
}

void ConnectBar::focusHost()
{
    m_host->setFocus(Qt::ShortcutFocusReason);
    m_host->lineEdit()->selectAll();
}

void ConnectBar::focusPassword()
{
    m_password->setFocus(Qt::OtherFocusReason);
    m_password->selectAll();
}

QWidget *ConnectBar::firstField() const
{
    return m_host;
}

void ConnectBar::setConnection(const ConnectionView &view)
{
    const client::ConnectionStatus &status = view.status;
    const int seconds = view.secondsLeft(std::chrono::steady_clock::now());
    const bool news = view.isLost() != m_view.isLost() || seconds != m_secondsLeft ||
                      status.state != m_view.status.state ||
                      status.error.code != m_view.status.error.code ||
                      status.error.text != m_view.status.error.text ||
                      status.description != m_view.status.description ||
                      view.pinned != m_view.pinned || view.firstContact != m_view.firstContact;
    if (!news)
        return;
    m_view = view;
    m_secondsLeft = seconds;
    if (status.state == ConnectionState::Failed || view.wasEnded()) {
        m_failureSeen = false;
        refresh(); // enables the fields again, so that they can take the focus
        if (status.error.code == ErrorCode::WrongPassword)
            focusPassword();
        return;
    }
    refresh();
}

QString ConnectBar::obstacle() const
{
    if (isBusy())
        return {};
    if (host().isEmpty())
        return tr("Type the address of the server, as the Ferry Server window shows it.");
    const auto place = client::parsePlace(host());
    if (!place)
        return place.error().text;
    const bool invited = !place.value().server.invited.isEmpty();
    if (invited && m_dialect->classic())
        return tr("An invitation is for an encrypted connection. Choose it in the menu File.");
    if (m_password->text().isEmpty())
        return invited ? tr("Invitation to %1. Type the password that whoever invited you tells "
                            "you.")
                             .arg(displayText(place.value().address))
                       : tr("Type the password, as the Ferry Server window shows it.");
    return {};
}

void ConnectBar::communicate()
{
    if (isBusy()) {
        Q_EMIT disconnectRequested();
        return;
    }
    const auto place = client::parsePlace(host());
    if (!obstacle().isEmpty() || !place)
        return;
    client::ClientConfig config = place.value().server;
    const QByteArray key = serverKey();
    if (Invitation::isMeant(host()))
        m_invited.insert(key, {config.invited, place.value().path});
    config.password = password().toUtf8();
    config.classic = m_dialect->classic();
    const bool exposed = config.classic && !client::isLoopbackHost(config.host);
    if (exposed && !mayGoUnencrypted(config.host))
        return;
    if (!config.classic)
        config.invited = m_invited.value(key).fingerprint;
    m_host->setEditText(place.value().address);
    Q_EMIT connectRequested(config, exposed);
}

QByteArray ConnectBar::serverKey() const
{
    const auto place = client::parsePlace(host());
    if (!place)
        return {};
    const quint16 port = place.value().server.port;
    return client::KnownServers::key(place.value().server.host, port != 0 ? port : limits::tlsPort);
}

QByteArray ConnectBar::takeInvitedPath()
{
    const auto found = m_invited.find(serverKey());
    return found == m_invited.end() ? QByteArray() : std::exchange(found->path, {});
}

/// What is checked in the person's place is told.
QString ConnectBar::invitationWords(const client::ServerPlace &place) const
{
    return tr("Invitation to %1. Ferry connects only if its fingerprint is %2…")
        .arg(displayText(place.address), groupedFingerprint(place.server.invited).left(9));
}

bool ConnectBar::mayGoUnencrypted(const QString &host)
{
    if (m_consented.contains(host))
        return true;
    const bool yes = m_prompts->confirm(
        window(), tr("Connect without encryption?"),
        tr("The connection to %1 is not encrypted.\n\nAnyone on the same network can read the "
           "password and the files. Continue only on a network you trust.")
            .arg(host),
        tr("Connect unencrypted"));
    if (yes)
        m_consented.insert(host);
    return yes;
}

void ConnectBar::edited()
{
    m_failureSeen = true;
    refresh();
}

void ConnectBar::refresh()
{
    const bool busy = isBusy();
    showButton();
    m_host->setEnabled(!busy);
    m_password->setEnabled(!busy);
    showLight();
    const QString why = obstacle();
    const ConnectionState state = m_view.status.state;

    const auto place = client::parsePlace(host());
    const bool exposed =
        m_dialect->classic() && place && !client::isLoopbackHost(place.value().server.host);
    m_dialect->showConnection(m_view, exposed);

    if ((state == ConnectionState::Failed || m_view.wasEnded()) && !m_failureSeen)
        sayFailure();
    else if (m_view.isLost())
        say(QLatin1StringView("warning"), Tone::Caution,
            connectionLostText(*m_view.status.lost, m_secondsLeft));
    else if (!why.isEmpty())
        say(QLatin1StringView("info"), Tone::Quiet, why);
    else if (place && !place.value().server.invited.isEmpty() && !busy)
        say(QLatin1StringView("lock"), Tone::Quiet, invitationWords(place.value()));
    else if (exposed)
        say(QLatin1StringView("warning"), Tone::Caution,
            tr("Not encrypted: anyone on the network can read the password and the files."));
    else
        say({}, Tone::Quiet, {});
}

/// The one next step stands out; the way back does not.
void ConnectBar::showButton()
{
    const bool busy = isBusy();
    const QString why = obstacle();
    const QString text = !busy               ? tr("&Communicate")
                         : m_view.isLost()   ? tr("St&op")
                         : m_view.isOnline() ? tr("Dis&connect")
                                             : tr("&Cancel");
    const QString tip = !why.isEmpty() ? why
                        : !busy        ? tr("Connect, log in and begin with what is in the queue")
                        : m_view.isOnline()
                            ? tr("End the connection; what is on its way waits in the queue")
                            : tr("Do not connect; the files wait in the queue");
    m_communicate->setText(text);
    m_communicate->setIcon(
        icon(busy ? QLatin1StringView("disconnect") : QLatin1StringView("connect")));
    m_communicate->setEnabled(why.isEmpty());
    m_communicate->setToolTip(plainToolTip(tip));
    m_communicate->setStatusTip(tip);
    m_button->setAccessibleName(QString(text).remove(u'&'));
    m_button->setAccessibleDescription(tip);
    showAccent(m_button, busy ? QLatin1StringView("disconnect") : QLatin1StringView("connect"),
               !busy && why.isEmpty());
}

void ConnectBar::showLight()
{
    const ConnectionState state =
        m_view.isLost() ? ConnectionState::Connecting : m_view.shownState();
    const QString word = m_view.isLost() ? reconnectingWord() : connectionWord(state);
    m_light->setText(connectionSign(state) + QLatin1Char(' ') + word);
    m_light->setAccessibleName(word);
    setTone(m_light, m_view.isLost() ? Tone::Caution : connectionTone(state));
}

void ConnectBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showButton();
}

void ConnectBar::sayFailure()
{
    const bool calm = m_view.isCalm();
    const bool mistyped = passwordKind(password()) == PasswordKind::Mistyped;
    QString text = connectionFailureText(m_view, mistyped);
    if (m_view.status.error.code == ErrorCode::WrongPassword && hasOuterBlank(password()))
        text += u' ' + tr("The password begins or ends with a space.");
    say(QLatin1StringView(calm ? "info" : "error"), calm ? Tone::Quiet : Tone::Bad, text);
}

void ConnectBar::say(QLatin1StringView iconName, Tone tone, const QString &text)
{
    m_messageRow->setVisible(!text.isEmpty() || !m_view.isOnline());
    m_tryNow->setVisible(m_view.isLost());
    m_remember->setVisible(!isBusy());
    m_message->setVisible(!text.isEmpty());
    m_messageIcon->setVisible(!text.isEmpty());
    m_message->setText(text);
    setTone(m_message, tone);
    if (iconName.isEmpty())
        return;
    m_messageIcon->setPixmap(smallPixmap(icon(iconName, tone), this));
}

} // namespace ferry::gui
