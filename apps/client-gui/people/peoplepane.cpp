// SPDX-License-Identifier: MIT
#include "client-gui/people/peoplepane.h"

#include "client-gui/people/talkmodel.h"
#include "gui-common/look/localtime.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "wire/limits.h"

#include <QAbstractItemModel>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QTextBlockFormat>
#include <QTextCharFormat>
#include <QTextCursor>
#include <QTextEdit>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

constexpr int listRows = 5;
constexpr int paneWidth = 180; // at 900 there is no more beside the queue

/// As text and nothing else: what is said cannot be a link or a picture.
void write(QTextCursor &cursor, const QString &text, int indent, const QTextCharFormat &look)
{
    QTextBlockFormat block;
    block.setLeftMargin(indent);
    block.setTopMargin(indent > 0 ? 0 : rhythm / 2);
    for (const QString &line : text.split(u'\n')) {
        if (cursor.position() > 0)
            cursor.insertBlock();
        cursor.setBlockFormat(block);
        cursor.insertText(line, look);
    }
}

} // namespace

PeoplePane::PeoplePane(TalkModel *model, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_list(new QListView(this))
    , m_title(namedLabel(QStringLiteral("talkTitle"), this))
    , m_talk(new QTextEdit(this))
    , m_line(new QLineEdit(this))
    , m_send(pushButton({}, tr("Sen&d"), QStringLiteral("sendMessage"), this))
{
    setObjectName(QStringLiteral("people"));
    setMinimumWidth(paneWidth);
    m_list->setObjectName(QStringLiteral("peopleList"));
    m_list->setAccessibleName(tr("People on the server"));
    m_list->setModel(model);
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFixedHeight(listRows * (m_list->fontMetrics().height() + rhythm / 2));
    m_talk->setObjectName(QStringLiteral("talk"));
    m_talk->setAccessibleName(tr("What was said"));
    m_talk->setReadOnly(true);
    m_talk->setAcceptRichText(false);
    m_talk->setUndoRedoEnabled(false);
    m_talk->setTabChangesFocus(true);
    m_talk->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_talk->setPlaceholderText(tr("Nothing was said yet."));
    m_line->setObjectName(QStringLiteral("messageLine"));
    m_line->setAccessibleName(tr("A message"));
    m_line->setMaxLength(limits::messageBytes);
    m_send->setAccessibleName(tr("Send the message"));
    setTone(m_title, Tone::Quiet);

    auto *row = new QHBoxLayout;
    row->setSpacing(rhythm / 2);
    row->addWidget(m_line, 1);
    row->addWidget(m_send);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(heading(tr("People"), this));
    layout->addWidget(m_list);
    layout->addWidget(m_title);
    layout->addWidget(m_talk, 1);
    layout->addLayout(row);

    connect(m_line, &QLineEdit::returnPressed, this, &PeoplePane::enter);
    connect(m_send, &QPushButton::clicked, this, &PeoplePane::enter);
    connect(m_model, &TalkModel::messagesChanged, this, &PeoplePane::changed);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &PeoplePane::look);
    const auto first = [this] {
        if (!m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_model->index(0));
        showTalk();
    };
    connect(m_model, &QAbstractItemModel::modelReset, this, first);
    connect(m_model, &QAbstractItemModel::rowsRemoved, this, first);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &PeoplePane::showTalk);
    first();
}

int PeoplePane::row() const
{
    return m_list->currentIndex().row();
}

void PeoplePane::setPossible(bool possible, const QString &why)
{
    m_possible = possible;
    m_whyNot = why;
    look();
}

void PeoplePane::enter()
{
    const QString text = m_line->text().trimmed();
    if (text.isEmpty() || !m_line->isEnabled() || row() < 0)
        return;
    m_line->clear();
    Q_EMIT messageEntered(row(), text);
}

void PeoplePane::changed(int row)
{
    if (row == this->row())
        showTalk();
}

void PeoplePane::showTalk()
{
    look();
    m_talk->clear();
    if (row() < 0)
        return;
    if (isVisible())
        m_model->setRead(row());
    QTextCharFormat plain;
    QTextCharFormat quiet;
    quiet.setForeground(toneColor(Tone::Quiet, palette()));
    QTextCharFormat bad;
    bad.setForeground(toneColor(Tone::Bad, palette()));
    QTextCursor cursor(m_talk->document());
    for (const Message &message : m_model->messages(row())) {
        const QString time =
            QLocale().toString(localTime(message.atMs).time(), QLocale::ShortFormat);
        write(cursor,
              QStringLiteral("%1  %2").arg(time, message.who.isEmpty() ? tr("You") : message.who),
              0, quiet);
        write(cursor, message.text, rhythm, plain);
        if (!message.failure.isEmpty())
            write(cursor, tr("Not sent: %1").arg(message.failure), rhythm, bad);
    }
    m_talk->verticalScrollBar()->setValue(m_talk->verticalScrollBar()->maximum());
}

/// Who is written to, and whether it can be.
void PeoplePane::look()
{
    const bool any = row() >= 0;
    const bool there = any && m_model->isThere(row());
    m_line->setEnabled(m_possible && there);
    m_send->setEnabled(m_possible && there);
    const QString name =
        any ? m_model->data(m_model->index(row()), Qt::AccessibleTextRole).toString() : QString();
    m_title->setText(name);
    const QString placeholder = !m_possible ? m_whyNot
                                : there     ? tr("Write a message")
                                            : tr("They have left");
    m_line->setPlaceholderText(placeholder);
}

void PeoplePane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->setRead(row());
}

} // namespace ferry::gui
