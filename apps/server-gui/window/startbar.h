// SPDX-License-Identifier: MIT
#pragma once

#include "server/server.h"

#include <QIcon>
#include <QWidget>

class QLabel;
class QPushButton;

namespace ferry::gui {

/// The big Start/Stop button, and the state in a word, a sentence, a colour and a shape.
class StartBar final : public QWidget
{
    Q_OBJECT
public:
    explicit StartBar(QWidget *parent = nullptr);

    /// `where`: what others type, while listening. `why`: of an error, or why Start is off.
    void showState(server::ServerState state, const QString &where, const QString &why);

    /// Start is off as long as there is nothing to share.
    void setCanStart(bool can);

    QString stateWord() const;
    QIcon stateIcon() const;
    QPushButton *button() const { return m_button; }

    /// At the right end of the bar.
    void addWidget(QWidget *widget);

Q_SIGNALS:
    void startClicked();
    void stopClicked();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showButton();
    void showIcon();
    bool runs() const;

    QPushButton *m_button;
    QLabel *m_icon;
    QLabel *m_word;
    QLabel *m_sentence;
    server::ServerState m_state = server::ServerState::Stopped;
    QString m_where;
    QString m_why;
    bool m_canStart = false;
};

} // namespace ferry::gui
