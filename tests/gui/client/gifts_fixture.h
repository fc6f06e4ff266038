// SPDX-License-Identifier: MIT
/// A pane with one person in it, who gives files and is given some, and a queue that nobody works
/// on.
#pragma once

#include "client-gui/people/giftcard.h"
#include "client-gui/people/giftdesk.h"
#include "client-gui/people/peoplepane.h"
#include "client-gui/people/talkmodel.h"
#include "client-gui/people/talkview.h"
#include "client/client.h"

#include <QLabel>
#include <QListView>
#include <QPushButton>

namespace ferry::gui {

/// What a server says of a gift: `path` with `me` for who is given it.
inline extended::Note giftNote(extended::Note::Kind kind, const extended::GiftPath &path,
                               const QByteArray &why = {})
{
    extended::Note note;
    note.kind = kind;
    note.from = {extended::Party::Kind::Session, 12};
    note.account = "ferry";
    note.name = "Studio laptop";
    note.gift = path;
    note.size = 2'000'000;
    note.why = why;
    return note;
}

inline extended::Note offer(qint64 number, const QByteArray &name = "report.pdf")
{
    return giftNote(extended::Note::Kind::Gift, {{}, number, name});
}

/// A pane with a conversation and a queue that nobody works on.
struct GiftPane
{
    GiftPane()
    {
        extended::Person anna;
        anna.session = 12;
        anna.account = "ferry";
        anna.name = "Studio laptop";
        anna.sinceNs = 5;
        model.setPeople({anna});
        pane.resize(300, 600);
        pane.list()->setCurrentIndex(model.index(row()));
        desk.setDrop([this](const extended::GiftPath &gift) {
            dropped.append(gift);
            return quint64(100 + dropped.size());
        });
        QObject::connect(pane.talk(), &TalkView::acted, &desk, &GiftDesk::act);
        QObject::connect(&desk, &GiftDesk::refused,
                         [this](const QString &why) { refusals.append(why); });
        QObject::connect(&desk, &GiftDesk::openRequested,
                         [this](const QString &path) { opened.append(path); });
    }
    int row() const { return model.rowOf({extended::Party::Kind::Session, 12}); }
    QList<GiftCard *> cards() const { return pane.talk()->findChildren<GiftCard *>(); }
    QString words(qsizetype card = 0) const
    {
        return cards().at(card)->accessibleName().replace(QChar::Nbsp, u' ');
    }
    QString hint(qsizetype card = 0) const
    {
        return cards().at(card)->findChild<QLabel *>(QStringLiteral("giftWords"))->accessibleName();
    }
    /// Of what can be done now.
    QStringList buttons(qsizetype card = 0) const
    {
        QStringList names;
        for (const QPushButton *button : cards().at(card)->findChildren<QPushButton *>()) {
            if (!button->isHidden())
                names.append(button->accessibleName());
        }
        return names;
    }
    quint64 last() const { return model.messages(row()).last().id; }
    Gift gift() const { return *model.gift(last()); }
    client::Download queued() { return client.queue().all().last(); }

    TalkModel model;
    PeoplePane pane{&model, nullptr};
    client::Client client;
    GiftDesk desk{&model, &client, nullptr};
    QList<extended::GiftPath> dropped;
    QStringList refusals;
    QStringList opened;
};

} // namespace ferry::gui
