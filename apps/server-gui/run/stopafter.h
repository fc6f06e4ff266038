// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>

class QActionGroup;
class QMenu;
class QWidget;

namespace ferry::gui {

class Prompts;

/// When the server is to stop by itself: a choice of this run, made in a menu.
class StopAfter final : public QObject
{
    Q_OBJECT
public:
    explicit StopAfter(QObject *parent = nullptr);

    enum class When { Never, Hour, Downloads, Idle };

    void choose(When when, int downloads = 0);
    When when() const { return m_when; }

    /// One entry per choice; `ask` answers how many downloads.
    void fillMenu(QMenu *menu, QWidget *window);
    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

    /// What the server does now; emits due() once when it is time. `upMs` 0: it does not run.
    void look(qint64 upMs, qint64 filesSent, int sessions);

    /// "stops in 12 min", "stops after 3 more downloads"; empty: it does not.
    QString text() const { return m_text; }

    static constexpr qint64 hourMs = 3'600'000;
    static constexpr qint64 idleMs = 600'000;

Q_SIGNALS:
    void due(const QString &why);

private:
    void askDownloads(QWidget *window);
    void showChoice();

    Prompts *m_prompts;
    QActionGroup *m_choices = nullptr;
    When m_when = When::Never;
    int m_downloads = 0;
    bool m_fresh = true; ///< the figures below are to be taken anew
    qint64 m_startMs = 0;
    qint64 m_startFiles = 0;
    qint64 m_busyMs = 0; ///< when there was a session last
    QString m_text;
};

} // namespace ferry::gui
