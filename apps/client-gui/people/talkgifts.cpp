// SPDX-License-Identifier: MIT
// The gifts in conversations: which card a note is about, and what becomes of it.
#include "client-gui/people/talkmodel.h"

#include "net/base/displaytext.h"

#include <QDateTime>

namespace ferry::gui {

using extended::Note;

namespace {

/// Notes of gifts that came before it was known here which gift they are about.
constexpr qsizetype mostEarly = 100;

/// What a note says of a gift that has its card.
Gift::State stateAfter(const Note &note)
{
    if (note.kind == Note::Kind::Taken)
        return Gift::State::Taken;
    return note.why == "declined"    ? Gift::State::Declined
           : note.why == "withdrawn" ? Gift::State::Withdrawn
           : note.why == "expired"   ? Gift::State::Expired
                                     : Gift::State::Gone;
}

} // namespace

QByteArray TalkModel::giftKey(const extended::GiftPath &path)
{
    return (path.session ? QByteArray::number(*path.session) : QByteArray("me")) + '/' +
           (path.number ? QByteArray::number(*path.number) : QByteArray());
}

/// True: it is about a gift that has its card, which says it.
bool TalkModel::settle(const Note &note, News *news)
{
    int row = -1;
    Message *const message = messageAt(m_gifts.value(giftKey(*note.gift)), &row);
    if (!message || !message->gift) {
        if (note.kind != Note::Kind::Gift && note.gift->session) {
            m_early.append(note);
            if (m_early.size() > mostEarly)
                m_early.removeFirst();
        }
        return false;
    }
    // A server that was restarted says what is on offer once more.
    if (note.kind == Note::Kind::Gift && message->gift->name == displayText(note.gift->name)) {
        --news->count;
        return true;
    }
    if (note.kind == Note::Kind::Gift || note.kind == Note::Kind::Message)
        return false;
    // What is saved here stays so, whatever becomes of the server's copy.
    if (message->gift->state == Gift::State::Saved)
        return true;
    Gift gift = *message->gift;
    gift.state = stateAfter(note);
    gift.words.clear();
    gift.asked = 0;
    ++m_talks[row].unread; // before it is shown: whoever sees it has read it
    setGift(message->id, gift);
    news->sentence = giftText(gift);
    news->senders.append(gift.who);
    Q_EMIT dataChanged(index(row), index(row));
    return true;
}

/// What was told of a gift before its number was known here.
void TalkModel::settleEarly(quint64 message)
{
    const Gift *const known = gift(message);
    if (!known || !known->path)
        return;
    const QByteArray key = giftKey(*known->path);
    for (qsizetype i = 0; i < m_early.size(); ++i) {
        if (giftKey(*m_early.at(i).gift) != key)
            continue;
        Gift changed = *known;
        changed.state = stateAfter(m_early.takeAt(i));
        changed.words.clear();
        return setGift(message, changed);
    }
}

quint64 TalkModel::addGift(int row, const Gift &gift)
{
    Message message;
    message.atMs = QDateTime::currentMSecsSinceEpoch();
    message.gift = gift;
    const quint64 id = append(row, {message});
    trimAll();
    return id;
}

const Gift *TalkModel::gift(quint64 message) const
{
    const auto [row, place] = find(message);
    if (row < 0)
        return nullptr;
    const Message &found = m_talks.at(row).messages.at(place);
    return found.gift ? &*found.gift : nullptr;
}

void TalkModel::setGift(quint64 message, const Gift &gift)
{
    int row = -1;
    Message *const found = messageAt(message, &row);
    if (!found || !found->gift)
        return;
    const bool learned = gift.path && !found->gift->path;
    found->gift = gift;
    if (learned)
        m_gifts.insert(giftKey(*gift.path), message);
    Q_EMIT messageChanged(row, message);
    if (learned)
        settleEarly(message);
}

QList<quint64> TalkModel::giftsAsked() const
{
    QList<quint64> asked;
    for (const Talk &talk : m_talks) {
        for (const Message &message : talk.messages) {
            if (message.gift && message.gift->asked != 0)
                asked.append(message.id);
        }
    }
    return asked;
}

quint64 TalkModel::giftAsked(quint64 number) const
{
    for (const Talk &talk : m_talks) {
        for (const Message &message : talk.messages) {
            if (number != 0 && message.gift && message.gift->asked == number)
                return message.id;
        }
    }
    return 0;
}

} // namespace ferry::gui
