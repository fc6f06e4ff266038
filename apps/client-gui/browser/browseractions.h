// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>
#include <QObject>

class QAction;
class QMenu;

namespace ferry::gui {

/// What can be done in the browser; the pane connects them.
class BrowserActions final : public QObject
{
    Q_OBJECT
public:
    explicit BrowserActions(QObject *parent);

    /// Of what is selected.
    void fillContextMenu(QMenu *menu) const;
    /// Of the folder that is looked at.
    void fillViewMenu(QMenu *menu) const;

    // Of the selected ones:
    QAction *download;
    QAction *downloadTo;
    QAction *open;
    QAction *preview;
    QAction *copyPath;
    QAction *reveal;
    // Of the folder:
    QAction *back;
    QAction *forward;
    QAction *up;
    QAction *refresh;
    QAction *showHidden;
    QAction *searchBelow; ///< checkable: the filter looks into the folders, too

private:
    QAction *make(const char *name, QLatin1StringView iconName, const QString &text,
                  const QString &tip);
};

} // namespace ferry::gui
