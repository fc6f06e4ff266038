// SPDX-License-Identifier: MIT
/// Folders: TREE, or LIST folder by folder where the server has no TREE.
#include "client/transfer/extendedtransfer.h"

#include "client/connect/listwalk.h"

#include <utility>

namespace ferry::client {

using extended::Verb;
using Step = TransferJob::Step;

void ExtendedTransfer::askTree(const Download &download, const VirtualPath &path, bool guess)
{
    Job job;
    job.step = Step::Tree;
    job.download = download;
    job.request.verb = Verb::Tree;
    job.request.path = path;
    if (!m_conversation.can(Verb::Tree) && m_conversation.can(Verb::List)) {
        job.walk = std::make_unique<ListWalk>(path);
        job.request = job.walk->next();
    }
    job.tree = std::make_unique<TreeReader>(download, path, m_context.queue, m_context.log);
    job.listing = ListingBound(m_context.config.listingBytes, rowCost);
    job.guess = guess;
    ask(std::move(job));
}

Result<> ExtendedTransfer::treeEntry(const extended::Entry &entry)
{
    Job &front = m_jobs.front();
    const extended::Entry located = front.walk ? front.walk->entry(entry) : entry;
    if (auto taken = front.listing.entry(located); !taken)
        return taken;
    if (!front.guess)
        front.tree->entry(located);
    return {};
}

Result<> ExtendedTransfer::treeSkipped(const QByteArray &reason, const QByteArray &path)
{
    Job &front = m_jobs.front();
    const QByteArray located = front.walk ? front.walk->below(path) : path;
    if (!front.guess)
        front.tree->skipped(reason, located);
    return front.listing.skipped(located);
}

/// `more`: the server says itself that this is not all.
void ExtendedTransfer::treeDone(bool more)
{
    Job job = takeFront();
    if (job.guess)
        return;
    if (job.walk && more)
        job.tree->skipped("READ", job.walk->folder());
    folderDone(std::move(job));
}

/// Asks for the next folder, if somebody waits for it.
void ExtendedTransfer::folderDone(Job job)
{
    if (job.walk && !job.walk->isOver() && m_context.queue.isWanted(job.download.id)) {
        job.request = job.walk->next();
        return ask(std::move(job));
    }
    if (const auto done = job.tree->finish(); done)
        m_context.queue.finish(job.download.id, true, {});
    else
        m_receiver.failed(job.download, done.error());
}

/// A folder below the top cannot be listed: it is left out, as TREE would do, and the others go on.
bool ExtendedTransfer::walkRefused(Job &job, const QByteArray &token)
{
    if (!job.walk || job.walk->folder().isEmpty())
        return false;
    job.tree->skipped(token, job.walk->folder());
    folderDone(std::move(job));
    return true;
}

} // namespace ferry::client
