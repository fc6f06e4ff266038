// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/gift.h"

#include <QByteArrayList>
#include <QWidget>

class QAction;
class QDropEvent;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QToolButton;

namespace ferry::gui {

class TalkModel;
class TalkView;

/// Who is on the server, and a conversation with each: a list, what was said and given, and a line
/// to write. Files that are dropped on a person are for them.
class PeoplePane final : public QWidget
{
    Q_OBJECT
public:
    /// `model` is not owned.
    PeoplePane(TalkModel *model, QWidget *parent);

    /// To give files in the conversation that is shown.
    QAction *const give;

    /// Whether anything can be sent now; if not, `why` says why.
    void setPossible(bool possible, const QString &why);
    /// Whether the server keeps files for people.
    void setGifts(bool kept);
    QListView *list() const { return m_list; }
    TalkView *talk() const { return m_talk; }

    /// Of the conversation that is shown.
    int row() const;

Q_SIGNALS:
    /// To whom the row stands for.
    void messageEntered(int row, const QString &text);
    void filesDropped(int row, const QByteArrayList &paths);
    /// Another conversation is shown, or others can be reached.
    void looked();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void enter();
    void showTalk();
    void added(int row, qsizetype count);
    void changed(int row, quint64 id);
    void look();
    bool drag(QObject *watched, QDropEvent *event);

    TalkModel *m_model;
    QListView *m_list;
    QLabel *m_title;
    QPushButton *m_give;
    TalkView *m_talk;
    QLineEdit *m_line;
    QToolButton *m_send;
    bool m_possible = false;
    bool m_gifts = false;
    QString m_whyNot;
};

} // namespace ferry::gui
