// SPDX-License-Identifier: MIT
#pragma once

#include "server-gui/setup/connectbox.h"

#include <QByteArray>
#include <QSplitter>

class QAction;

namespace ferry::gui {

class DoorBox;
class PaneCycle;
class Prompts;
class SharesBox;
class SharesModel;

/// What one sets up: on the left what is shared and who is let in, on the right what others need
/// for it; below, where a small screen or a large font leaves no room beside it.
class SetupPane final : public QSplitter
{
    Q_OBJECT
public:
    /// The model is not owned.
    explicit SetupPane(SharesModel *model, QWidget *parent = nullptr);

    SharesBox *shares() const { return m_shares; }
    DoorBox *doors() const { return m_doors; }
    ConnectBox *connectBox() const { return m_connect; }

    /// Shows and hides what few people need: telnet and the command line. Unchecked at first.
    void setAdvancedAction(QAction *shown);

    void setPrompts(Prompts *prompts);
    void addPanes(PaneCycle *panes) const;

    /// How a person divided it between left and right.
    QByteArray columns() const;
    void restoreColumns(const QByteArray &state);

    QSize minimumSizeHint() const override;

    /// Makes the passwords that are missing.
    void setSettings(const ServerSettings &settings);
    void putInto(ServerSettings &settings) const;

    void showDoors(const ServerSettings &settings, const DoorFacts &facts);

    bool passwordsShown() const;
    void setPasswordsShown(bool shown);

Q_SIGNALS:
    /// By a person; putInto() has it.
    void changed();
    void refused(const QString &why);
    void copied(const QString &what);

private:
    void resizeEvent(QResizeEvent *event) override;
    bool event(QEvent *event) override;
    void arrange();
    bool needsTelnetPassword() const;
    void doorChanged();

    SharesModel *m_model;
    SharesBox *m_shares;
    DoorBox *m_doors;
    ConnectBox *m_connect;
    QAction *m_advanced = nullptr;
    bool m_openToTelnet = false;
    QByteArray m_columns; ///< while there are none
};

} // namespace ferry::gui
