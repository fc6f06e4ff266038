// SPDX-License-Identifier: MIT
#include "server-gui/window/starttroubles.h"

#include "gui-common/dialogs/prompts.h"
#include "gui-common/parts/noticebar.h"
#include "server-gui/run/servercontrol.h"
#include "server-gui/setup/doorbox.h"
#include "server-gui/window/statewords.h"

namespace ferry::gui {

StartTroubles::StartTroubles(ServerControl *control, NoticeBar *notice, DoorBox *doors,
                             QObject *parent)
    : QObject(parent)
    , m_control(control)
    , m_notice(notice)
    , m_doors(doors)
    , m_prompts(Prompts::standard())
{
    connect(control, &ServerControl::portTaken, this, &StartTroubles::offerPort);
    connect(control, &ServerControl::identityUnusable, this, &StartTroubles::offerNewIdentity);
    connect(control, &ServerControl::changesWaiting, this, &StartTroubles::offerRestart);
}

void StartTroubles::offerPort(const TakenPort &taken)
{
    m_notice->show(Tone::Bad, describeTakenPort(taken), tr("&Use port %1").arg(taken.free),
                   [this, taken] {
                       m_doors->setPort(taken.door, taken.free);
                       Q_EMIT retry();
                   });
}

void StartTroubles::offerNewIdentity()
{
    m_notice->show(Tone::Bad, m_control->identityProblem(), tr("Make a ne&w one…"),
                   [this] { makeNewIdentity(); });
}

void StartTroubles::makeNewIdentity()
{
    if (!m_prompts->confirm(
            m_notice->window(), tr("Make a new certificate?"),
            tr("People who connected before will be warned that the server's identity "
               "has changed, and have to compare the new fingerprint. The old file "
               "is kept under another name."),
            tr("Make a new one"))) {
        offerNewIdentity();
        return;
    }
    if (const Result<> done = m_control->putIdentityAside(); !done)
        m_notice->show(Tone::Bad, done.error().text);
    else
        Q_EMIT retry();
}

void StartTroubles::offerRestart()
{
    m_notice->show(Tone::Caution,
                   tr("People are connected. The change of port or address takes effect after a "
                      "restart."),
                   tr("&Restart now"), [this] { m_control->restart(); });
}

} // namespace ferry::gui
