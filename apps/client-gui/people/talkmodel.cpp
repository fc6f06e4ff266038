// SPDX-License-Identifier: MIT
#include "client-gui/people/talkmodel.h"

#include "client-gui/people/talktext.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QDateTime>
#include <QFont>
#include <QGuiApplication>
#include <QPalette>

#include <algorithm>
#include <vector>

namespace ferry::gui {

using extended::Note;
using extended::Party;
using extended::Person;

namespace {

qsizetype charactersOf(const Message &message)
{
    return message.who.size() + message.text.size() + message.failure.size() +
           (message.gift ? message.gift->who.size() + message.gift->name.size() : 0);
}

} // namespace

TalkModel::TalkModel(QObject *parent)
    : QAbstractListModel(parent)
{
    clear();
}

void TalkModel::clear()
{
    beginResetModel();
    m_talks.clear();
    Talk first;
    first.name = tr("Operator");
    first.listed = true;
    m_talks.append(first);
    m_characters = 0;
    m_gifts.clear();
    m_early.clear();
    endResetModel();
    Q_EMIT unreadChanged();
}

int TalkModel::rowOf(const Party &party) const
{
    const auto found = std::find_if(m_talks.begin(), m_talks.end(), [&](const Talk &talk) {
        return talk.party == party && !talk.over;
    });
    return found == m_talks.end() ? -1 : int(found - m_talks.begin());
}

/// Behind those that are there: the operator, everybody, then one by one.
int TalkModel::makeRow(const Party &party, const QString &name)
{
    if (const int row = rowOf(party); row >= 0)
        return row;
    const int row = party.kind == Party::Kind::All ? 1 : int(m_talks.size());
    Talk talk;
    talk.party = party;
    talk.name = name;
    talk.listed = party.kind != Party::Kind::Session;
    beginInsertRows({}, row, row);
    m_talks.insert(row, talk);
    endInsertRows();
    return row;
}

void TalkModel::setPeople(const QList<Person> &people)
{
    const bool others =
        std::any_of(people.begin(), people.end(), [](const Person &each) { return !each.self; });
    if (others)
        makeRow({Party::Kind::All, 0}, tr("Everyone"));
    QHash<qint64, int> rows;
    for (int row = 0; row < m_talks.size(); ++row) {
        Talk &talk = m_talks[row];
        if (talk.party.kind == Party::Kind::Session && !talk.over) {
            talk.there = talk.listed = false;
            rows.insert(talk.party.session, row);
        }
    }
    QList<Talk> come;
    for (const Person &person : people) {
        if (person.self)
            continue;
        Talk talk;
        talk.party = {Party::Kind::Session, person.session};
        talk.name = shownPerson(person.session, person.name, person.account);
        talk.about =
            QStringLiteral("%1@%2").arg(displayText(person.account), displayText(person.address));
        talk.sinceNs = person.sinceNs;
        talk.listed = true;
        const auto known = rows.constFind(person.session);
        Talk *const here = known == rows.cend() ? nullptr : &m_talks[*known];
        // After a restart of the server a number is somebody else's: what was said to the one
        // before must not be continued with this one.
        if (here && here->sinceNs != 0 && here->sinceNs != person.sinceNs) {
            here->over = true;
            come.append(talk);
        } else if (here) {
            here->name = talk.name;
            here->about = talk.about;
            here->sinceNs = talk.sinceNs;
            here->there = here->listed = true;
        } else {
            come.append(talk);
        }
    }
    if (!come.isEmpty()) {
        const int first = int(m_talks.size());
        beginInsertRows({}, first, first + int(come.size()) - 1);
        m_talks += come;
        endInsertRows();
    }
    if (const int all = rowOf({Party::Kind::All, 0}); all >= 0)
        m_talks[all].there = m_talks[all].listed = others;
    dropGone();
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    Q_EMIT unreadChanged();
}

/// Those of whom nothing is kept; and the first of too many. Whom only a note has named may be made
/// up.
void TalkModel::dropGone()
{
    qsizetype kept = 0;
    QList<int> rows; // from the last one
    for (int row = int(m_talks.size()) - 1; row >= 0; --row) {
        const Talk &talk = m_talks.at(row);
        if (talk.listed)
            continue;
        if (talk.messages.isEmpty() || kept >= mostGone)
            rows.append(row);
        else
            ++kept;
    }
    for (qsizetype i = 0; i < rows.size();) {
        const int last = rows.at(i);
        int first = last;
        while (++i < rows.size() && rows.at(i) == first - 1)
            --first;
        for (int row = first; row <= last; ++row)
            trim(&m_talks[row], 0);
        beginRemoveRows({}, first, last);
        m_talks.remove(first, last - first + 1);
        endRemoveRows();
    }
}

Party TalkModel::conversationOf(const Note &note)
{
    if (note.from.kind != Party::Kind::Session)
        return {Party::Kind::Operator, 0};
    return note.toAll ? Party{Party::Kind::All, 0} : note.from;
}

TalkModel::News TalkModel::add(const QList<Note> &notes)
{
    News news;
    std::vector<Party> order;
    std::map<std::pair<int, qint64>, Bucket> buckets;
    const Note *last = nullptr;
    for (const Note &note : notes) {
        ++news.count;
        if (note.gift && settle(note, &news))
            continue;
        const Party party = conversationOf(note);
        Bucket &bucket = buckets[{int(party.kind), party.session}];
        if (bucket.isEmpty())
            order.push_back(party);
        bucket.append(&note);
        last = &note;
        if (news.senders.size() < mostSenders)
            news.senders.append(shownSender(note));
    }
    // A server can make up as many people as it likes. Of too many the last ones are kept, as of
    // those who have left.
    qsizetype strangers = 0;
    for (auto party = order.rbegin(); party != order.rend(); ++party) {
        Bucket &bucket = buckets[{int(party->kind), party->session}];
        if (rowOf(*party) < 0 && ++strangers > mostGone)
            bucket.clear();
    }
    for (const Party &party : order)
        addBucket(party, buckets[{int(party.kind), party.session}]);
    if (last && news.count == 1) {
        const Message &said = m_talks.at(rowOf(conversationOf(*last))).messages.last();
        news.sentence =
            said.gift ? giftText(*said.gift) : QStringLiteral("%1: %2").arg(said.who, said.text);
    }
    if (strangers > 0)
        dropGone();
    trimAll();
    Q_EMIT unreadChanged();
    return news;
}

void TalkModel::addBucket(const Party &party, const Bucket &bucket)
{
    if (bucket.isEmpty())
        return;
    const Note &last = *bucket.last();
    const int row = makeRow(party, party.kind == Party::Kind::All        ? tr("Everyone")
                                   : party.kind == Party::Kind::Operator ? tr("Operator")
                                                                         : shownSender(last));
    m_talks[row].unread += int(bucket.size());
    // Whatever is beyond the bound would go at once.
    QList<Message> messages;
    for (const Note *note : bucket.last(std::min(bucket.size(), mostMessages)))
        messages.append(messageOf(*note));
    append(row, std::move(messages));
}

Message TalkModel::messageOf(const Note &note)
{
    Message message;
    message.atMs = note.atNs / 1'000'000;
    message.who = shownSender(note);
    if (note.kind == Note::Kind::Gift && note.gift) {
        Gift gift;
        gift.path = note.gift;
        gift.who = message.who;
        gift.name = displayText(note.gift->name);
        gift.size = note.size;
        message.gift = gift;
    } else {
        message.text = shownNote(note);
    }
    return message;
}

void TalkModel::addOwn(int row, const QString &text, quint64 number)
{
    Message message;
    message.atMs = QDateTime::currentMSecsSinceEpoch();
    message.text = shownText(text.toUtf8());
    message.number = number;
    append(row, {message});
    trimAll();
}

/// The id of the last one.
quint64 TalkModel::append(int row, QList<Message> messages)
{
    Talk &talk = m_talks[row];
    const qsizetype count = messages.size();
    for (Message &message : messages) {
        message.id = ++m_lastId;
        const qsizetype characters = charactersOf(message);
        talk.characters += characters;
        m_characters += characters;
        if (message.gift && message.gift->path)
            m_gifts.insert(giftKey(*message.gift->path), message.id);
    }
    talk.messages += messages;
    trim(&talk, mostMessages);
    const quint64 last = m_lastId;
    Q_EMIT dataChanged(index(row), index(row));
    Q_EMIT messagesAdded(row, count);
    return last;
}

/// The first ones go.
void TalkModel::trim(Talk *talk, qsizetype most)
{
    const qsizetype gone = talk->messages.size() - most;
    if (gone <= 0)
        return;
    for (qsizetype i = 0; i < gone; ++i) {
        const Message &message = talk->messages.at(i);
        talk->characters -= charactersOf(message);
        m_characters -= charactersOf(message);
        if (!message.gift || !message.gift->path)
            continue;
        const QByteArray key = giftKey(*message.gift->path);
        if (m_gifts.value(key) == message.id)
            m_gifts.remove(key);
    }
    talk->messages.remove(0, gone);
}

/// The longest conversations lose half of what they have, until all together are short enough.
void TalkModel::trimAll()
{
    while (m_characters > mostCharacters) {
        const auto longest =
            std::max_element(m_talks.begin(), m_talks.end(), [](const Talk &a, const Talk &b) {
                return a.characters < b.characters;
            });
        if (longest->messages.size() < 2)
            return;
        trim(&*longest, longest->messages.size() / 2);
        Q_EMIT messagesAdded(int(longest - m_talks.begin()), 0);
    }
}

std::pair<int, qsizetype> TalkModel::find(quint64 message) const
{
    for (int row = 0; row < m_talks.size(); ++row) {
        const QList<Message> &messages = m_talks.at(row).messages;
        const auto found =
            std::lower_bound(messages.begin(), messages.end(), message,
                             [](const Message &each, quint64 id) { return each.id < id; });
        if (found != messages.end() && found->id == message)
            return {row, found - messages.begin()};
    }
    return {-1, -1};
}

Message *TalkModel::messageAt(quint64 message, int *row)
{
    const auto [found, place] = find(message);
    *row = found;
    return found < 0 ? nullptr : &m_talks[found].messages[place];
}

void TalkModel::setOutcome(quint64 number, const QString &failure)
{
    for (int row = 0; row < m_talks.size(); ++row) {
        for (Message &message : m_talks[row].messages) {
            if (message.number != number || number == 0)
                continue;
            message.number = 0;
            message.failure = failure;
            if (!failure.isEmpty())
                Q_EMIT messageChanged(row, message.id);
            return;
        }
    }
}

void TalkModel::endOutcomes(const QString &failure)
{
    for (int row = 0; row < m_talks.size(); ++row) {
        for (Message &message : m_talks[row].messages) {
            if (std::exchange(message.number, 0) == 0)
                continue;
            message.failure = failure;
            Q_EMIT messageChanged(row, message.id);
        }
    }
}

void TalkModel::setRead(int row)
{
    if (row < 0 || row >= m_talks.size() || m_talks.at(row).unread == 0)
        return;
    m_talks[row].unread = 0;
    Q_EMIT dataChanged(index(row), index(row));
    Q_EMIT unreadChanged();
}

int TalkModel::unread() const
{
    int all = 0;
    for (const Talk &talk : m_talks)
        all += talk.unread;
    return all;
}

int TalkModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_talks.size());
}

QVariant TalkModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_talks.size())
        return {};
    const Talk &talk = m_talks.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return talk.unread > 0 ? QStringLiteral("%1  •%2").arg(talk.name).arg(talk.unread)
                               : talk.name;
    case Qt::AccessibleTextRole:
        if (!talk.there)
            return tr("%1, has left").arg(talk.name);
        return talk.unread > 0 ? talk.name + QStringLiteral(", ") +
                                     tr("%Ln unread messages", nullptr, talk.unread)
                               : talk.name;
    case Qt::ToolTipRole:
        return talk.about.isEmpty() ? QVariant() : QVariant(plainToolTip(talk.about));
    case Qt::FontRole: {
        QFont font;
        font.setBold(talk.unread > 0);
        return font;
    }
    case Qt::ForegroundRole:
        return talk.there ? QVariant()
                          : QVariant(toneColor(Tone::Quiet, QGuiApplication::palette()));
    default:
        return {};
    }
}

} // namespace ferry::gui
