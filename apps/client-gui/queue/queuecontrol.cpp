// SPDX-License-Identifier: MIT
#include "client-gui/queue/queuecontrol.h"

#include "client-gui/dialogs/clientprompts.h"
#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"
#include "client-gui/settings/settings.h"
#include "client/client.h"
#include "client/disk/localname.h"
#include "gui-common/look/format.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QWidget>

#include <utility>

namespace ferry::gui {

using client::Download;
using client::DownloadState;
using client::Priority;

namespace {

client::LocalFacts factsOf(const QString &path)
{
    const QFileInfo file(QFile::decodeName(client::localBytes(path)));
    return {file.size(), file.lastModified().toMSecsSinceEpoch() * 1'000'000};
}

using Queue = client::DownloadQueue;
using RowsMethod = void (Queue::*)(const QList<quint64> &);

/// Commands that the queue carries out on rows as they are.
constexpr std::pair<QueueCommand, RowsMethod> simpleCommands[] = {
    {QueueCommand::Pause, &Queue::pause},
    {QueueCommand::Resume, &Queue::resume},
    {QueueCommand::Cancel, &Queue::cancel},
    {QueueCommand::Retry, &Queue::retry},
    {QueueCommand::Remove, &Queue::remove},
    {QueueCommand::Arrange, &Queue::arrange},
    {QueueCommand::MoveToTop, &Queue::moveToTop},
    {QueueCommand::MoveToBottom, &Queue::moveToBottom},
    {QueueCommand::ForceStart, &Queue::forceStart},
};

} // namespace

QueueControl::QueueControl(client::Client *client, QueueModel *model, QueueActions *actions,
                           ClientSettings *settings, ClientPrompts *prompts, QWidget *window)
    : QObject(window)
    , m_client(client)
    , m_model(model)
    , m_actions(actions)
    , m_settings(settings)
    , m_prompts(prompts)
    , m_window(window)
{
    connect(m_actions, &QueueActions::requested, this, &QueueControl::perform);
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &QueueControl::look);
    applyPreferences();
}

void QueueControl::applyPreferences()
{
    apply(m_settings->preferences(), &m_client->queue());
    showLimit();
}

void QueueControl::open()
{
    const auto opened = m_client->openQueue(m_settings->queueFile());
    if (opened)
        return look();
    if (opened.error().code == ErrorCode::InUse)
        Q_EMIT problemFound(tr("Another Ferry Client window is open and has the saved queue. "
                               "The queue of this window is forgotten when it is closed."));
    else
        Q_EMIT problemFound(opened.error().text + u' ' +
                            tr("The queue of this window is forgotten when it is closed."));
}

void QueueControl::look()
{
    if (m_model->refreshSome(m_client->queue()))
        m_rest.start();
    lookBesideRows();
}

void QueueControl::lookAtAll()
{
    m_model->refresh(m_client->queue());
    lookBesideRows();
}

void QueueControl::lookBesideRows()
{
    m_actions->undoRemove->setEnabled(m_client->queue().hasRemoved());
    if (const QStringList problems = m_client->takeQueueProblems(); !problems.isEmpty())
        Q_EMIT problemFound(displayText(problems.join(u' ')));
    lookForConflict();
}

void QueueControl::perform(QueueCommand command, const QList<quint64> &ids)
{
    Queue &queue = m_client->queue();
    const qsizetype gone = command == QueueCommand::Remove ? filesAmong(ids) : 0;
    for (const auto &[simple, method] : simpleCommands) {
        if (simple == command)
            (queue.*method)(ids);
    }
    switch (command) {
    case QueueCommand::HighPriority:
        queue.setPriority(ids, Priority::High);
        break;
    case QueueCommand::NormalPriority:
        queue.setPriority(ids, Priority::Normal);
        break;
    case QueueCommand::LowPriority:
        queue.setPriority(ids, Priority::Low);
        break;
    case QueueCommand::Limit:
        limitRows(ids);
        break;
    case QueueCommand::Decide:
        if (!ids.isEmpty())
            ask(ids.first());
        break;
    case QueueCommand::PauseAll:
        queue.pauseAll();
        break;
    case QueueCommand::ResumeAll:
        queue.resumeAll();
        break;
    case QueueCommand::LimitAll:
        limitAll();
        break;
    case QueueCommand::ChangeFolder:
        changeFolder(ids);
        break;
    case QueueCommand::UndoRemove:
        queue.undoRemove();
        break;
    default:
        break;
    }
    lookAtAll();
    if (gone > 0)
        Q_EMIT removed(gone);
    Q_EMIT performed(command);
}

/// A folder counts where none of its files does.
qsizetype QueueControl::filesAmong(const QList<quint64> &ids) const
{
    qsizetype files = 0;
    for (const quint64 id : ids) {
        const QModelIndex index = m_model->indexOf(id);
        files += index.isValid() && m_model->download(index).kind != client::DownloadKind::Folder;
    }
    return files > 0 ? files : ids.size();
}

void QueueControl::changeFolder(const QList<quint64> &ids)
{
    const auto first = ids.isEmpty() ? std::nullopt : m_client->queue().find(ids.first());
    if (!first)
        return;
    const QString folder = m_prompts->askFolder(m_window, tr("Save files to"), first->folder);
    if (!folder.isEmpty())
        m_client->setFolder(ids, folder);
}

void QueueControl::limitRows(const QList<quint64> &ids)
{
    const auto first = ids.isEmpty() ? std::nullopt : m_client->queue().find(ids.first());
    if (!first)
        return;
    const QString about =
        ids.size() == 1
            ? tr("Speed limit for %1:").arg(shownName(*first))
            : tr("Speed limit for each of the %1 selected files:").arg(formatCount(ids.size()));
    if (const auto limit = m_prompts->askRateLimit(m_window, about, first->rateLimit))
        m_client->queue().setRowLimit(ids, *limit);
}

void QueueControl::limitAll()
{
    const auto limit = m_prompts->askRateLimit(m_window, tr("Speed limit for all files together:"),
                                               m_settings->rateLimit());
    if (!limit)
        return;
    m_settings->setRateLimit(*limit);
    m_client->queue().setRateLimit(*limit);
    showLimit();
}

void QueueControl::showLimit()
{
    const qint64 limit = m_settings->rateLimit();
    m_actions->limitAll->setText(limit > 0 ? tr("Speed limit for all (%1)…").arg(formatSpeed(limit))
                                           : tr("Speed limit for all…"));
}

void QueueControl::lookForConflict()
{
    if (m_asking || m_model->summary().undecided() == 0)
        return;
    quint64 next = 0;
    m_model->each([&](const Download &row) {
        if (row.state == DownloadState::NeedsDecision && !m_postponed.contains(row.batch))
            next = row.id;
        return next == 0;
    });
    if (next == 0)
        return;
    m_asking = true;
    // Not from here: a dialog runs an event loop of its own, and this is called by the poll.
    QMetaObject::invokeMethod(
        this,
        [this, next] {
            m_asking = false;
            ask(next);
            look();
        },
        Qt::QueuedConnection);
}

void QueueControl::ask(quint64 id)
{
    const auto download = m_client->queue().find(id);
    if (m_asking || !download || download->state != DownloadState::NeedsDecision)
        return;
    ConflictQuestion question;
    question.name = shownName(*download);
    question.folder = displayText(QByteArrayView(client::localBytes(download->folder)));
    question.here = factsOf(localPath(*download));
    question.there = download->remote;
    m_model->each([&](const Download &other) {
        question.others += other.batch == download->batch && other.id != id &&
                           other.kind != client::DownloadKind::Folder &&
                           groupOf(other) == QueueGroup::Waiting;
        return true;
    });
    m_asking = true;
    const auto answer = m_prompts->askConflict(m_window, question);
    m_asking = false;
    if (!answer) {
        m_postponed.insert(download->batch);
    } else if (answer->forBatch) {
        m_client->queue().decideBatch(download->batch, answer->policy);
    } else {
        m_postponed.remove(download->batch);
        m_client->queue().decide({id}, answer->policy);
    }
}

} // namespace ferry::gui
