// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/encryptedconnection.h"
#include "client/transfer/connectionworker.h"
#include "client/transfer/extraconnections.h"
#include "client/transfer/filesaver.h"
#include "client/transfer/transferscheduler.h"
#include "client/upload/uploadconnection.h"

#include <QDeadlineTimer>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::client {

/// Fetches all that waits in the extended dialect, with further connections for large files, and
/// sends what waits to be sent over another one.
class ExtendedWorker final : public ConnectionWorker
{
public:
    ExtendedWorker(Context context, std::shared_ptr<sasl::SaltedPasswords> derived);

    Result<> connect(const LoggingIn &loggingIn) override;
    QByteArray offered() const override;
    bool knowsPeople() const override;
    QByteArray saved() const override;
    Result<Outcome> work() override;
    void lookAtUploads() override;
    bool wantsConnection() const override;
    bool isAlive() override;
    void quit() override;
    void disconnect() override;
    void finish() override;
    void interrupt() override;

private:
    Result<> transfer();
    void giveUpParts();
    void share(ExtraConnections *extras);
    void sendUploads();
    void startUploads();
    void endUploads();

    const std::shared_ptr<sasl::SaltedPasswords> m_derived;
    std::mutex m_mutex; ///< guards the life of the three below; changed by the worker's thread only
    std::unique_ptr<EncryptedConnection> m_connection;
    ExtraConnections *m_extras = nullptr;        ///< while files are fetched
    std::unique_ptr<UploadConnection> m_uploads; ///< while files are sent
    PrefixSum m_prefix;                          ///< that one's
    int m_uploadTries = 0; ///< connections for uploads that broke since the last that did not
    QDeadlineTimer m_nextUploads;            ///< not before
    std::optional<Error> m_uploadsDismissed; ///< the operator ended that one, and means all

    std::chrono::steady_clock::duration m_connectCost{}; ///< of a further connection
    FileSaver m_saver;
    bool m_saving = false; ///< it was started
    TransferScheduler m_scheduler;
    QDeadlineTimer m_nextPing;
};

} // namespace ferry::client
