// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/logqueue.h"

#include <QSet>
#include <QWidget>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;
class QTreeView;

namespace ferry::gui {

class EmptyNote;
class LogFilterModel;
class LogFind;
class LogModel;
class Prompts;

/// A log to look at: follows its end, finds, filters by kind, copies, saves, clears. The server
/// window's log and the client window's conversation.
class LogPane : public QWidget
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit LogPane(LogModel *model, QWidget *parent = nullptr);

    /// What stands above the lines, e.g. "Log of session 12".
    void setTitle(const QString &title);

    /// Said in the middle while there is no line.
    void setEmptyText(const QString &text);

    /// What a person says, without the lines on the wire; the menu of kinds brings these.
    void hideWire();

    /// Only the lines of these sessions; none: all lines.
    void setSessions(const QSet<quint64> &sessions);

    /// The column with the session's ID; off for a log of one session only.
    void setSessionColumnShown(bool shown);

    /// One more control, behind the title.
    void addToBar(QWidget *control);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    // For menus and shortcuts of the window:
    QAction *findAction() const { return m_find; }
    QAction *pauseAction() const { return m_pause; }
    QAction *copyAction() const { return m_copy; }
    QAction *saveAction() const { return m_save; }
    QAction *clearAction() const { return m_clear; }

    QTreeView *view() const { return m_view; }

    /// Widths of the columns, for settings.
    QByteArray saveState() const;
    bool restoreState(const QByteArray &state);

private:
    void makeActions();
    void makeBar(QWidget *bar);
    void makeView();
    void copy();
    void save();
    void clear();
    void showEmptyText();
    QString linesOf(const QList<int> &rows) const;

    LogModel *m_model;
    LogFilterModel *m_shown;
    Prompts *m_prompts;
    QHBoxLayout *m_bar = nullptr;
    QLabel *m_title;
    LogFind *m_finder;
    QToolButton *m_kinds;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QString m_emptyText;
    bool m_following = true; ///< the end of the log is in sight
    QAction *m_find;
    QAction *m_pause;
    QAction *m_copy;
    QAction *m_save;
    QAction *m_clear;
};

} // namespace ferry::gui
