// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "client/limits.h"
#include "client/transfer/filereceiver.h"
#include "client/transfer/receiptbox.h"
#include "client/transfer/transferjob.h"
#include "client/transfer/transferscheduler.h"

#include <QDeadlineTimer>

#include <chrono>
#include <deque>
#include <functional>
#include <vector>

namespace ferry::client {

/// Carries out the scheduler over one conversation: sends requests ahead of the answers, so that
/// files and parts follow each other without a pause, and handles the answers in order. One thread.
///
/// A file is Done only when every byte of it was compared by checksum with what the server has.
class ExtendedTransfer
{
public:
    ExtendedTransfer(ExtendedConversation &conversation, TransferContext context,
                     TransferScheduler::Role role);

    /// Called every now and then by run().
    void setTick(std::function<void()> tick) { m_tick = std::move(tick); }

    /// Main: until the queue gives nothing more and everything is answered and saved. Extra: until
    /// there has been nothing to do for limits::extraIdle, or dismiss() said that it is enough.
    /// An error is the connection's: what was under way has failed with it (Main, unless the
    /// person ended it) or is left to the others (Extra).
    Result<> run();

    /// Takes no more work; what is under way is brought to its end. Any thread.
    void dismiss() { m_dismissed = true; }

private:
    using Job = TransferJob;

    Result<> converse();
    void setCurrent(quint64 id, std::shared_ptr<PartedFile> parted);
    void dropCurrent(const Error &error);
    bool wait();
    void fill();
    void start(const Download &download, bool resolved = false);
    void targetTaken(Job job, const extended::FileFacts &facts, bool differs);
    void askTree(const Download &download, const VirtualPath &path, bool guess);
    void startPart(TransferScheduler::PartWork work);
    void ask(Job job);
    void sendReceipts();
    Result<> sendLastReceipts();
    void sendReceipt(std::vector<Receipt> run);
    Job takeFront();
    Result<> handle(const ExtendedEvent &event);
    Result<> body(Job &front);
    void abandon(Job &job);
    void identical(Job job, const QByteArray &sum);
    void end(Job &job, const Result<> &done);
    Result<> treeEntry(const extended::Entry &entry);
    Result<> treeSkipped(const QByteArray &reason, const QByteArray &path);
    void treeDone(bool more);
    void folderDone(Job job);
    bool walkRefused(Job &job, const QByteArray &token);
    void refused(const ExtendedEvent &event);
    void connectionLost(const Error &error);
    void requeue(Job &job);
    void measure(qint64 received);

    ExtendedConversation &m_conversation;
    TransferContext m_context;
    const TransferScheduler::Role m_role;
    FileReceiver m_receiver;
    std::function<void()> m_tick;
    std::atomic_bool m_dismissed = false;

    std::deque<Job> m_jobs; ///< in the order of the requests
    /// What is neither waiting nor among the jobs at this moment: should an exception come now, it
    /// fails, because nobody else knows of it. The last that was taken.
    quint64 m_current = 0;
    std::shared_ptr<PartedFile> m_currentPart;
    qsizetype m_requestBytes = 0;
    qint64 m_expected = 0;     ///< bytes of content that were asked for and not answered to the end
    bool m_cancelSent = false; ///< and not answered yet: nothing new is asked
    QDeadlineTimer m_idleUntil{QDeadlineTimer::Forever};
    QDeadlineTimer m_nextPing;

    qint64 m_partBytes; ///< how much of a large file to ask for at once
    qint64 m_measuredBytes = 0;
    std::chrono::steady_clock::time_point m_measuredSince;
};

} // namespace ferry::client
