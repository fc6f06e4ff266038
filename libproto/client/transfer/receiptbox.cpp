// SPDX-License-Identifier: MIT
#include "client/transfer/receiptbox.h"

#include "net/base/guarded.h"

#include <chrono>
#include <utility>

namespace ferry::client {

void ReceiptBox::expect()
{
    const std::lock_guard lock(m_mutex);
    ++m_expected;
}

void ReceiptBox::resolve(std::optional<extended::Request> receipt)
{
    const std::lock_guard lock(m_mutex);
    --m_expected;
    // One that finds no memory is lost: the file is saved all the same, and nobody waits for ever.
    if (receipt)
        static_cast<void>(guarded([&] { m_receipts.push_back(std::move(*receipt)); }));
    m_resolved.notify_all();
}

std::vector<extended::Request> ReceiptBox::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_receipts, {});
}

bool ReceiptBox::pending() const
{
    const std::lock_guard lock(m_mutex);
    return m_expected > 0;
}

void ReceiptBox::wait(int ms)
{
    std::unique_lock lock(m_mutex);
    if (m_receipts.empty() && m_expected > 0)
        m_resolved.wait_for(lock, std::chrono::milliseconds(ms));
}

PromisedReceipt::PromisedReceipt(std::shared_ptr<ReceiptBox> box)
    : m_box(std::move(box))
{
    m_box->expect();
}

PromisedReceipt::~PromisedReceipt()
{
    if (m_box)
        m_box->resolve(std::nullopt);
}

void PromisedReceipt::keep(extended::Request receipt)
{
    if (const auto box = std::exchange(m_box, nullptr))
        box->resolve(std::move(receipt));
}

} // namespace ferry::client
