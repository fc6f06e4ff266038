// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

namespace ferry::gui {

class DoorBox;
class NoticeBar;
class Prompts;
class ServerControl;
struct TakenPort;

/// What a start ran into, with the way out: another port, another certificate, a restart.
class StartTroubles final : public QObject
{
    Q_OBJECT
public:
    /// None of them is owned.
    StartTroubles(ServerControl *control, NoticeBar *notice, DoorBox *doors, QObject *parent);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }

Q_SIGNALS:
    void retry();

private:
    void offerPort(const TakenPort &taken);
    void offerNewIdentity();
    void makeNewIdentity();
    void offerRestart();

    ServerControl *m_control;
    NoticeBar *m_notice;
    DoorBox *m_doors;
    Prompts *m_prompts;
};

} // namespace ferry::gui
