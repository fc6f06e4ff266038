// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace ferry::gui {

class Prompts;

/// The password that others need: shown or hidden, copied, made anew, or one's own.
class PasswordBox final : public QWidget
{
    Q_OBJECT
public:
    explicit PasswordBox(QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    QString password() const { return m_password; }
    void setPassword(const QString &password);

    bool isShown() const;
    void setShown(bool shown);

    void copy();
    void makeNew();

    QLineEdit *field() const { return m_field; }

Q_SIGNALS:
    /// After a person changed it; not on every key.
    void passwordChanged();
    void copied(const QString &what);
    void refused(const QString &why);

private:
    void takeTyped();
    void showStrength();

    Prompts *m_prompts;
    QString m_password;
    QLineEdit *m_field;
    QToolButton *m_show;
    QLabel *m_strength;
};

} // namespace ferry::gui
