// SPDX-License-Identifier: MIT
#include "server-gui/passwordbox.h"

#include "gui-common/icon.h"
#include "gui-common/prompts.h"
#include "gui-common/theme.h"
#include "server-gui/fields.h"
#include "server/password.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ferry::gui {

namespace {
constexpr int mostCharacters = 200; // far below what fits into one line of the wire
}

PasswordBox::PasswordBox(QWidget *parent)
    : QWidget(parent)
    , m_prompts(Prompts::standard())
    , m_field(new QLineEdit(this))
    , m_show(iconButton(QLatin1StringView("hide"), tr("Show the password"),
                        QStringLiteral("passwordShow"), this))
    , m_strength(plainLabel(QStringLiteral("passwordStrength"), this))
{
    setObjectName(QStringLiteral("passwordBox"));
    m_field->setObjectName(QStringLiteral("passwordField"));
    m_field->setAccessibleName(tr("Password"));
    m_field->setToolTip(tr("What others type to get in. You may type one of your own."));
    m_field->setMaxLength(mostCharacters);
    m_field->setAcceptDrops(false); // a folder dropped here is one to share
    m_show->setCheckable(true);
    auto *copyButton = iconButton(QLatin1StringView("copy"), tr("Copy the password"),
                                  QStringLiteral("passwordCopy"), this);
    auto *newButton = iconButton(QLatin1StringView("refresh"), tr("Make a new password"),
                                 QStringLiteral("passwordNew"), this);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(rhythm / 2);
    layout->addWidget(m_field, 1);
    layout->addWidget(m_strength);
    layout->addWidget(m_show);
    layout->addWidget(copyButton);
    layout->addWidget(newButton);
    setFocusProxy(m_field);

    connect(m_show, &QToolButton::toggled, this, &PasswordBox::setShown);
    connect(copyButton, &QToolButton::clicked, this, &PasswordBox::copy);
    connect(newButton, &QToolButton::clicked, this, &PasswordBox::makeNew);
    connect(m_field, &QLineEdit::textChanged, this, &PasswordBox::showStrength);
    connect(m_field, &QLineEdit::editingFinished, this, &PasswordBox::takeTyped);
    setShown(false);
    showStrength();
}

void PasswordBox::setPassword(const QString &password)
{
    m_password = password;
    m_field->setText(password);
    m_field->setCursorPosition(0);
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
    m_show->setToolTip(shown ? tr("Hide the password") : tr("Show the password"));
    m_show->setAccessibleName(m_show->toolTip());
}

void PasswordBox::copy()
{
    QGuiApplication::clipboard()->setText(m_password);
    Q_EMIT copied(tr("The password is on the clipboard."));
}

void PasswordBox::makeNew()
{
    if (!m_password.isEmpty() &&
        !m_prompts->confirm(this, tr("Make a new password?"),
                            tr("Whoever knows the present one can no longer log in."),
                            tr("Make a New One")))
        return;
    setPassword(server::generatePassword());
    Q_EMIT passwordChanged();
}

void PasswordBox::takeTyped()
{
    if (m_field->text() == m_password)
        return;
    if (m_field->text().isEmpty()) {
        setPassword(m_password);
        Q_EMIT refused(tr("An empty password would let everybody in. The one before is kept."));
        return;
    }
    m_password = m_field->text();
    Q_EMIT passwordChanged();
}

void PasswordBox::showStrength()
{
    switch (server::passwordStrength(m_field->text())) {
    case server::PasswordStrength::Empty:
        m_strength->setText(tr("✕ Empty"));
        setTone(m_strength, Tone::Bad);
        break;
    case server::PasswordStrength::Weak:
        m_strength->setText(tr("▲ Weak"));
        setTone(m_strength, Tone::Caution);
        break;
    case server::PasswordStrength::Fair:
        m_strength->setText(tr("Fair"));
        setTone(m_strength, Tone::Quiet);
        break;
    case server::PasswordStrength::Strong:
        m_strength->setText(tr("Strong"));
        setTone(m_strength, Tone::Quiet);
        break;
    }
    m_strength->setToolTip(tr("How hard the password is to guess"));
}

} // namespace ferry::gui
