// SPDX-License-Identifier: MIT
#include "client-gui/window/conversationpane.h"

#include "client/browse/remotecommand.h"
#include "gui-common/log/logmodel.h"
#include "gui-common/log/logpane.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeView>

#include <algorithm>

namespace ferry::gui {

namespace {
constexpr qsizetype maxTyped = 50;
}

ConversationPane::ConversationPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new LogModel(this))
    , m_log(new LogPane(m_model, this))
    , m_line(new QLineEdit(this))
    , m_send(pushButton({}, tr("&Send"), QStringLiteral("sendCommand"), this))
{
    setObjectName(QStringLiteral("conversation"));
    m_log->setTitle(tr("Conversation"));
    m_log->setSessionColumnShown(false);
    m_log->setEmptyText(tr("What is received, and the protocol lines, appear here."));

    m_line->setObjectName(QStringLiteral("commandLine"));
    m_line->setAccessibleName(tr("A command to send to the server"));
    m_line->setMaxLength(4000);
    m_line->installEventFilter(this);
    m_send->setAccessibleName(tr("Send the command"));
    auto *label = new QLabel(tr("Co&mmand"), this);
    label->setBuddy(m_line);
    auto *row = new QHBoxLayout;
    row->setSpacing(rhythm);
    row->addWidget(label);
    row->addWidget(m_line, 1);
    row->addWidget(m_send);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(m_log, 1);
    layout->addLayout(row);

    connect(m_line, &QLineEdit::returnPressed, this, &ConversationPane::enter);
    connect(m_send, &QPushButton::clicked, this, &ConversationPane::enter);
    setCommands(false, tr("Connect first"));
}

void ConversationPane::setPrompts(Prompts *prompts)
{
    m_log->setPrompts(prompts);
}

void ConversationPane::append(const QList<LogRecord> &records)
{
    m_model->append(records);
}

void ConversationPane::setCommands(bool possible, const QString &why)
{
    m_line->setEnabled(possible);
    m_send->setEnabled(possible);
    m_line->setPlaceholderText(possible ? tr("e.g. LIST /, SUM /Photos/a.raw or PING") : why);
    const QString tip = possible ? tr("Goes over a connection of its own, so transfers are not "
                                      "disturbed. The answer appears above.")
                                 : why;
    m_line->setToolTip(plainToolTip(tip));
    m_send->setToolTip(plainToolTip(tip));
}

void ConversationPane::enter()
{
    const QString line = m_line->text().trimmed();
    if (line.isEmpty())
        return;
    m_line->clear();
    // A line with a password in it is not worth the risk.
    if (client::shownCommand(line.toUtf8()) == line) {
        m_typed.removeAll(line);
        m_typed.append(line);
        if (m_typed.size() > maxTyped)
            m_typed.removeFirst();
    }
    m_recalled = m_typed.size();
    Q_EMIT commandEntered(line.toUtf8());
}

void ConversationPane::recall(int step)
{
    m_recalled = std::clamp<qsizetype>(m_recalled + step, 0, m_typed.size());
    m_line->setText(m_typed.value(m_recalled));
}

bool ConversationPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            recall(key == Qt::Key_Up ? -1 : +1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ferry::gui
