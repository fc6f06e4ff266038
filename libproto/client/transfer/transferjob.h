// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/listingbound.h"
#include "client/connect/listwalk.h"
#include "client/disk/partedfile.h"
#include "client/download.h"
#include "client/queue/downloadqueue.h"
#include "client/transfer/filesaver.h"
#include "client/transfer/receiptbox.h"
#include "client/transfer/transferscheduler.h"
#include "client/transfer/treereader.h"
#include "net/base/guarded.h"
#include "net/base/logqueue.h"
#include "wire/extended/extended.h"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace ferry::client {

/// What all connections of one client share while they fetch.
struct TransferContext
{
    DownloadQueue &queue;
    TransferScheduler &scheduler;
    FileSaver &saver;
    const ClientConfig &config;
    LogQueue &log;
    const std::atomic_bool &closing; ///< the person ends it: nothing fails, all goes back

    /// For what the queue has to be told: the row would be lost to everybody. A lack of memory is
    /// waited for.
    template <typename Work>
    void untilDone(Work &&work) const
    {
        guardedUntilDone(work, [this] { return closing.load(); });
    }
};

/// One request on its way, and what its answer is for.
struct TransferJob
{
    enum class Step {
        File,      ///< GET of a file, whole or its beginning
        Facts,     ///< SUM of nothing: what the server has, before a leftover is continued
        Target,    ///< the same, because another file has its name
        Identical, ///< SUM of all of it, to compare with that one
        Part,      ///< GET of a part
        Compare,   ///< SUM of a part
        Again,     ///< SUM of a small file that has grown: is its beginning what was sent?
        Tree,
        Receipt,
        Cancel,
        Ping,
    };
    Step step = Step::File;

    /// False: nobody's row waits for the answer.
    bool isOfFile() const
    {
        return step != Step::Receipt && step != Step::Cancel && step != Step::Ping && !guess;
    }
    extended::Request request;
    Download download; ///< File, Facts, Target, Identical, Again, Tree

    // Small files: the content, while it comes in.
    FileContent content;
    qsizetype received = 0;

    std::optional<PartialFile> leftover; ///< Facts

    // Parts; a large file's beginning becomes one.
    std::shared_ptr<PartedFile> parted;
    PartedFile::Part part;

    extended::FileFacts facts; ///< of the answer, once it began
    qint64 number = 0;         ///< of the file, if it came whole (ExtendedEvent::FileDone)
    QByteArray sum;            ///< Again: of what came
    std::vector<Receipt> run;  ///< Receipt: of which files
    std::optional<Error> lost; ///< why the rest of the answer is thrown away
    qsizetype lineBytes = 0;   ///< of the request
    qint64 expected = 0;       ///< bytes of content, as far as known when it was asked for
    std::unique_ptr<TreeReader> tree;
    std::unique_ptr<ListWalk> walk; ///< Tree, of a server that has only LIST
    ListingBound listing;           ///< Tree
    bool guess = false;             ///< Tree: asked ahead of knowing that it is a folder
};

} // namespace ferry::client
