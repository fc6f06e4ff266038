// SPDX-License-Identifier: MIT
/// What becomes of everything under way when a conversation ends before its time.
#include "client/queue/retryplan.h"
#include "client/transfer/extendedtransfer.h"

#include "net/base/guarded.h"

#include <utility>

namespace ferry::client {

using Step = TransferJob::Step;

void ExtendedTransfer::setCurrent(quint64 id, std::shared_ptr<PartedFile> parted)
{
    m_current = id;
    m_currentPart = std::move(parted);
}

void ExtendedTransfer::dropCurrent(const Error &error)
{
    if (const auto parted = std::exchange(m_currentPart, nullptr))
        m_receiver.lose(parted, error);
    if (const quint64 id = std::exchange(m_current, 0))
        m_context.untilDone([&] { m_context.queue.fail(id, error); });
}

/// It did not fail; somebody else, or a later connection, brings it.
void ExtendedTransfer::requeue(Job &job)
{
    static_cast<void>(guarded([&] {
        if (job.leftover && m_context.queue.canBeSaved(job.download.id))
            job.leftover->keep();
        if (job.parted)
            m_receiver.returnRange(job);
        else if (job.step == Step::Tree)
            job.tree->flush();
    }));
    if (!job.parted)
        m_context.untilDone([&] { m_context.queue.requeue(job.download.id); });
}

/// What has begun keeps its part for a later try; what has not goes back to the queue.
void ExtendedTransfer::connectionLost(const Error &error)
{
    bool blame =
        m_role == TransferScheduler::Role::Main && !m_context.closing && isFault(error.code);
    for (Job &job : m_jobs) {
        if (!job.isOfFile())
            continue;
        if (job.lost) {
            end(job, *job.lost);
        } else if (blame) {
            // The front one fails, so that a server which breaks over it is not asked for ever.
            blame = false;
            if (job.step == Step::Tree)
                job.tree->flush();
            end(job, error);
        } else {
            requeue(job);
        }
    }
    m_jobs.clear();
    m_expected = 0;
    m_requestBytes = 0;
}

} // namespace ferry::client
