// SPDX-License-Identifier: MIT
#include "server-gui/window/stopquestion.h"

#include "gui-common/dialogs/prompts.h"
#include "server-gui/sessions/people.h"
#include "server/server.h"

#include <QCoreApplication>

namespace ferry::gui {

namespace {

struct StopQuestion
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::StopQuestion)
};

/// The number of the answer; the first one if nobody is connected.
int ask(Prompts *prompts, QWidget *window, const server::Server &server, const QString &title,
        const QStringList &answers)
{
    const auto text = [&server] { return whoIsCutOff(server.sessions()); };
    return text().isEmpty() ? 0 : prompts->ask(window, title, text, answers);
}

} // namespace

StopAnswer askToStop(Prompts *prompts, QWidget *window, const server::Server &server)
{
    QStringList answers{StopQuestion::tr("&Stop now")};
    if (server.state() == server::ServerState::Listening && runningTransfers(server.sessions()) > 0)
        answers.append(StopQuestion::tr("&Finish transfers, then stop"));
    const int answer = ask(prompts, window, server, StopQuestion::tr("Stop the server?"), answers);
    return answer < 0    ? StopAnswer::Stay
           : answer == 0 ? StopAnswer::Now
                         : StopAnswer::AfterTransfers;
}

bool askToClose(Prompts *prompts, QWidget *window, const server::Server &server)
{
    return ask(prompts, window, server, StopQuestion::tr("Close Ferry Server?"),
               {StopQuestion::tr("&Close")}) == 0;
}

} // namespace ferry::gui
