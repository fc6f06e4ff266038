// SPDX-License-Identifier: MIT
#include "client/transfer/connectionworker.h"

#include "net/base/guarded.h"
#include "net/base/translate.h"

namespace ferry::client {

void ConnectionWorker::lookAtUploads()
{
    failUploads({ErrorCode::NotTaken,
                 tr("The classic protocol cannot send files. Connect with encryption.")});
}

void ConnectionWorker::failUploads(const Error &error)
{
    while (const auto upload = m_queue->takeNext(DownloadQueue::Take::Upload))
        guardedUntilDone([&] { m_queue->fail(upload->id, error); },
                         [this] { return m_closing.load(); });
}

} // namespace ferry::client
