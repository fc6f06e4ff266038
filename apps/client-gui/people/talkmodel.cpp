// SPDX-License-Identifier: MIT
#include "client-gui/people/talkmodel.h"

#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"
#include "net/base/personname.h"
#include "wire/limits.h"

#include <QDateTime>
#include <QFont>
#include <QGuiApplication>
#include <QPalette>
#include <QStringList>

#include <algorithm>

namespace ferry::gui {

using extended::Note;
using extended::Party;
using extended::Person;

namespace {

/// Marks on one letter that are shown; more of them reach into other lines.
constexpr int mostMarks = 3;

bool isMark(QChar c)
{
    return c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
}

/// A whole message, line by line, each made safe.
QString shownText(const QByteArray &text)
{
    QStringList lines;
    for (QByteArray line : text.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        QString shown;
        int marks = 0;
        for (const QChar c : displayText(line, 4 * limits::messageBytes)) {
            marks = isMark(c) ? marks + 1 : 0;
            if (marks <= mostMarks)
                shown += c;
        }
        lines.append(shown);
    }
    return lines.join(u'\n');
}

/// The number is the server's word, what stands before it is not.
QString nameOf(qint64 session, const QByteArray &name, const QByteArray &account)
{
    QString shown = personName(name);
    if (shown.isEmpty())
        shown = personName(account);
    return shown.isEmpty() ? TalkModel::tr("Session %1").arg(session)
                           : QStringLiteral("%1 (%2)").arg(shown).arg(session);
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
    m_talks.append({{Party::Kind::Operator, 0}, tr("Operator"), {}, true, 0, {}});
    endResetModel();
    Q_EMIT unreadChanged();
}

int TalkModel::rowOf(const Party &party) const
{
    const auto found = std::find_if(m_talks.begin(), m_talks.end(),
                                    [&](const Talk &talk) { return talk.party == party; });
    return found == m_talks.end() ? -1 : int(found - m_talks.begin());
}

/// Behind those that are there: the operator, everybody, then one by one.
int TalkModel::makeRow(const Party &party, const QString &name)
{
    if (const int row = rowOf(party); row >= 0)
        return row;
    const int row = party.kind == Party::Kind::All ? 1 : int(m_talks.size());
    beginInsertRows({}, row, row);
    m_talks.insert(row, {party, name, {}, true, 0, {}});
    endInsertRows();
    return row;
}

void TalkModel::setPeople(const QList<Person> &people)
{
    for (int row = 0; row < m_talks.size(); ++row) {
        if (m_talks.at(row).party.kind == Party::Kind::Session)
            m_talks[row].there = false;
    }
    bool others = false;
    for (const Person &person : people) {
        if (person.self)
            continue;
        if (!others)
            makeRow({Party::Kind::All, 0}, tr("Everyone"));
        others = true;
        const int row = makeRow({Party::Kind::Session, person.session}, {});
        m_talks[row].name = nameOf(person.session, person.name, person.account);
        m_talks[row].about =
            QStringLiteral("%1@%2").arg(displayText(person.account), displayText(person.address));
        m_talks[row].there = true;
    }
    if (const int all = rowOf({Party::Kind::All, 0}); all >= 0)
        m_talks[all].there = others;
    dropGone();
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

/// Those of whom nothing is kept; and the first of too many.
void TalkModel::dropGone()
{
    qsizetype gone =
        std::count_if(m_talks.begin(), m_talks.end(), [](const Talk &talk) { return !talk.there; });
    for (int row = 0; row < m_talks.size();) {
        const bool drops =
            !m_talks.at(row).there && (m_talks.at(row).messages.isEmpty() || gone > mostGone);
        if (!drops) {
            ++row;
            continue;
        }
        --gone;
        beginRemoveRows({}, row, row);
        m_talks.removeAt(row);
        endRemoveRows();
    }
    Q_EMIT unreadChanged();
}

int TalkModel::add(const Note &note)
{
    const bool session = note.from.kind == Party::Kind::Session;
    const QString who = session ? nameOf(note.from.session, note.name, note.account)
                        : note.from.kind == Party::Kind::Operator ? tr("Operator")
                                                                  : tr("Server");
    const Party party = !session     ? Party{Party::Kind::Operator, 0}
                        : note.toAll ? Party{Party::Kind::All, 0}
                                     : note.from;
    const int row = makeRow(party, session && note.toAll ? tr("Everyone") : who);
    QString text = shownText(note.text);
    if (note.gift && note.kind == Note::Kind::Taken)
        text = tr("%1 was taken.").arg(displayText(note.gift->name));
    else if (note.gift && note.kind == Note::Kind::Gift)
        text = tr("Offers %1. It can be added by its path: %2")
                   .arg(displayText(note.gift->name), displayText(note.gift->path().toBytes()));
    else if (note.gift && text.isEmpty())
        text = tr("%1 is no longer on offer.").arg(displayText(note.gift->name));
    ++m_talks[row].unread;
    append(row, {note.atNs / 1'000'000, who, text, 0, {}});
    Q_EMIT unreadChanged();
    return row;
}

void TalkModel::addOwn(int row, const QString &text, quint64 number)
{
    append(row, {QDateTime::currentMSecsSinceEpoch(), {}, shownText(text.toUtf8()), number, {}});
}

void TalkModel::append(int row, const Message &message)
{
    QList<Message> &messages = m_talks[row].messages;
    if (messages.size() >= mostMessages)
        messages.removeFirst();
    messages.append(message);
    Q_EMIT dataChanged(index(row), index(row));
    Q_EMIT messagesChanged(row);
}

void TalkModel::setOutcome(quint64 number, const QString &failure)
{
    for (int row = 0; row < m_talks.size(); ++row) {
        for (Message &message : m_talks[row].messages) {
            if (message.number != number || number == 0)
                continue;
            message.number = 0;
            message.failure = failure;
            Q_EMIT messagesChanged(row);
            return;
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
