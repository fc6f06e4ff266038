// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "server/files/share.h"
#include "server/uploads/targetfolder.h"
#include "server/uploads/uploadledger.h"
#include "wire/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <memory>
#include <optional>

namespace ferry::server {

/// The folder that the parts of a share are in, open: all of its uploads at a time may have it in
/// common.
using StagingFolder = std::shared_ptr<const FileDescriptor>;

/// Made if it is not there. Errors as those of StagedFile.
Result<StagingFolder> openStagingFolder(const ShareSet &shares, const QByteArray &share);

/// The file that an upload is gathered in: in the folder limits::stagingFolder of its share, so on
/// the disk of its final place, under a name that only its key gives. It is kept when it is closed,
/// and continued from there.
///
/// Errors by their code: DiskFull, Refused, LocalFile, as those of TargetFolder.
class StagedFile
{
public:
    /// What is there is kept, if it can be the start of a file of `size` bytes. LocalFile with
    /// ENOENT: somebody has removed the folder.
    static Result<StagedFile> open(StagingFolder folder, const UploadLedger::Upload &upload);

    qint64 size() const { return m_size; }
    int descriptor() const { return m_file.get(); }
    UploadLedger::Disk disk() const;

    /// Behind what is there. If the disk cannot write what it took, the file is removed, here and
    /// in the next two: nobody knows what of it is on the disk.
    Result<> append(QByteArrayView bytes);
    Result<> truncate();

    /// Gives it its time, and has the disk begin to write all of it. Nothing is waited for.
    Result<> startWriting(std::optional<qint64> mtimeNs);

    /// Content and time are on the disk, and stay.
    Result<> sync();

    /// Gives it the name `name`, or that with a number, in `target`, and replaces nothing: what it
    /// got. The folder is still to be synced. Invalid: the disk does not take the name.
    Result<QByteArray> publish(const ShareSet &shares, const TargetFolder &target,
                               FolderNames &known, const QByteArray &name);

    /// Whether its disk takes such names. Asks it only if one is unusual; without an answer: yes.
    bool mayBeCalled(const QByteArrayList &names) const;

    void remove();

private:
    Result<> beginWriting();
    Error notWritten(int error);

    int folder() const { return m_folder->get(); }

    StagingFolder m_folder;
    FileDescriptor m_file;
    QByteArray m_name;
    qint64 m_size = 0;
};

/// Each part in the shares, with when it was written last, in seconds since the epoch. What cannot
/// be read is passed over.
void forEachPart(const ShareSet &shares,
                 const std::function<void(const UploadLedger::Part &part, qint64 writtenAt,
                                          const std::function<void()> &remove)> &visit);

/// What stands for an account in the names of its parts.
QByteArray accountMark(const QByteArray &account);

} // namespace ferry::server
