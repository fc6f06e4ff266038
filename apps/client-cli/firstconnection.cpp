// SPDX-License-Identifier: MIT
#include "client-cli/firstconnection.h"

#include "client-cli/exitcodes.h"
#include "client-cli/password.h"
#include "client-cli/trust.h"
#include "common/terminationsignals.h"
#include "net/base/guarded.h"

namespace ferry::client {

Result<std::unique_ptr<EncryptedConnection>>
connectFirst(Arguments &arguments, const std::shared_ptr<LogQueue> &log,
             const std::shared_ptr<sasl::SaltedPasswords> &derived,
             const std::function<void(const QString &)> &warn)
{
    ClientConfig &config = arguments.config;
    config.knownServersFile = knownServersFile(arguments);
    for (;;) {
        auto connection = std::make_unique<EncryptedConnection>(config, log, derived);
        const auto connected = guarded([&] { return connection->connect(); });
        for (const LogRecord &record : log->take())
            warn(record.message);
        if (connected)
            return connection;
        const bool mayAsk = connected.error().code == ErrorCode::NotTrusted &&
                            config.pin.isEmpty() && config.accepted.isEmpty() &&
                            !connection->offered().isEmpty() && connection->saved().isEmpty();
        if (mayAsk) {
            const TerminationSignals signals(TerminationSignals::Repeated::EndsProgram);
            const auto trusted = askAboutServer(arguments, connection->offered());
            if (!trusted)
                return trusted.error();
            if (trusted.value()) {
                config.accepted = connection->offered();
                continue;
            }
        }
        return namingWayOut(namingOuterBlank(connected.error(), config.password), arguments,
                            connection->saved());
    }
}

int exitCodeOfFirst(const Error &error)
{
    return error.code == ErrorCode::Cancelled
               ? TerminationSignals::exitBase + TerminationSignals::first()
               : exitCodeFor(error.code);
}

} // namespace ferry::client
