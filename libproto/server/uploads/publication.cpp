// SPDX-License-Identifier: MIT
#include "server/uploads/publication.h"

#include "server/files/filefacts.h"
#include "server/uploads/targetfolder.h"

#include <QByteArrayList>

#include <cerrno>

#include <sys/stat.h>

namespace ferry::server {

using extended::Access;

namespace {

/// Gives names in one folder after the other, and syncs each when it is left.
class Namer
{
public:
    Namer(const ShareSet &shares, UploadLedger &ledger, FolderNames &names)
        : m_shares(shares)
        , m_ledger(ledger)
        , m_names(names)
    {
    }

    void name(const CompleteUpload &upload, Publication &publication)
    {
        publication.error = tryToName(upload, publication);
        if (!publication.error)
            m_inFolder.push_back(&publication);
    }

    void leaveFolder()
    {
        const int unsynced = m_inFolder.empty() ? 0 : m_target->sync();
        for (Publication *publication : m_inFolder) {
            if (unsynced != 0)
                publication->error = putError(unsynced);
        }
        m_inFolder.clear();
        m_target.reset();
    }

private:
    std::optional<Error> tryToName(const CompleteUpload &upload, Publication &publication)
    {
        const VirtualPath &path = upload.request->path;
        const Access access = m_shares.access(path.share()).value_or(Access::Read);
        if (access == Access::Read)
            return Error{ErrorCode::Refused, {}};
        QByteArrayList folders = path.names();
        const QByteArray name = folders.takeLast();
        if (!m_target || folders != m_folders) {
            leaveFolder();
            auto target = TargetFolder::open(
                m_shares, m_names, path.share(), folders.sliced(1), TargetFolder::Missing::Make,
                [&] { return m_ledger.countFolder(upload.account) == nullptr; });
            if (!target)
                return target.error();
            m_target = target.take();
            m_folders = folders;
        }
        const auto given = upload.file->publish(m_shares, *m_target, m_names, name);
        if (!given)
            return given.error();
        publication.where =
            '/' + (QByteArrayList{path.share()} + m_target->names() + QByteArrayList{given.value()})
                      .join('/');
        publication.answer = {path.toBytes(), upload.request->size, upload.sum, {}};
        if (access == Access::Inbox) // the answers for taken and for free names are alike
            return std::nullopt;
        struct stat status = {};
        if (::fstat(upload.file->descriptor(), &status) != 0)
            return putError(errno);
        publication.answer.path = publication.where;
        publication.answer.id = identityToken(status);
        return std::nullopt;
    }

    const ShareSet &m_shares;
    UploadLedger &m_ledger;
    FolderNames &m_names;
    std::optional<TargetFolder> m_target;
    QByteArrayList m_folders; ///< what m_target was asked for, the share in front
    std::vector<Publication *> m_inFolder;
};

} // namespace

std::vector<Publication> publish(const std::vector<CompleteUpload> &uploads, const ShareSet &shares,
                                 UploadLedger &ledger, FolderNames &names)
{
    std::vector<Publication> publications(uploads.size());
    // The disk gets to know of all of them before the first is waited for. So they go into one
    // commit of its journal, and the others are hardly waited for.
    for (size_t i = 0; i < uploads.size(); ++i) {
        if (const auto begun = uploads[i].file->startWriting(uploads[i].request->mtimeNs); !begun)
            publications[i].error = begun.error();
    }
    for (size_t i = 0; i < uploads.size(); ++i) {
        if (publications[i].error)
            continue;
        if (const auto synced = uploads[i].file->sync(); !synced)
            publications[i].error = synced.error();
    }
    Namer namer(shares, ledger, names);
    for (size_t i = 0; i < uploads.size(); ++i) {
        if (!publications[i].error)
            namer.name(uploads[i], publications[i]);
    }
    namer.leaveFolder();
    return publications;
}

} // namespace ferry::server
