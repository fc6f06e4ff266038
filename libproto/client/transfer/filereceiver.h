// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/extendedconversation.h"
#include "client/disk/conflict.h"
#include "client/disk/targetfolder.h"
#include "client/transfer/transferjob.h"
#include "net/base/checksum.h"
#include "net/limits.h"

#include <memory>

namespace ferry::client {

/// The content of files, from the answers of one connection to the saver: small ones are held in
/// memory until their checksum is known to be right, parts of large ones go to the disk as they
/// come. One thread.
class FileReceiver
{
public:
    FileReceiver(ExtendedConversation &conversation, TransferContext context);

    // An error of these five is the file's: the rest of its answer is of no use.

    /// The answer to a File or Part begins.
    Result<> begin(TransferJob &job, const extended::FileFacts &facts);

    /// All of it came; `sum` is what the server says it sent. True: the job asks for more, since
    /// the file has grown meanwhile.
    Result<bool> done(TransferJob &job, const QByteArray &sum, bool grown);

    /// The server's checksum of the beginning of a small file that has grown.
    Result<> comparedAgain(TransferJob &job, const QByteArray &sum);

    /// The server's checksum of a part that is here already.
    Result<> compared(const TransferJob &job, const extended::FileFacts &facts,
                      const QByteArray &sum, bool grown);

    /// A leftover is continued, now that it is known what the server has.
    Result<> resume(TransferJob &job, extended::FileFacts facts);

    /// Reads the chunk that has come. The error is the connection's; the file's, of the disk or
    /// of the row, goes to job.lost.
    Result<> body(TransferJob &job);

    /// A leftover of an earlier try, if there is one and it is to be continued; the early word
    /// about the target. Only for what is known to be a file.
    Result<std::optional<PartialFile>> prepare(const Download &download, bool resume);

    /// The file that has the name of this one, if there is one.
    std::optional<LocalFacts> existing(const Download &download);

    // Both read that file, which may take minutes: Cancelled when the row is not wanted any more,
    // or the connection closes.

    /// Its checksum is the one that the server says (hex with the name of the algorithm).
    Result<bool> isIdentical(const Download &download, qint64 size, const QByteArray &sum);

    /// A partial file with the content of that one, to be continued.
    Result<PartialFile> partOfExisting(const Download &download);

    /// The attempt at a large file is over.
    void lose(const std::shared_ptr<PartedFile> &file, const Error &error);

    /// Returns an unfinished range to its file; what came of it has to be compared.
    void returnRange(const TransferJob &job);

    const std::shared_ptr<ReceiptBox> &receipts() const { return m_receipts; }

    void failed(const Download &download, const Error &error);

private:
    Result<> beginLarge(TransferJob &job);
    Result<> brought(const TransferJob &job);
    void save(TransferJob &job, const QByteArray &sum);
    Result<> writeHeld(const TransferJob &job);
    Result<FileDescriptor> openExisting(const Download &download);
    bool goesOn(quint64 id) const { return !m_context.closing && m_context.queue.isWanted(id); }

    ExtendedConversation &m_conversation;
    TransferContext m_context;
    TargetFolders m_asked; ///< of what is asked for, which is ahead of what comes
    TargetFolders m_folders;
    Checksum m_checksum;              ///< of the answer that is coming in
    std::unique_ptr<char[]> m_buffer; ///< limits::ioBytes
    qsizetype m_held = 0; ///< bytes in it that are to be written, the last ones that came
    std::shared_ptr<ReceiptBox> m_receipts = std::make_shared<ReceiptBox>();
};

} // namespace ferry::client
