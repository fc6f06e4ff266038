// SPDX-License-Identifier: MIT
#include "client/disk/writebehind.h"

#include "client/limits.h"
#include "net/base/guarded.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ferry::client {

WriteBehind::WriteBehind(Write write)
    : m_write(std::move(write))
{
}

Result<> WriteBehind::take(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        if (!m_filling.bytes)
            m_filling.bytes = std::make_unique_for_overwrite<char[]>(size_t(limits::writeBytes));
        const qsizetype count = std::min(bytes.size(), limits::writeBytes - m_filling.used);
        std::memcpy(m_filling.bytes.get() + m_filling.used, bytes.data(), size_t(count));
        m_filling.used += count;
        bytes = bytes.sliced(count);
        if (m_filling.used < limits::writeBytes)
            continue;
        if (auto handed = handOver(); !handed)
            return handed;
    }
    return {};
}

Result<> WriteBehind::flush()
{
    if (m_thread)
        m_thread->flush();
    if (m_error)
        return *m_error;
    const qsizetype used = std::exchange(m_filling.used, 0);
    if (used == 0)
        return {};
    return m_write(QByteArrayView(m_filling.bytes.get(), used));
}

Result<> WriteBehind::handOver()
{
    if (m_thread)
        m_thread->flush();
    else
        m_thread.emplace("writer");
    if (m_error)
        return *m_error;
    std::swap(m_filling, m_writing);
    m_filling.used = 0;
    m_thread->add([this] {
        const Result<> written = guarded(
            [this] { return m_write(QByteArrayView(m_writing.bytes.get(), m_writing.used)); });
        if (!written)
            m_error = written.error();
    });
    return {};
}

} // namespace ferry::client
