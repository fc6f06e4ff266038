// SPDX-License-Identifier: MIT
#include "client/transfer/receiptbox.h"

#include "net/base/checksum.h"
#include "net/base/guarded.h"
#include "wire/extended/sumname.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace ferry::client {

std::vector<std::vector<Receipt>> intoRuns(std::vector<Receipt> receipts, bool gathers)
{
    const auto byNumber = [](const Receipt &a, const Receipt &b) { return a.number < b.number; };
    if (gathers && !std::is_sorted(receipts.begin(), receipts.end(), byNumber))
        std::sort(receipts.begin(), receipts.end(), byNumber);
    std::vector<std::vector<Receipt>> runs;
    for (Receipt &receipt : receipts) {
        const bool follows = gathers && receipt.number > 1 && !runs.empty() &&
                             runs.back().back().number == receipt.number - 1;
        if (!follows)
            runs.emplace_back();
        runs.back().push_back(std::move(receipt));
    }
    return runs;
}

extended::Request requestOf(const std::vector<Receipt> &run)
{
    extended::Request request;
    const Receipt &first = run.front();
    if (run.size() == 1) {
        request.verb = extended::Verb::Receipt;
        request.path = first.path;
        request.id = first.id;
        request.sum = first.sum;
        return request;
    }
    Checksum sums;
    for (const Receipt &receipt : run)
        sums.add(QByteArrayView(receipt.sum).sliced(qsizetype(std::size(extended::sumName)) - 1));
    request.verb = extended::Verb::Receipts;
    request.first = first.number;
    request.count = qint64(run.size());
    request.sum = extended::sumName + sums.hex();
    return request;
}

void ReceiptBox::expect()
{
    const std::lock_guard lock(m_mutex);
    ++m_expected;
}

void ReceiptBox::resolve(std::vector<Receipt> receipts)
{
    const std::lock_guard lock(m_mutex);
    m_expected -= qsizetype(receipts.size());
    // Those that find no memory are lost: the files are saved all the same, and nobody waits for
    // ever.
    static_cast<void>(guarded([&] {
        m_receipts.insert(m_receipts.end(), std::make_move_iterator(receipts.begin()),
                          std::make_move_iterator(receipts.end()));
    }));
    m_any = !m_receipts.empty();
    m_resolved.notify_all();
}

void ReceiptBox::giveUp()
{
    const std::lock_guard lock(m_mutex);
    --m_expected;
    m_resolved.notify_all();
}

std::vector<Receipt> ReceiptBox::take()
{
    if (!m_any) // it is asked for several times for each file
        return {};
    const std::lock_guard lock(m_mutex);
    m_any = false;
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
        m_box->giveUp();
}

void PromisedReceipt::keep(std::vector<Kept> kept)
{
    for (auto at = kept.begin(); at != kept.end();) {
        const std::shared_ptr<ReceiptBox> box = at->promise.m_box;
        const auto end = std::find_if(
            at, kept.end(), [&box](const Kept &other) { return other.promise.m_box != box; });
        std::vector<Receipt> receipts;
        receipts.reserve(size_t(end - at)); // without memory these promises are broken, no others
        for (; at != end; ++at) {
            receipts.push_back(std::move(at->receipt));
            at->promise.m_box.reset();
        }
        if (box)
            box->resolve(std::move(receipts));
    }
}

} // namespace ferry::client
