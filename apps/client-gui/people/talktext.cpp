// SPDX-License-Identifier: MIT
#include "client-gui/people/talktext.h"

#include "net/base/displaytext.h"
#include "net/base/personname.h"
#include "wire/limits.h"

#include <QCoreApplication>
#include <QStringList>

namespace ferry::gui {

using extended::Note;
using extended::Party;

namespace {

/// Marks on one letter that are shown; more of them reach into other lines.
constexpr int mostMarks = 3;

struct TalkText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::TalkText)
};

bool isMark(QChar c)
{
    return c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
}

} // namespace

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

QString shownPerson(qint64 session, const QByteArray &name, const QByteArray &account)
{
    QString shown = personName(name);
    if (shown.isEmpty())
        shown = personName(account);
    return shown.isEmpty() ? TalkText::tr("Session %1").arg(session)
                           : QStringLiteral("%1 (%2)").arg(shown).arg(session);
}

QString shownSender(const Note &note)
{
    if (note.from.kind == Party::Kind::Session)
        return shownPerson(note.from.session, note.name, note.account);
    return note.from.kind == Party::Kind::Operator ? TalkText::tr("Operator")
                                                   : TalkText::tr("Server");
}

QString shownNote(const Note &note)
{
    if (!note.gift)
        return shownText(note.text);
    const QString name = displayText(note.gift->name);
    if (note.kind == Note::Kind::Taken)
        return TalkText::tr("%1 was taken.", "file").arg(name);
    if (note.why == "declined")
        return TalkText::tr("%1 was declined.", "file").arg(name);
    return note.text.isEmpty() ? TalkText::tr("%1 is no longer on offer.", "file").arg(name)
                               : shownText(note.text);
}

} // namespace ferry::gui
