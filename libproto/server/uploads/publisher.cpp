// SPDX-License-Identifier: MIT
#include "server/uploads/publisher.h"

#include <utility>

namespace ferry::server {

Publisher::Publisher(UploadLedger &ledger, FolderNames &names)
    : m_ledger(ledger)
    , m_names(names)
{
}

void Publisher::start(std::vector<CompleteUpload> uploads, std::shared_ptr<const ShareSet> shares)
{
    if (!m_thread)
        m_thread.emplace("publisher");
    m_uploads = std::move(uploads);
    m_shares = std::move(shares);
    m_done = false;
    m_thread->add([this] {
        try {
            m_publications = publish(m_uploads, *m_shares, m_ledger, m_names);
        } catch (...) {
            m_thrown = std::current_exception();
        }
        m_done = true;
    });
}

void Publisher::wait()
{
    if (!m_done)
        m_thread->flush();
}

std::vector<Publication> Publisher::take()
{
    m_uploads.clear();
    m_shares.reset();
    m_done = false;
    if (const std::exception_ptr thrown = std::exchange(m_thrown, nullptr))
        std::rethrow_exception(thrown);
    return std::exchange(m_publications, {});
}

} // namespace ferry::server
