// SPDX-License-Identifier: MIT
#include "server-gui/messages/messagespane.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/theme.h"
#include "gui-common/look/tidytable.h"
#include "gui-common/parts/emptynote.h"
#include "gui-common/parts/fields.h"
#include "server-gui/messages/messagedelegate.h"
#include "server-gui/messages/messagesmodel.h"
#include "server-gui/sessions/people.h"
#include "server/server.h"
#include "wire/limits.h"

#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ferry::gui {

namespace {
constexpr int wholeLines = 3;
}

Result<> tellPerson(server::Server &server, const QList<quint64> &sessions, const QString &text)
{
    if (sessions.isEmpty())
        return server.tellAll(text);
    bool told = false;
    Result<> last;
    for (const quint64 session : sessions) {
        last = server.tell(session, text);
        told = told || last.ok();
    }
    return told ? Result<>() : last;
}

MessagesPane::MessagesPane(QWidget *parent)
    : QWidget(parent)
    , m_model(new MessagesModel(this))
    , m_view(new QTreeView(this))
    , m_empty(new EmptyNote(QStringLiteral("messagesEmpty"), m_view))
    , m_whole(new QPlainTextEdit(this))
    , m_to(new QComboBox(this))
    , m_line(new QLineEdit(this))
    , m_button(pushButton({}, tr("Send"), QStringLiteral("sendMessage"), this))
{
    setObjectName(QStringLiteral("messagesPane"));
    makeView();
    makeLine();
    auto *answer = new QHBoxLayout;
    answer->setSpacing(rhythm / 2);
    answer->addWidget(plainLabel(tr("To"), this));
    answer->addWidget(m_to);
    answer->addWidget(m_line, 1);
    answer->addWidget(m_button);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_whole);
    layout->addLayout(answer);
    showPeople();
    showContent();
}

void MessagesPane::makeView()
{
    m_view->setObjectName(QStringLiteral("messagesView"));
    m_view->setAccessibleName(tr("Messages"));
    m_view->setModel(m_model);
    m_view->setItemDelegate(new MessageDelegate(m_view));
    tidyTable(m_view, rhythm / 2);
    new TableColumns(m_view, {{tr("yesterday 00:00")},
                              {QStringLiteral("Anna (192.168.100.100)"), 1, true},
                              {QStringLiteral("The third file is the wrong one."), 4, true}});
    auto *copy = new QAction(icon(QLatin1StringView("copy")), tr("Copy message"), m_view);
    copy->setObjectName(QStringLiteral("copyMessage"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &MessagesPane::copySelected);
    m_view->addAction(copy);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &MessagesPane::showSelected);
    connect(m_view, &QTreeView::activated, this, [this] { m_line->setFocus(); });

    // A row has room for one line.
    m_whole->setObjectName(QStringLiteral("wholeMessage"));
    m_whole->setAccessibleName(tr("The whole message"));
    m_whole->setReadOnly(true);
    m_whole->setTabChangesFocus(true);
    m_whole->setFixedHeight(wholeLines * m_whole->fontMetrics().lineSpacing() + 2 * rhythm);
    m_whole->hide();
}

void MessagesPane::makeLine()
{
    m_to->setObjectName(QStringLiteral("messageReceiver"));
    m_to->setAccessibleName(tr("Receiver of the message"));
    m_to->setToolTip(tr("Who gets the message"));
    m_to->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_to->setMinimumContentsLength(18);
    m_line->setObjectName(QStringLiteral("messageLine"));
    m_line->setAccessibleName(tr("Message"));
    m_line->setPlaceholderText(tr("Write a message"));
    m_line->setMaxLength(int(limits::messageBytes));
    m_button->setToolTip(tr("Send the message (Return)"));
    connect(m_to, &QComboBox::currentIndexChanged, this, &MessagesPane::showReceiver);
    connect(m_line, &QLineEdit::textChanged, this, &MessagesPane::showContent);
    connect(m_line, &QLineEdit::returnPressed, this, &MessagesPane::send);
    connect(m_button, &QPushButton::clicked, this, &MessagesPane::send);
}

void MessagesPane::look(const QList<server::SessionInfo> &sessions)
{
    QList<Person> people;
    QSet<QString> connected;
    m_sessions.clear();
    for (const server::SessionInfo &session : sessions) {
        const Person person{personOf(session), nameOf(session), {session.id}};
        if (person.key.isEmpty())
            continue;
        m_sessions.insert(session.id, person);
        if (session.state == server::SessionState::Ended)
            continue;
        connected.insert(person.key);
        if (!session.readsMessages)
            continue;
        const auto known = std::find_if(people.begin(), people.end(), [&](const Person &other) {
            return other.key == person.key;
        });
        if (known == people.end())
            people.append(person);
        else
            known->sessions.append(session.id);
    }
    if (people == m_people && connected == m_connected)
        return;
    m_people = people;
    m_connected = connected;
    showPeople();
    showContent();
}

void MessagesPane::showPeople()
{
    const QSignalBlocker quiet(m_to);
    m_to->clear();
    m_to->addItem(tr("Everyone"), QString());
    bool there = m_receiver.key.isEmpty();
    for (const Person &person : std::as_const(m_people)) {
        m_to->addItem(person.label, person.key);
        if (person.key == m_receiver.key) {
            m_receiver = person;
            there = true;
        }
    }
    // Never to somebody else than before.
    if (!there)
        m_to->addItem(
            (m_connected.contains(m_receiver.key) ? tr("%1, reads no messages") : tr("%1, left"))
                .arg(m_receiver.label),
            m_receiver.key);
    m_to->setCurrentIndex(std::max(0, m_to->findData(m_receiver.key)));
}

/// Whoever cannot be reached becomes the receiver too: words must not go to the one before.
void MessagesPane::choose(quint64 session, const QString &label)
{
    m_receiver = m_sessions.value(session, {QString::number(session), label, {session}});
    showPeople();
    showContent();
}

void MessagesPane::showReceiver(int index)
{
    const QString key = m_to->itemData(index).toString();
    if (key != m_receiver.key) {
        m_receiver = {};
        for (const Person &person : std::as_const(m_people)) {
            if (person.key == key)
                m_receiver = person;
        }
    }
    showPeople();
    showContent();
}

void MessagesPane::writeTo(quint64 session)
{
    choose(session, tr("session %1").arg(session));
    m_line->setFocus(Qt::OtherFocusReason);
}

QString MessagesPane::senderOf(const server::Message &message) const
{
    const auto known = m_sessions.constFind(message.session);
    if (known != m_sessions.cend())
        return known->label;
    return tr("%1 (session %2)")
        .arg(message.name.isEmpty() ? message.account : message.name)
        .arg(message.session);
}

void MessagesPane::take(const server::Messages &messages)
{
    if (messages.list.isEmpty() && messages.lost == 0)
        return;
    QList<MessagesModel::Row> rows;
    QStringList senders;
    if (messages.lost > 0)
        rows.append({QDateTime::currentMSecsSinceEpoch(), QString(),
                     tr("%Ln earlier messages were not kept.", nullptr, int(messages.lost))});
    for (const server::Message &message : messages.list) {
        const QString sender = senderOf(message);
        senders.append(sender);
        rows.append({message.atMs, message.toAll ? tr("%1 to everyone").arg(sender) : sender,
                     message.text, message.session});
    }
    const QScrollBar *bar = m_view->verticalScrollBar();
    const bool follow = bar->value() == bar->maximum();
    m_model->add(rows);
    if (follow)
        m_view->scrollToBottom();
    showContent();
    if (messages.list.isEmpty())
        return;
    const QModelIndex last = m_model->index(m_model->rowCount() - 1, MessagesModel::Who);
    announce(
        messages.list.size() == 1
            ? tr("Message from %1: %2").arg(last.data().toString(), m_model->wholeText(last.row()))
            : tr("%Ln new messages", nullptr, int(messages.list.size())));
    Q_EMIT arrived(senders);
}

/// To a screen reader, once: the rows say nothing by themselves. Whoever looks elsewhere hears the
/// desktop's notification instead.
void MessagesPane::announce(const QString &text)
{
    if (!window()->isActiveWindow())
        return;
    setAccessibleDescription(text);
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    Q_EMIT announced(text);
}

/// -1: none. The current row is another matter: a list makes the first one current when it gets the
/// focus, and that must not change the receiver.
int MessagesPane::selectedRow() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.first().row();
}

void MessagesPane::showSelected()
{
    const int row = selectedRow();
    if (row < 0) {
        m_whole->hide();
        return;
    }
    const QModelIndex cell = m_model->index(row, MessagesModel::Text);
    const int width = m_view->fontMetrics().horizontalAdvance(cell.data().toString());
    m_whole->setPlainText(m_model->wholeText(row));
    m_whole->setVisible(m_model->row(row).text.contains(u'\n') ||
                        width > m_view->columnWidth(MessagesModel::Text) - 2 * rhythm);
    if (const MessagesModel::Row &chosen = m_model->row(row); chosen.session != 0)
        choose(chosen.session, chosen.who);
}

void MessagesPane::copySelected()
{
    if (const int row = selectedRow(); row >= 0)
        QGuiApplication::clipboard()->setText(m_model->wholeText(row));
}

void MessagesPane::showContent()
{
    m_empty->say(m_model->rowCount() > 0
                     ? QString()
                     : tr("No messages yet. What people write to you is listed here."));
    const bool somebody = !m_people.isEmpty() || !m_receiver.key.isEmpty();
    m_button->setEnabled(somebody && !m_line->text().trimmed().isEmpty());
    m_line->setPlaceholderText(somebody ? tr("Write a message")
                                        : tr("Nobody is here who reads messages"));
}

void MessagesPane::send()
{
    const QString text = m_line->text();
    if (!m_button->isEnabled() || !m_send)
        return;
    if (const Result<> sent = m_send(m_receiver.sessions, text); !sent) {
        Q_EMIT refused(sent.error().text);
        return;
    }
    m_line->clear();
    m_model->add(
        {{QDateTime::currentMSecsSinceEpoch(),
          m_receiver.key.isEmpty() ? tr("You to everyone") : tr("You to %1").arg(m_receiver.label),
          text, m_receiver.sessions.value(0)}});
    m_view->clearSelection(); // what was answered is done
    m_view->scrollToBottom();
    showContent();
}

} // namespace ferry::gui
