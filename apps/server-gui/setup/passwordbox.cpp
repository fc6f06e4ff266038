// SPDX-License-Identifier: MIT
#include "server-gui/setup/passwordbox.h"

#include "common/passwordtext.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "net/login/passphrase.h"
#include "server/login/password.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace ferry::gui {

namespace {
constexpr int maxCharacters = 200; // far below what fits into one line of the wire
}

PasswordBox::PasswordBox(WhichDoor door, QWidget *parent)
    : QWidget(parent)
    , m_door(door)
    , m_prompts(Prompts::standard())
    , m_field(new QLineEdit(this))
{
    const bool tls = door == WhichDoor::Tls;
    const QString name = tls ? QStringLiteral("password") : QStringLiteral("telnetPassword");
    setObjectName(name + QStringLiteral("Box"));
    m_field->setObjectName(name + QStringLiteral("Field"));
    m_field->setAccessibleName(tls ? tr("Password") : tr("Password for telnet"));
    m_field->setToolTip(tls ? tr("Others need it to connect. You can type one of your own.")
                            : tr("For telnet users, after AUTH. It isn't encrypted, so it differs "
                                 "from the one for Ferry."));
    m_field->setMaxLength(maxCharacters);
    m_field->setAcceptDrops(false); // a folder dropped here is one to share
    m_strength = namedLabel(name + QStringLiteral("Strength"), this);
    m_show = iconButton(QLatin1StringView("hide"), {}, name + QStringLiteral("Show"), this);
    m_show->setCheckable(true);
    m_use = pushButton({}, tr("Use"), name + QStringLiteral("Use"), this);
    showAccent(m_use, {}, true);
    m_use->setAccessibleName(tr("Use this password"));
    m_use->setToolTip(tr("Use this password from now on (Return); Esc brings the old one back"));
    m_copy = iconButton(QLatin1StringView("copy"),
                        tls ? tr("Copy the password") : tr("Copy the password for telnet"),
                        name + QStringLiteral("Copy"), this);
    m_new = iconButton(QLatin1StringView("refresh"),
                       tls ? tr("Make a new password") : tr("Make a new password for telnet"),
                       name + QStringLiteral("New"), this);

    auto *layout = tightLayout<QHBoxLayout>(this, rhythm / 2);
    layout->addWidget(m_field, 1);
    layout->addWidget(m_strength);
    layout->addWidget(m_show);
    layout->addWidget(m_use);
    layout->addWidget(m_copy);
    layout->addWidget(m_new);
    setFocusProxy(m_field);
    m_field->installEventFilter(this);

    connect(m_show, &QToolButton::toggled, this, &PasswordBox::setShown);
    connect(m_copy, &QToolButton::clicked, this, &PasswordBox::copy);
    connect(m_new, &QToolButton::clicked, this, &PasswordBox::makeNew);
    connect(m_field, &QLineEdit::textChanged, this, &PasswordBox::showTyped);
    connect(m_field, &QLineEdit::returnPressed, this, &PasswordBox::takeTyped);
    connect(m_use, &QPushButton::clicked, this, &PasswordBox::takeTyped);
    setShown(false);
    showTyped();
}

bool PasswordBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_field || event->type() != QEvent::KeyPress ||
        static_cast<QKeyEvent *>(event)->key() != Qt::Key_Escape || m_field->text() == m_password)
        return QWidget::eventFilter(watched, event);
    setPassword(m_password);
    return true;
}

void PasswordBox::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showAccent(m_use, {}, true);
}

void PasswordBox::setPassword(const QString &password)
{
    m_password = password;
    m_field->setText(password);
    m_field->setCursorPosition(0);
    showTyped();
}

bool PasswordBox::isShown() const
{
    return m_field->echoMode() == QLineEdit::Normal;
}

void PasswordBox::setShown(bool shown)
{
    m_field->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
    m_show->setChecked(shown);
    m_show->setIcon(icon(QLatin1StringView(shown ? "hide" : "show")));
    if (m_door == WhichDoor::Tls)
        m_show->setToolTip(shown ? tr("Hide the password") : tr("Show the password"));
    else
        m_show->setToolTip(shown ? tr("Hide the password for telnet")
                                 : tr("Show the password for telnet"));
    m_show->setAccessibleName(m_show->toolTip());
}

void PasswordBox::copy()
{
    QGuiApplication::clipboard()->setText(m_password);
    Q_EMIT copied(tr("Password copied."));
}

void PasswordBox::makeNew()
{
    if (!m_password.isEmpty() &&
        !m_prompts->confirm(
            this, tr("Make a new password?"),
            tr("The current password will no longer work. People who are connected stay "
               "connected."),
            tr("Make a new one")))
        return;
    generate();
    Q_EMIT passwordChanged();
}

void PasswordBox::generate()
{
    setPassword(generatePassphrase());
}

void PasswordBox::takeTyped()
{
    if (const QString cleaned = withoutLineEnds(m_field->text()); cleaned != m_field->text())
        m_field->setText(cleaned);
    if (m_field->text() == m_password)
        return;
    if (m_field->text().isEmpty()) {
        setPassword(m_password);
        Q_EMIT refused(tr("The password can't be empty. Nothing was changed."));
        return;
    }
    if (m_other && !m_other->password().isEmpty() &&
        server::samePassword(m_field->text().toUtf8(), m_other->password().toUtf8())) {
        setPassword(m_password);
        Q_EMIT refused(tr("Telnet isn't encrypted, so it needs a different password. Nothing was "
                          "changed."));
        return;
    }
    if (server::passwordStrength(m_field->text()) == server::PasswordStrength::Weak &&
        !m_prompts->confirm(this, tr("Use a weak password?"),
                            tr("It is easy to guess. Six random words, as Ferry makes them, are "
                               "safe and easy to read out."),
                            tr("&Use it anyway")))
        return;
    setPassword(m_field->text());
    Q_EMIT passwordChanged();
}

/// What is typed counts only once somebody says so.
void PasswordBox::showTyped()
{
    const bool typed = m_field->text() != m_password;
    if (!typed && m_use->hasFocus())
        m_field->setFocus(Qt::OtherFocusReason);
    m_use->setVisible(typed);
    m_copy->setVisible(!typed);
    m_new->setVisible(!typed);
    showStrength();
}

void PasswordBox::showStrength()
{
    if (hasOuterBlank(withoutLineEnds(m_field->text()))) {
        m_strength->show();
        m_strength->setText(tr("▲ Space at one end"));
        m_strength->setToolTip(tr("Others have to type the space, too"));
        return setTone(m_strength, Tone::Caution);
    }
    // Of one that was made here there is nothing to be told.
    m_strength->setVisible(!isGeneratedPassword(m_field->text()));
    // In the order of PasswordStrength.
    static constexpr std::pair<const char *, Tone> words[] = {{QT_TR_NOOP("✕ Empty"), Tone::Bad},
                                                              {QT_TR_NOOP("▲ Weak"), Tone::Caution},
                                                              {QT_TR_NOOP("Fair"), Tone::Quiet},
                                                              {QT_TR_NOOP("Strong"), Tone::Quiet}};
    const auto &[word, tone] = words[int(server::passwordStrength(m_field->text()))];
    m_strength->setText(tr(word));
    setTone(m_strength, tone);
    m_strength->setToolTip(tr("How hard the password is to guess"));
}

} // namespace ferry::gui
