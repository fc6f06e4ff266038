// SPDX-License-Identifier: MIT
#include "client-gui/people/peoplepane.h"

#include "client-gui/browser/sending.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/people/talkview.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "wire/limits.h"

#include <QAbstractItemModel>
#include <QAction>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int listRows = 5;
constexpr int paneWidth = 180; // at 900 there is no more beside the queue

} // namespace

PeoplePane::PeoplePane(TalkModel *model, QWidget *parent)
    : QWidget(parent)
    , give(new QAction(icon(QLatin1StringView("upload")), tr("&Give a file to this person…"), this))
    , m_model(model)
    , m_list(new QListView(this))
    , m_title(namedLabel(QStringLiteral("talkTitle"), this))
    , m_give(pushButton({}, tr("Give…"), QStringLiteral("giveFile"), this))
    , m_talk(new TalkView(this))
    , m_line(new QLineEdit(this))
    , m_send(iconButton(QLatin1StringView("forward"), tr("Send the message"),
                        QStringLiteral("sendMessage"), this))
{
    setObjectName(QStringLiteral("people"));
    give->setObjectName(QStringLiteral("giveAction"));
    give->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_G));
    setMinimumWidth(paneWidth);
    m_list->setObjectName(QStringLiteral("peopleList"));
    m_list->setAccessibleName(tr("People on the server"));
    m_list->setModel(model);
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSpacing(rhythm / 4);
    m_list->setFixedHeight(listRows * (m_list->fontMetrics().height() + rhythm / 2) + rhythm);
    m_list->addAction(give);
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_talk->setObjectName(QStringLiteral("talk"));
    m_talk->setAccessibleName(tr("What was said"));
    m_talk->setPlaceholderText(tr("Nothing was said yet."));
    m_line->setObjectName(QStringLiteral("messageLine"));
    m_line->setAccessibleName(tr("A message"));
    m_line->setMaxLength(limits::messageBytes);
    m_give->setAccessibleName(tr("Give a file to this person"));
    setTone(m_title, Tone::Quiet);
    // A long name is cut, so that the button has its room.
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);

    auto *above = new QHBoxLayout;
    above->setSpacing(rhythm / 2);
    above->addWidget(m_title, 1);
    above->addWidget(m_give);
    auto *row = new QHBoxLayout;
    row->setSpacing(rhythm / 2);
    row->addWidget(m_line, 1);
    row->addWidget(m_send);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm / 2);
    layout->addWidget(heading(tr("People"), this));
    layout->addWidget(m_list);
    layout->addLayout(above);
    layout->addWidget(m_talk, 1);
    layout->addLayout(row);

    for (QWidget *place : {static_cast<QWidget *>(this), m_list->viewport(), m_talk->viewport()}) {
        place->setAcceptDrops(true);
        place->installEventFilter(this);
    }
    connect(m_give, &QPushButton::clicked, give, &QAction::trigger);
    connect(give, &QAction::changed, this, [this] {
        m_give->setEnabled(give->isEnabled());
        m_give->setToolTip(give->toolTip());
    });
    connect(m_line, &QLineEdit::returnPressed, this, &PeoplePane::enter);
    connect(m_send, &QToolButton::clicked, this, &PeoplePane::enter);
    connect(m_model, &TalkModel::messagesAdded, this, &PeoplePane::added);
    connect(m_model, &TalkModel::messageChanged, this, &PeoplePane::changed);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &PeoplePane::look);
    const auto first = [this] {
        if (!m_list->currentIndex().isValid())
            m_list->setCurrentIndex(m_model->index(0));
        showTalk();
    };
    connect(m_model, &QAbstractItemModel::modelReset, this, first);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &PeoplePane::showTalk);
    first();
    setGifts(false);
}

int PeoplePane::row() const
{
    return m_list->currentIndex().row();
}

void PeoplePane::setPossible(bool possible, const QString &why)
{
    if (possible == m_possible && why == m_whyNot)
        return;
    m_possible = possible;
    m_whyNot = why;
    look();
}

void PeoplePane::setGifts(bool kept)
{
    m_gifts = kept;
    m_give->setVisible(kept);
}

void PeoplePane::enter()
{
    const QString text = m_line->text().trimmed();
    if (text.isEmpty() || !m_line->isEnabled() || row() < 0)
        return;
    m_line->clear();
    Q_EMIT messageEntered(row(), text);
}

void PeoplePane::added(int row, qsizetype count)
{
    if (row != this->row())
        return;
    m_talk->showAdded(m_model->messages(row), count);
    if (isVisible())
        m_model->setRead(row);
}

void PeoplePane::changed(int row, quint64 id)
{
    if (row != this->row())
        return;
    const QList<Message> &messages = m_model->messages(row);
    const auto found = std::lower_bound(
        messages.begin(), messages.end(), id,
        [](const Message &message, quint64 wanted) { return message.id < wanted; });
    if (found != messages.end() && found->id == id)
        m_talk->showChanged(*found);
    if (isVisible())
        m_model->setRead(row);
}

void PeoplePane::showTalk()
{
    look();
    m_talk->showAll(row() < 0 ? QList<Message>() : m_model->messages(row()));
    if (isVisible())
        m_model->setRead(row());
}

/// Who is written to, and whether it can be.
void PeoplePane::look()
{
    const bool any = row() >= 0;
    const bool there = any && m_model->isThere(row());
    m_line->setEnabled(m_possible && there);
    m_send->setEnabled(m_possible && there);
    m_title->setText(any ? m_model->name(row()) : QString());
    const QString placeholder = !m_possible ? m_whyNot
                                : there     ? tr("Write a message")
                                            : tr("They have left");
    m_line->setPlaceholderText(placeholder);
    // In a narrow pane the end of it is cut off.
    m_line->setToolTip(m_line->isEnabled() ? QString() : placeholder);
    Q_EMIT looked();
}

bool PeoplePane::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove:
    case QEvent::Drop:
        return drag(watched, static_cast<QDropEvent *>(event));
    default:
        return QWidget::eventFilter(watched, event);
    }
}

/// Over a person of the list that one is meant, elsewhere the one whose conversation is shown.
/// Taken where nothing can be given, too: whoever drops it there learns why.
bool PeoplePane::drag(QObject *watched, QDropEvent *event)
{
    const QByteArrayList paths = localFilesIn(event->mimeData());
    if (paths.isEmpty() || !m_gifts) {
        event->ignore();
        return watched != this; // an address is for the window
    }
    event->setDropAction(Qt::CopyAction);
    event->accept();
    const QModelIndex under = watched == m_list->viewport()
                                  ? m_list->indexAt(event->position().toPoint())
                                  : QModelIndex();
    if (event->type() == QEvent::Drop) {
        if (under.isValid())
            m_list->setCurrentIndex(under);
        Q_EMIT filesDropped(row(), paths);
    }
    return true;
}

void PeoplePane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->setRead(row());
}

} // namespace ferry::gui
