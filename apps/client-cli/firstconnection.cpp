// SPDX-License-Identifier: MIT
#include "client-cli/firstconnection.h"

#include "client-cli/exitcodes.h"
#include "client-cli/password.h"
#include "common/terminationsignals.h"

namespace ferry::client {

std::optional<Error> askOrGiveUp(Arguments &arguments, const Error &error,
                                 const QByteArray &offered, const QByteArray &saved)
{
    ClientConfig &config = arguments.config;
    const bool mayAsk = error.code == ErrorCode::NotTrusted && config.pin.isEmpty() &&
                        config.accepted.isEmpty() && !offered.isEmpty() && saved.isEmpty();
    if (mayAsk) {
        const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
        const auto trusted = askAboutServer(arguments, offered);
        if (!trusted)
            return trusted.error();
        if (trusted.value()) {
            config.accepted = offered;
            return {};
        }
    }
    return namingWayOut(namingOuterBlank(error, config.password), arguments, saved);
}

int exitCodeOfFirst(const Error &error)
{
    return error.code == ErrorCode::Cancelled
               ? TerminationSignals::exitBase + TerminationSignals::first()
               : exitCodeFor(error.code);
}

} // namespace ferry::client
