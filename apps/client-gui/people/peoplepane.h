// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QTextEdit;

namespace ferry::gui {

class TalkModel;

/// Who is on the server, and a conversation with each: a list, what was said, and a line to write.
class PeoplePane final : public QWidget
{
    Q_OBJECT
public:
    /// `model` is not owned.
    PeoplePane(TalkModel *model, QWidget *parent);

    /// Whether anything can be sent now; if not, `why` says why.
    void setPossible(bool possible, const QString &why);
    QListView *list() const { return m_list; }

    /// Of the conversation that is shown.
    int row() const;

Q_SIGNALS:
    /// To whom the row stands for.
    void messageEntered(int row, const QString &text);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void enter();
    void showTalk();
    void changed(int row);
    void look();

    TalkModel *m_model;
    QListView *m_list;
    QLabel *m_title;
    QTextEdit *m_talk;
    QLineEdit *m_line;
    QPushButton *m_send;
    bool m_possible = false;
    QString m_whyNot;
};

} // namespace ferry::gui
