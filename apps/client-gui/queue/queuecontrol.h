// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/queue/queueactions.h"

#include <QObject>
#include <QSet>
#include <QTimer>

class QWidget;

namespace ferry::client {
class Client;
}

namespace ferry::gui {

class ClientPrompts;
class ClientSettings;
class QueueModel;

/// Keeps the queue in its file, does what the actions ask for, and has the person decide about
/// files whose names are taken: once for all that were added together.
class QueueControl final : public QObject
{
    Q_OBJECT
public:
    /// Nothing is owned. `window`: the parent of dialogs.
    QueueControl(client::Client *client, QueueModel *model, QueueActions *actions,
                 ClientSettings *settings, ClientPrompts *prompts, QWidget *window);

    /// The queue of the last run. What goes wrong with it: problemFound().
    void open();

    /// After the settings have changed.
    void applyPreferences();

    /// After the queue may have changed. Many rows come one part after the other, with the event
    /// loop between them.
    void look();
    /// All rows at once: what is asked next is about all of them.
    void lookAtAll();

Q_SIGNALS:
    /// In sentences.
    void problemFound(const QString &text);
    /// So many downloads, for now.
    void removed(qsizetype count);
    /// The rows are not yet what they are now.
    void performed(ferry::gui::QueueCommand command);

private:
    void perform(QueueCommand command, const QList<quint64> &ids);
    void limitRows(const QList<quint64> &ids);
    void limitAll();
    void changeFolder(const QList<quint64> &ids);
    qsizetype filesAmong(const QList<quint64> &ids) const;
    void showLimit();
    void lookBesideRows();
    void lookForConflict();
    void ask(quint64 id);

    client::Client *m_client;
    QueueModel *m_model;
    QueueActions *m_actions;
    ClientSettings *m_settings;
    ClientPrompts *m_prompts;
    QWidget *m_window;
    QTimer m_rest; ///< for the rows that look() left
    bool m_asking = false;
    QSet<quint64> m_postponed; ///< batches that are decided later
};

} // namespace ferry::gui
