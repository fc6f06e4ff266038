// SPDX-License-Identifier: MIT
#pragma once

#include "wire/extended/extended.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace ferry::client {

/// Receipts of saved files, on their way back to the connection that fetched them. Any thread.
class ReceiptBox
{
public:
    void expect();
    /// Nothing: the file could not be saved.
    void resolve(std::optional<extended::Request> receipt);

    /// Those that came since the last call.
    std::vector<extended::Request> take();

    /// Files that are not resolved yet.
    bool pending() const;

    /// Until something is resolved, at most `ms`.
    void wait(int ms);

private:
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_resolved;
    std::vector<extended::Request> m_receipts;
    qsizetype m_expected = 0;
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

    void keep(extended::Request receipt);

private:
    std::shared_ptr<ReceiptBox> m_box;
};

} // namespace ferry::client
