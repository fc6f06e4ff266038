// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"
#include "wire/virtualpath.h"

#include <QByteArray>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace ferry::client {

/// What a server is told of one file that was verified and saved.
struct Receipt
{
    VirtualPath path = VirtualPath::root();
    QByteArray id;     ///< identity token
    QByteArray sum;    ///< as on the wire
    qint64 number = 0; ///< of a file that came whole, on its connection; 0: it has none
};

/// Those whose numbers follow each other can be told together. `gathers`: the server understands
/// that; else each is alone.
std::vector<std::vector<Receipt>> intoRuns(std::vector<Receipt> receipts, bool gathers);

/// RECEIPT of one file, RECEIPTS of more. Not for none.
extended::Request requestOf(const std::vector<Receipt> &run);

/// Receipts of saved files, on their way back to the connection that fetched them. Any thread.
class ReceiptBox
{
public:
    void expect();
    /// So many of the expected files are saved.
    void resolve(std::vector<Receipt> receipts);
    /// One of them could not be saved.
    void giveUp();

    /// Those that came since the last call.
    std::vector<Receipt> take();

    /// Files that are not resolved yet.
    bool pending() const;

    /// Until something is resolved, at most `ms`.
    void wait(int ms);

private:
    mutable std::mutex m_mutex; ///< guards all below; m_any may be read without it
    std::condition_variable m_resolved;
    std::vector<Receipt> m_receipts;
    qsizetype m_expected = 0;
    std::atomic_bool m_any = false; ///< there is something in m_receipts
};

/// One receipt that a box expects. Destroyed, it says that the file could not be saved.
class PromisedReceipt
{
public:
    PromisedReceipt() = default;
    explicit PromisedReceipt(std::shared_ptr<ReceiptBox> box);
    PromisedReceipt(PromisedReceipt &&) noexcept = default;
    PromisedReceipt &operator=(PromisedReceipt &&other) noexcept
    {
        m_box.swap(other.m_box);
        return *this;
    }
    ~PromisedReceipt();

    struct Kept;
    /// Those of one box in a row come there together.
    static void keep(std::vector<Kept> kept);

private:
    std::shared_ptr<ReceiptBox> m_box;
};

/// The file of that promise is saved.
struct PromisedReceipt::Kept
{
    PromisedReceipt promise;
    Receipt receipt;
};

} // namespace ferry::client
