// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/settings/settings.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace ferry::gui {

class Prompts;

/// A password that others need: shown or hidden, copied, made anew, or one's own.
class PasswordBox final : public QWidget
{
    Q_OBJECT
public:
    /// The names of the controls begin with "password", or with "telnetPassword".
    explicit PasswordBox(WhichDoor door, QWidget *parent = nullptr);

    /// What is typed must not be the other one too: that would give it away.
    void setOther(const PasswordBox *other) { m_other = other; }

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    QString password() const { return m_password; }
    void setPassword(const QString &password);
    void generate();

    bool isShown() const;
    void setShown(bool shown);

    void copy();
    void makeNew();

    QLineEdit *field() const { return m_field; }

Q_SIGNALS:
    /// After a person changed it: what was typed counts with Return or a button.
    void passwordChanged();
    void copied(const QString &what);
    void refused(const QString &why);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void takeTyped();
    void showTyped();
    void showStrength();

    const WhichDoor m_door;
    Prompts *m_prompts;
    const PasswordBox *m_other = nullptr;
    QString m_password;
    QLineEdit *m_field;
    QToolButton *m_show;
    QPushButton *m_use;
    QToolButton *m_copy;
    QToolButton *m_new;
    QLabel *m_strength;
};

} // namespace ferry::gui
