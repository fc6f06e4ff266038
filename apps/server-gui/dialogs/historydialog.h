// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeView;

namespace ferry::server {
class History;
}

namespace ferry::gui {

class EmptyNote;
class HistoryModel;
class Prompts;

/// Who fetched what, when, and whether it arrived: to search, to export, to clear.
class HistoryDialog final : public QDialog
{
    Q_OBJECT
public:
    /// What is shown at once; a search finds what is older.
    static constexpr qint64 maxShown = 10'000;

    /// The history is not owned. `kept`: the settings keep one.
    HistoryDialog(server::History *history, bool kept, Prompts *prompts, QWidget *parent = nullptr);

private:
    void makeView();
    void look();
    void search();
    void exportFound();
    void clearAll();

    server::History *m_history;
    Prompts *m_prompts;
    HistoryModel *m_model;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QLineEdit *m_search;
    QLabel *m_count;
    QPushButton *m_export;
    QPushButton *m_clear;
    QTimer m_timer;
    quint64 m_revision = 0;
    bool m_kept;
};

} // namespace ferry::gui
