// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QAction;
class QToolButton;

namespace ferry::gui {

/// Folds the upper part of the window (what is shared, how others connect) away while sessions
/// need the room, and back when they are gone. Whatever a person chooses counts more. In its
/// place stands a slim button that brings it back.
class SetupFold final : public QWidget
{
    Q_OBJECT
public:
    /// `shown` is the checkable action of the menu. Neither is owned.
    SetupFold(QWidget *setup, QWidget *parent = nullptr);
    void setAction(QAction *shown);
    /// `part` is the checkable action of something in the setup: who asks for it sees it.
    void unfoldFor(QAction *part);

    /// Are there rows of sessions, and how high is the window?
    void look(bool sessions, int height);

    /// What a person chose in an earlier run.
    void restore(bool shown);

    /// As a person chose; what was folded for want of room counts as shown.
    bool isWanted() const;

    /// Below this height sessions and the rest do not fit together.
    static constexpr int shortHeight = 760;

private:
    void setShown(bool shown);

    QWidget *m_setup;
    QAction *m_shown = nullptr;
    QToolButton *m_unfold;
    bool m_chosen = false; ///< by a person, in this run
    bool m_folded = false; ///< by us
    bool m_ours = false;   ///< the change under way is ours
};

} // namespace ferry::gui
