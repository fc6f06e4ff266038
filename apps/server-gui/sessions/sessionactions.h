// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace ferry::gui {

class SessionModel;

/// What can be done with the chosen sessions: the row menu, the Session menu and their keys.
class SessionActions final : public QObject
{
    Q_OBJECT
public:
    /// The keys work in `view`. The model is not owned.
    SessionActions(SessionModel *model, QWidget *view);

    /// Those of the chosen rows of the model.
    void setRows(const QList<int> &rows);

    /// What changes with the state of a row changes here too.
    void refresh();

    void fill(QMenu *menu) const;

    QAction *disconnectSessions = nullptr;
    QAction *disconnectForAWhile = nullptr;
    QAction *ban = nullptr;
    QAction *pause = nullptr; ///< Pause or Resume
    QMenu *limit = nullptr;
    QAction *details = nullptr;
    QAction *copyAddress = nullptr;
    QAction *showLog = nullptr;
    QAction *clearEnded = nullptr;
    QAction *message = nullptr;
    QAction *mute = nullptr; ///< Mute or Unmute

Q_SIGNALS:
    void disconnectRequested(const QList<quint64> &ids);
    void disconnectForAWhileRequested(const QStringList &addresses);
    void banRequested(const QStringList &addresses);
    void messageRequested(quint64 id);
    void muteRequested(const QList<quint64> &ids, bool muted);
    void pauseRequested(const QList<quint64> &ids, bool paused);
    /// Bytes per second; 0: none, negative: to be asked for.
    void limitRequested(const QList<quint64> &ids, qint64 bytesPerSecond);

private:
    QAction *add(const char *iconName, const QString &text, const char *objectName);
    void makeLimits(QWidget *view);
    QList<quint64> liveIds() const;
    QStringList addresses() const;
    bool allPaused() const;
    bool allMuted() const;
    bool isReader() const;

    SessionModel *m_model;
    QWidget *m_view;
    QList<int> m_rows;
};

} // namespace ferry::gui
