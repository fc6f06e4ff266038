// SPDX-License-Identifier: MIT
#pragma once

#include "client/clientconfig.h"
#include "client/downloadqueue.h"
#include "client/extendedconversation.h"
#include "client/finisher.h"
#include "client/partialfile.h"
#include "net/checksum.h"
#include "net/logrecord.h"

#include <QByteArray>

#include <atomic>
#include <deque>
#include <memory>
#include <optional>

namespace ferry::client {

/// Carries out the queue over one conversation: sends requests ahead of the answers, so that
/// small files follow each other without a pause, and handles the answers in order. One thread.
///
/// A file is Done only when every byte of it was compared by checksum with what the server has:
/// the part of an earlier try by its range, what came now by the checksum of the answer.
class ExtendedTransfer
{
public:
    ExtendedTransfer(ExtendedConversation &talk, DownloadQueue &queue, const ClientConfig &config,
                     LogQueue &log, const std::atomic_bool &closing);
    ~ExtendedTransfer();

    /// Until the queue gives nothing more and everything is answered. An error is the
    /// connection's: the file under way has failed with it, unless `closing`; those behind it
    /// are back in the queue.
    Result<> run();

private:
    /// One request and what its answer is for.
    struct Job
    {
        enum class Step { File, Tree, Sum, Receipt, Cancel };
        Step step = Step::File;
        Download download;
        extended::Request request;
        std::optional<PartialFile> file;
        Checksum checksum;         ///< of what this answer brought
        QByteArray identity;       ///< token of the answer
        std::optional<Error> lost; ///< why the rest of the answer is thrown away
        qint64 entries = 0;
        qint64 skipped = 0;
        QString below; ///< where the entries of a tree go
        QList<Download> found;
    };

    void fill();
    void start(const Download &download);
    void ask(Job job);
    Job takeFront();
    Result<> handle(const ExtendedEvent &event);
    void beginFile(Job &job, const extended::FileFacts &facts);
    Result<> body(Job &job);
    void fileDone(const QByteArray &sum);
    void settle();
    void rangeSum(const QByteArray &sum);
    void entry(Job &job, const extended::Entry &entry);
    void flushFound(Job &job);
    void treeDone();
    void refused(const ExtendedEvent &event);
    void abandon(Job &job, const Error &error, qint64 bytesToCome);
    void failed(const Download &download, const Error &error);
    void connectionLost(const Error &error);
    Result<FileDescriptor> openFolder(const Download &download);

    ExtendedConversation &m_talk;
    DownloadQueue &m_queue;
    const ClientConfig &m_config;
    LogQueue &m_log;
    const std::atomic_bool &m_closing;

    /// A verified file on its way to its name, and what the server is told then.
    struct Verified
    {
        Download download;
        extended::Request receipt;
    };

    std::deque<Job> m_jobs; ///< in the order of the requests
    Finisher m_finisher;
    std::deque<Verified> m_verified; ///< those in m_finisher, in its order
    qsizetype m_bytesInFlight = 0;
    bool m_cancelSent = false; ///< and not answered yet: nothing new is asked
    std::unique_ptr<char[]> m_buffer;

    FileDescriptor m_folder; ///< the last one that was opened
    QString m_folderBase;
    QString m_folderBelow;
};

} // namespace ferry::client
