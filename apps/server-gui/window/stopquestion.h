// SPDX-License-Identifier: MIT
#pragma once

class QWidget;

namespace ferry::server {
class Server;
}

namespace ferry::gui {

class Prompts;

enum class StopAnswer { Stay, Now, AfterTransfers };

/// Asks only while somebody is connected; the question goes with the last of them.
StopAnswer askToStop(Prompts *prompts, QWidget *window, const server::Server &server);

/// Whether the window may close.
bool askToClose(Prompts *prompts, QWidget *window, const server::Server &server);

} // namespace ferry::gui
