// SPDX-License-Identifier: MIT
#include "client-gui/queue/queueactions.h"

#include "client-gui/queue/queuemodel.h"
#include "client-gui/queue/statetext.h"
#include "client/downloadstates.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"

#include <QAction>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>

#include <algorithm>
#include <limits>

namespace ferry::gui {

using client::Download;
using client::DownloadEvent;
using client::DownloadState;
using client::Priority;

namespace {

// Enough to say what a selection allows; with 100,000 selected rows nobody looks at each.
constexpr int looked = 1000;
constexpr int allOfThem = std::numeric_limits<int>::max();

template <DownloadEvent event>
bool may(const Download &download)
{
    return client::nextState(download.state, event).has_value();
}

bool any(const Download &)
{
    return true;
}

bool isOpen(const Download &download)
{
    return !client::hasEnded(download.state);
}

bool mayBeForced(const Download &download)
{
    const bool folder = download.kind == client::DownloadKind::Folder;
    return isOpen(download) && (folder || !client::isLive(download.state)) && !download.forced;
}

/// Nobody works on it.
bool mayMove(const Download &download)
{
    return isOpen(download) && !client::isLive(download.state) && !download.isUpload();
}

bool isUndecided(const Download &download)
{
    return download.state == DownloadState::NeedsDecision;
}

bool isSavedFile(const Download &download)
{
    return (download.state == DownloadState::Done || download.state == DownloadState::Skipped) &&
           download.kind != client::DownloadKind::Folder;
}

/// The one that the file is in, or the fetched one; while that may not be there yet, the one that
/// the person chose.
QString folderOf(const Download &download)
{
    if (download.isUpload())
        return QFileInfo(localPath(download)).path();
    if (download.state != DownloadState::Done && download.state != DownloadState::Skipped)
        return download.folder;
    const QString path = localPath(download);
    return isSavedFile(download) ? QFileInfo(path).path() : path;
}

} // namespace

QueueActions::QueueActions(const QueueModel *model, Table table, QObject *parent)
    : QObject(parent)
    , openFile(make("openFileAction", QLatin1StringView("file"), tr("Open f&ile")))
    , openFolder(make("openFolderAction", QLatin1StringView("folder-open"), tr("Open &folder")))
    , pause(make("pauseAction", QLatin1StringView("pause"), tr("Pa&use")))
    , resume(make("resumeAction", QLatin1StringView("resume"), tr("Resu&me")))
    , pauseOrResume(make("pauseOrResumeAction", QLatin1StringView("pause"), tr("Pause or resume"),
                         Qt::Key_Space))
    , cancel(make("cancelAction", QLatin1StringView("stop"), tr("&Cancel")))
    , retry(make("retryAction", QLatin1StringView("retry"), tr("Re&try"), Qt::CTRL | Qt::Key_R))
    , remove(make("removeAction", QLatin1StringView("remove"), tr("Remo&ve"), Qt::Key_Delete))
    , decide(make("decideAction", QLatin1StringView("info"), tr("&Decide…")))
    , changeFolder(
          make("changeQueuedFolderAction", QLatin1StringView("folder"), tr("C&hange folder…")))
    , moveUp(make("moveUpAction", QLatin1StringView("up"), tr("Move up"), Qt::CTRL | Qt::Key_Up))
    , moveDown(make("moveDownAction", QLatin1StringView("down"), tr("Move down"),
                    Qt::CTRL | Qt::Key_Down))
    , moveToTop(
          make("moveToTopAction", {}, tr("Move to the top"), Qt::CTRL | Qt::SHIFT | Qt::Key_Up))
    , moveToBottom(make("moveToBottomAction", {}, tr("Move to the bottom"),
                        Qt::CTRL | Qt::SHIFT | Qt::Key_Down))
    , highPriority(make("highPriorityAction", {}, tr("&High priority")))
    , normalPriority(make("normalPriorityAction", {}, tr("&Normal priority")))
    , lowPriority(make("lowPriorityAction", {}, tr("&Low priority")))
    , forceStart(make("forceStartAction", QLatin1StringView("start"), tr("&Start now")))
    , limit(make("limitAction", {}, tr("Speed limit…")))
    , details(make("downloadDetailsAction", QLatin1StringView("info"), tr("Details…")))
    , copyPath(make("copyPathAction", QLatin1StringView("copy"), tr("Copy &path")))
    , copyLocalPath(make("copyLocalPathAction", {}, tr("Copy path on this computer")))
    , copyChecksum(make("copyChecksumAction", {}, tr("Copy chec&ksum")))
    , copyError(make("copyErrorAction", {}, tr("Copy &error")))
    , pauseAll(make("pauseAllAction", QLatin1StringView("pause"), tr("Pause &all")))
    , resumeAll(make("resumeAllAction", QLatin1StringView("resume"), tr("Resume a&ll")))
    , retryFailed(make("retryFailedAction", QLatin1StringView("retry"), tr("&Retry failed")))
    , clearDone(make("clearDoneAction", QLatin1StringView("clear"), tr("Clear do&ne")))
    , limitAll(make("limitAllAction", {}, tr("Speed limit for all…")))
    , undoRemove(make("undoRemoveAction", {}, tr("Undo remove"), QKeySequence::Undo))
    , m_model(model)
    , m_table(std::move(table))
{
    for (QAction *priority : {highPriority, normalPriority, lowPriority})
        priority->setCheckable(true);
    describe();
    connectRows();
    connectOfAll();
    connectCopies();
    refresh();
}

QAction *QueueActions::make(const char *name, QLatin1StringView iconName, const QString &text,
                            const QKeySequence &key)
{
    auto *action = new QAction(iconName.isEmpty() ? QIcon() : icon(iconName), text, this);
    action->setObjectName(QString::fromLatin1(name));
    if (!key.isEmpty()) {
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    }
    return action;
}

void QueueActions::describe()
{
    const auto tell = [](QAction *action, const QString &text) {
        action->setToolTip(plainToolTip(text));
        action->setStatusTip(text);
    };
    tell(pause, tr("Stop the selected files for now. What has arrived of them is kept."));
    tell(resume, tr("Resume the selected files"));
    tell(pauseAll, tr("Stop all files for now. What has arrived of them is kept."));
    tell(resumeAll, tr("Resume all paused files"));
    tell(remove, tr("Remove the selected files from the list. Files on the disk stay."));
    tell(moveUp, tr("Start the selected files earlier (Ctrl+Up)"));
    tell(moveDown, tr("Start the selected files later (Ctrl+Down)"));
    tell(forceStart, tr("Start it now, whatever else is running"));
    tell(retryFailed, tr("Retry everything that failed"));
    tell(clearDone, tr("Remove what is done or cancelled from the list. Files on the disk stay."));
    tell(changeFolder, tr("Save the selected downloads in another folder"));
    tell(undoRemove, tr("Put back what was removed last, within ten seconds"));
    tell(details, tr("All that is known of the selected file"));
    tell(decide, tr("Choose what to do with the file that already exists"));
}

void QueueActions::connectRows()
{
    m_ofRows = {
        {pause, QueueCommand::Pause, &may<DownloadEvent::Pause>},
        {resume, QueueCommand::Resume, &may<DownloadEvent::Resume>},
        {cancel, QueueCommand::Cancel, &may<DownloadEvent::Cancel>},
        {retry, QueueCommand::Retry, &may<DownloadEvent::Retry>},
        {remove, QueueCommand::Remove, &any},
        {decide, QueueCommand::Decide, &isUndecided},
        {changeFolder, QueueCommand::ChangeFolder, &mayMove},
        {moveUp, QueueCommand::Arrange, &any},
        {moveDown, QueueCommand::Arrange, &any},
        {moveToTop, QueueCommand::MoveToTop, &any},
        {moveToBottom, QueueCommand::MoveToBottom, &any},
        {highPriority, QueueCommand::HighPriority, &isOpen},
        {normalPriority, QueueCommand::NormalPriority, &isOpen},
        {lowPriority, QueueCommand::LowPriority, &isOpen},
        {forceStart, QueueCommand::ForceStart, &mayBeForced},
        {limit, QueueCommand::Limit, &isOpen},
    };
    for (const OfRows &entry : std::as_const(m_ofRows)) {
        if (entry.command == QueueCommand::Arrange)
            continue;
        connect(entry.action, &QAction::triggered, this,
                [this, entry] { Q_EMIT requested(entry.command, selectedIds(entry.possible)); });
    }
    for (const auto &[action, step] : {std::pair(moveUp, -1), std::pair(moveDown, 1)}) {
        connect(action, &QAction::triggered, this, [this, step = step] {
            for (const QList<quint64> &ids : m_table.moved(step))
                Q_EMIT requested(QueueCommand::Arrange, ids);
        });
    }
    // While something of it can be paused, that is what is meant.
    connect(pauseOrResume, &QAction::triggered, this,
            [this] { (pause->isEnabled() ? pause : resume)->trigger(); });
    connect(openFile, &QAction::triggered, this, [this] {
        for (const QModelIndex &index : m_table.selected(1))
            open(index);
    });
    connect(openFolder, &QAction::triggered, this, [this] {
        for (const QModelIndex &index : m_table.selected(1))
            Q_EMIT openRequested(folderOf(m_model->download(index)));
    });
    connect(details, &QAction::triggered, this, [this] {
        for (const QModelIndex &index : m_table.selected(1))
            Q_EMIT detailsRequested(index);
    });
}

void QueueActions::connectOfAll()
{
    const auto ask = [this](QAction *action, QueueCommand command) {
        connect(action, &QAction::triggered, this,
                [this, command] { Q_EMIT requested(command, {}); });
    };
    ask(pauseAll, QueueCommand::PauseAll);
    ask(resumeAll, QueueCommand::ResumeAll);
    ask(limitAll, QueueCommand::LimitAll);
    ask(undoRemove, QueueCommand::UndoRemove);
    undoRemove->setShortcutContext(Qt::WindowShortcut);
    undoRemove->setEnabled(false);
    connect(retryFailed, &QAction::triggered, this,
            [this] { Q_EMIT requested(QueueCommand::Retry, failedIds()); });
    connect(clearDone, &QAction::triggered, this,
            [this] { Q_EMIT requested(QueueCommand::Remove, doneIds()); });
}

void QueueActions::connectCopies()
{
    const auto copy = [this](QAction *action, auto &&text) {
        connect(action, &QAction::triggered, this, [this, text] { copyOfSelected(text); });
    };
    copy(copyPath, [](const Download &download) { return QString::fromUtf8(download.remotePath); });
    copy(copyLocalPath, [](const Download &download) { return localPath(download); });
    copy(copyChecksum, [this](const Download &download) {
        // Several are told apart by their names, as checksum tools write them.
        const QString checksum = QString::fromLatin1(download.checksum);
        return checksum.isEmpty() || m_table.selected(2).size() == 1
                   ? checksum
                   : checksum + QStringLiteral("  ") + shownName(download);
    });
    copy(copyError, [this](const Download &download) {
        const QString failure = failureText(download, m_model->facts());
        return failure.isEmpty()
                   ? QString()
                   : QString::fromUtf8(download.remotePath) + QLatin1String(": ") + failure;
    });
}

void QueueActions::refresh()
{
    const QModelIndexList rows = m_table.selected(looked);
    const auto anyOf = [&](const QueueModel::Test &test) {
        return std::any_of(rows.begin(), rows.end(),
                           [&](const QModelIndex &index) { return m_model->anyOf(index, test); });
    };
    for (const OfRows &entry : std::as_const(m_ofRows))
        entry.action->setEnabled(anyOf(entry.possible));
    pauseOrResume->setEnabled(pause->isEnabled() || resume->isEnabled());
    const bool movable = m_table.movable();
    for (QAction *move : {moveUp, moveDown, moveToTop, moveToBottom})
        move->setEnabled(move->isEnabled() && movable);
    showPriority(rows);

    openFile->setEnabled(rows.size() == 1 && isSavedFile(m_model->download(rows.first())));
    openFolder->setEnabled(rows.size() == 1);
    details->setEnabled(rows.size() == 1);
    copyPath->setEnabled(!rows.isEmpty());
    copyLocalPath->setEnabled(!rows.isEmpty());
    copyChecksum->setEnabled(anyOf([](const Download &d) { return !d.checksum.isEmpty(); }));
    copyError->setEnabled(
        anyOf([this](const Download &d) { return !failureText(d, m_model->facts()).isEmpty(); }));

    const QueueSummary &summary = m_model->summary();
    pauseAll->setEnabled(summary.waiting + summary.active > summary.paused());
    resumeAll->setEnabled(summary.paused() > 0);
    retryFailed->setEnabled(summary.failed > 0);
    clearDone->setEnabled(summary.done + summary.folders + summary.cancelled > 0);
}

/// Checked: the one that all selected rows have.
void QueueActions::showPriority(const QModelIndexList &rows)
{
    const auto allHave = [&](Priority priority) {
        return std::none_of(rows.begin(), rows.end(), [&](const QModelIndex &index) {
            return m_model->anyOf(index, [priority](const Download &row) {
                return isOpen(row) && row.priority != priority;
            });
        });
    };
    highPriority->setChecked(!rows.isEmpty() && allHave(Priority::High));
    normalPriority->setChecked(!rows.isEmpty() && allHave(Priority::Normal));
    lowPriority->setChecked(!rows.isEmpty() && allHave(Priority::Low));
}

void QueueActions::open(const QModelIndex &index)
{
    const Download &download = m_model->download(index);
    if (isSavedFile(download))
        Q_EMIT openRequested(localPath(download));
    else if (isUndecided(download))
        Q_EMIT requested(QueueCommand::Decide, {download.id});
    else if (download.state == DownloadState::Done && !m_model->folderSummary(index))
        Q_EMIT openRequested(localPath(download)); // a folder; one with files is unfolded
}

void QueueActions::fillMenu(QMenu *menu) const
{
    menu->setToolTipsVisible(true);
    menu->addActions({openFile, openFolder});
    menu->addSeparator();
    menu->addActions({decide, pause, resume, forceStart, cancel, retry, changeFolder, remove});
    menu->addSeparator();
    QMenu *order = menu->addMenu(tr("&Order and speed"));
    order->setObjectName(QStringLiteral("orderMenu"));
    order->addActions({moveUp, moveDown, moveToTop, moveToBottom});
    order->addSeparator();
    order->addActions({highPriority, normalPriority, lowPriority});
    order->addSeparator();
    order->addAction(limit);
    menu->addSeparator();
    menu->addActions({copyPath, copyLocalPath, copyChecksum, copyError});
    menu->addSeparator();
    menu->addAction(details);
}

void QueueActions::fillMenuOfAll(QMenu *menu) const
{
    menu->addActions({pauseAll, resumeAll, retryFailed, clearDone, undoRemove, limitAll});
}

QList<QAction *> QueueActions::withKeys() const
{
    return {pauseOrResume, retry, remove, moveUp, moveDown, moveToTop, moveToBottom};
}

QList<quint64> QueueActions::selectedIds(Test test) const
{
    QList<quint64> ids;
    for (const QModelIndex &index : m_table.selected(allOfThem))
        m_model->appendIds(index, test, &ids);
    return ids;
}

QList<quint64> QueueActions::failedIds() const
{
    QList<quint64> ids;
    m_model->each([&](const Download &row) {
        if (row.state == DownloadState::Failed)
            ids.append(row.id);
        return true;
    });
    return ids;
}

/// A folder goes as a whole, once nothing is left to do in it: its figures stay true.
QList<quint64> QueueActions::doneIds() const
{
    QList<quint64> ids;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row, 0);
        const QueueSummary *files = m_model->folderSummary(index);
        const QueueGroup group = groupOf(m_model->download(index));
        const bool over = group == QueueGroup::Done || group == QueueGroup::Folder ||
                          group == QueueGroup::Cancelled;
        if (over && (!files || files->in(QueueTab::Done) == files->total()))
            m_model->appendIds(index, &any, &ids);
    }
    return ids;
}

void QueueActions::copyOfSelected(const std::function<QString(const Download &)> &text) const
{
    QStringList lines;
    for (const QModelIndex &index : m_table.selected(allOfThem)) {
        if (QString line = text(m_model->download(index)); !line.isEmpty())
            lines.append(std::move(line));
    }
    QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

} // namespace ferry::gui
