// SPDX-License-Identifier: MIT
#include "client-gui/people/giftdesk.h"

#include "client-gui/people/talkmodel.h"
#include "client-gui/queue/statetext.h"
#include "client/client.h"
#include "client/disk/localname.h"
#include "net/base/displaytext.h"
#include "wire/virtualpath.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace ferry::gui {

using client::Download;
using client::DownloadState;
using extended::Party;

namespace {

/// Names that are tried beside one that is taken; the queue finds another one beyond that.
constexpr int mostNames = 1000;

/// Nothing there has it: the very same file would not be fetched, and its giver would not hear that
/// it is here.
QString freeName(const QString &folder, const QString &name)
{
    const auto isFree = [&](const QString &candidate) {
        const QFileInfo there(QDir(folder).filePath(candidate));
        return !there.exists() && !there.isSymLink();
    };
    QString candidate = name;
    for (int n = 1; n < mostNames && !isFree(candidate); ++n)
        candidate = client::numberedName(name, n);
    return candidate;
}

double fractionOf(const Download &row)
{
    return row.size > 0 ? double(row.received) / double(row.size) : 0;
}

QString withoutAdvice(const QString &failure)
{
    return failure.section(u'\n', 0, 0);
}

} // namespace

GiftDesk::GiftDesk(TalkModel *model, client::Client *client, QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_client(client)
{
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        m_watched.clear();
        m_cutOff.clear();
    });
}

QString GiftDesk::whyNot(int row) const
{
    if (row < 0 || !m_drop)
        return tr("Waiting for the server. Try again when it is back.");
    switch (m_model->party(row).kind) {
    case Party::Kind::Session:
        return m_model->isThere(row) ? QString() : tr("They have left.");
    case Party::Kind::All:
        return tr("A file is given to one person. Choose who gets it.");
    default:
        return tr("To give the operator a file, send it to a shared folder.");
    }
}

void GiftDesk::give(int row, const QByteArrayList &paths)
{
    if (paths.isEmpty())
        return;
    if (const QString why = whyNot(row); !why.isEmpty())
        return Q_EMIT refused(why);
    qsizetype folders = 0;
    for (const QByteArray &path : paths) {
        if (QFileInfo(QFile::decodeName(path)).isDir())
            ++folders;
        else
            giveFile(row, path);
    }
    if (folders > 0)
        Q_EMIT refused(tr("A folder can't be given. Give its files, or pack it into one file."));
}

void GiftDesk::giveFile(int row, const QByteArray &path)
{
    Gift gift;
    gift.own = true;
    gift.state = Gift::State::Sending;
    gift.who = m_model->name(row);
    gift.sinceNs = m_model->sinceNs(row);
    gift.source = path;
    gift.name = displayText(path.mid(path.lastIndexOf('/') + 1));
    send(m_model->addGift(row, gift), gift, row);
    look();
}

/// A row of the queue works for it from now on; one that continues an earlier one has its ID.
void GiftDesk::send(quint64 message, Gift gift, int row)
{
    const QByteArray folder = "/@" + QByteArray::number(m_model->party(row).session);
    if (gift.row != 0)
        m_client->queue().remove(gift.row);
    gift.row = m_client->addUploads({{gift.source, folder, gift.uploadId}}).first();
    gift.state = Gift::State::Sending;
    gift.continues = false;
    gift.words.clear();
    m_watched.insert(message);
    m_cutOff.remove(message);
    m_model->setGift(message, gift);
}

void GiftDesk::save(quint64 message, const QString &folder)
{
    const Gift *const offered = m_model->gift(message);
    // A dialog may have been open for long.
    if (folder.isEmpty() || !offered || offered->state != Gift::State::Waiting || offered->own ||
        offered->asked != 0)
        return;
    Gift gift = *offered;
    client::Client::Request request;
    request.remotePath = gift.path->path().toBytes();
    request.folder = folder;
    request.existing = client::ExistingPolicy::Rename;
    request.size = gift.size;
    request.file = true;
    if (const auto name = client::targetName(request.remotePath))
        request.localName = freeName(folder, name.value());
    if (gift.row != 0)
        m_client->queue().remove(gift.row); // an earlier try
    gift.row = m_client->add({request}).first();
    gift.state = Gift::State::Saving;
    gift.words.clear();
    m_watched.insert(message);
    m_model->setGift(message, gift);
    look();
}

void GiftDesk::act(quint64 message, GiftAct act)
{
    const Gift *const known = m_model->gift(message);
    if (!known)
        return;
    Gift gift = *known;
    switch (act) {
    case GiftAct::Save:
        return;
    case GiftAct::Decline:
        return drop(message, gift);
    case GiftAct::TakeBack:
        return takeBack(message, gift);
    case GiftAct::Open:
        return Q_EMIT openRequested(gift.file);
    case GiftAct::ShowFolder:
        return Q_EMIT openRequested(QFileInfo(gift.file).path());
    case GiftAct::Cancel:
        m_client->queue().cancel(gift.row);
        return look();
    case GiftAct::Again:
        const int row = receiverRow(gift);
        if (row < 0 || !m_drop)
            return Q_EMIT refused(row < 0 ? tr("%1 has left.").arg(gift.who) : whyNot(row));
        send(message, gift, row);
        return look();
    }
}

void GiftDesk::takeBack(quint64 message, Gift gift)
{
    if (gift.state == Gift::State::Waiting)
        return drop(message, gift);
    m_client->queue().cancel(gift.row);
    look();
}

void GiftDesk::drop(quint64 message, Gift gift)
{
    if (!m_drop || !gift.path)
        return Q_EMIT refused(tr("Waiting for the server. Try again when it is back."));
    gift.asked = m_drop(*gift.path);
    gift.words.clear();
    m_model->setGift(message, gift);
}

bool GiftDesk::takeAnswer(quint64 number, const std::optional<Error> &error)
{
    const quint64 message = m_model->giftAsked(number);
    const Gift *const known = message == 0 ? nullptr : m_model->gift(message);
    if (!known)
        return false;
    Gift gift = *known;
    gift.asked = 0;
    if (!error)
        gift.state = gift.own ? Gift::State::Withdrawn : Gift::State::Declined;
    else if (error->code == ErrorCode::NotFound)
        gift.state = Gift::State::Gone; // a note may say why
    else
        gift.words = displayText(error->text);
    m_model->setGift(message, gift);
    return true;
}

void GiftDesk::look()
{
    const QSet<quint64> watched = m_watched;
    for (const quint64 message : watched) {
        if (!follow(message))
            m_watched.remove(message);
    }
}

/// False: nothing more comes of its row.
bool GiftDesk::follow(quint64 message)
{
    const Gift *const known = m_model->gift(message);
    if (!known)
        return false;
    Gift gift = *known;
    const auto row = m_client->queue().find(gift.row);
    if (row && gift.own)
        followOwn(&gift, *row);
    else if (row)
        followSaving(&gift, *row);
    else if (gift.state == Gift::State::Sending)
        gift.state = Gift::State::Withdrawn;
    else if (gift.state == Gift::State::Saving)
        gift.state = Gift::State::Waiting;
    if (!row && gift.state != Gift::State::Failed)
        gift.words.clear();
    if (gift.continues)
        m_cutOff.insert(message);
    const bool changed = gift.state != known->state || gift.words != known->words ||
                         gift.fraction != known->fraction || gift.size != known->size ||
                         gift.path != known->path || gift.continues != known->continues;
    const bool over = !row || row->state == DownloadState::Done ||
                      (gift.own && gift.state == Gift::State::Withdrawn);
    gift.uploadId = row ? row->uploadId : QByteArray();
    if (over)
        gift.row = 0;
    if (changed || over)
        m_model->setGift(message, gift);
    return !over;
}

void GiftDesk::followOwn(Gift *gift, const Download &row)
{
    gift->size = row.size;
    gift->fraction = fractionOf(row);
    gift->words = stateText(row);
    gift->continues = false;
    switch (row.state) {
    case DownloadState::Done: {
        gift->words.clear();
        gift->state = Gift::State::Waiting;
        const auto path = VirtualPath::fromTyped(row.remotePath);
        gift->path = path ? extended::giftPath(*path) : std::nullopt;
        return;
    }
    case DownloadState::Failed:
        gift->state = Gift::State::Failed;
        gift->continues = row.cutOff && row.error.code == ErrorCode::CutShort;
        gift->words = withoutAdvice(failureText(row));
        return;
    case DownloadState::Cancelled:
        gift->words.clear();
        gift->state = Gift::State::Withdrawn;
        return;
    default:
        gift->state = Gift::State::Sending;
    }
}

void GiftDesk::followSaving(Gift *gift, const Download &row)
{
    gift->fraction = fractionOf(row);
    gift->words = stateText(row);
    switch (row.state) {
    case DownloadState::Done:
    case DownloadState::Skipped:
        gift->state = Gift::State::Saved;
        gift->file = localPath(row);
        if (shownName(row) != gift->name)
            gift->words = tr("%1, as %2", "state, file").arg(gift->words, shownName(row));
        return;
    case DownloadState::Failed:
        gift->state =
            row.error.code == ErrorCode::NotFound ? Gift::State::Gone : Gift::State::Waiting;
        gift->words = gift->state == Gift::State::Gone
                          ? QString()
                          : tr("Not saved: %1").arg(withoutAdvice(failureText(row)));
        return;
    case DownloadState::Cancelled:
        gift->words.clear();
        gift->state = Gift::State::Waiting;
        return;
    default:
        gift->state = Gift::State::Saving;
    }
}

/// Of the same person as before; -1: they are not there.
int GiftDesk::receiverRow(const Gift &gift) const
{
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->party(row).kind == Party::Kind::Session && m_model->isThere(row) &&
            m_model->sinceNs(row) == gift.sinceNs && m_model->name(row) == gift.who)
            return row;
    }
    return -1;
}

void GiftDesk::peopleKnown()
{
    const QSet<quint64> cutOff = std::exchange(m_cutOff, {});
    for (const quint64 message : cutOff) {
        const Gift *const known = m_model->gift(message);
        if (!known || !known->continues)
            continue;
        Gift gift = *known;
        if (const int row = receiverRow(gift); row >= 0) {
            send(message, gift, row);
            continue;
        }
        gift.continues = false;
        gift.words = tr("The connection was lost, and they have left meanwhile.");
        m_watched.remove(message);
        m_model->setGift(message, gift);
    }
}

void GiftDesk::connectionGone()
{
    m_drop = {};
    for (const quint64 message : m_model->giftsAsked()) {
        Gift gift = *m_model->gift(message);
        gift.asked = 0;
        gift.words = tr("The connection ended before the server answered.");
        m_model->setGift(message, gift);
    }
    for (const quint64 message : std::exchange(m_cutOff, {})) {
        const Gift *const known = m_model->gift(message);
        if (!known || !known->continues)
            continue;
        Gift gift = *known;
        gift.continues = false; // a person decides
        m_watched.remove(message);
        m_model->setGift(message, gift);
    }
}

qsizetype GiftDesk::underWay() const
{
    qsizetype count = 0;
    for (const quint64 message : m_watched) {
        const Gift *const gift = m_model->gift(message);
        count +=
            gift && (gift->state == Gift::State::Sending || gift->state == Gift::State::Saving);
    }
    return count;
}

void GiftDesk::end()
{
    QList<quint64> rows;
    for (const quint64 message : std::as_const(m_watched)) {
        if (const Gift *const gift = m_model->gift(message); gift && gift->row != 0)
            rows.append(gift->row);
    }
    m_watched.clear();
    m_cutOff.clear();
    m_client->queue().remove(rows);
}

} // namespace ferry::gui
