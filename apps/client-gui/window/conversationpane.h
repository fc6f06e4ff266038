// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/logqueue.h"

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QPushButton;

namespace ferry::gui {

class LogModel;
class LogPane;
class Prompts;

/// The lines on the wire, and a line to type one. What is typed goes over the connection that the
/// browser has, so it cannot disturb a transfer.
class ConversationPane final : public QWidget
{
    Q_OBJECT
public:
    explicit ConversationPane(QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts);
    void append(const QList<LogRecord> &records);

    /// Whether a command can be sent; if not, `why` says why.
    void setCommands(bool possible, const QString &why);

    LogPane *log() const { return m_log; }

Q_SIGNALS:
    void commandEntered(const QByteArray &line);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void enter();
    void recall(int step);

    LogModel *m_model;
    LogPane *m_log;
    QLineEdit *m_line;
    QPushButton *m_send;
    QStringList m_typed; ///< earlier lines, the last one last; none with a password
    qsizetype m_recalled = 0;
};

} // namespace ferry::gui
