// SPDX-License-Identifier: MIT
#include "net/base/writebehind.h"

#include "net/base/guarded.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ferry {

WriteBehind::WriteBehind(Write write, qsizetype bufferBytes)
    : m_write(std::move(write))
    , m_bufferBytes(bufferBytes)
{
}

std::span<char> WriteBehind::room()
{
    if (!m_filling.bytes)
        m_filling.bytes = std::make_unique_for_overwrite<char[]>(size_t(m_bufferBytes));
    return {m_filling.bytes.get() + m_filling.used, size_t(m_bufferBytes - m_filling.used)};
}

Result<> WriteBehind::added(qsizetype bytes)
{
    m_filling.used += bytes;
    return m_filling.used < m_bufferBytes ? Result<>() : handOver();
}

Result<> WriteBehind::take(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const std::span<char> room = this->room();
        const qsizetype count = std::min(bytes.size(), qsizetype(room.size()));
        std::memcpy(room.data(), bytes.data(), size_t(count));
        bytes = bytes.sliced(count);
        if (auto taken = added(count); !taken)
            return taken;
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

void WriteBehind::restart()
{
    if (m_thread)
        m_thread->flush();
    m_filling.used = 0;
    m_error.reset();
}

void WriteBehind::release()
{
    m_thread.reset();
    m_filling = {};
    m_writing = {};
    m_error.reset();
}

Result<> WriteBehind::handOver()
{
    if (m_thread)
        m_thread->flush();
    else
        m_thread.emplace("writer");
    if (m_error) {
        m_filling.used = 0;
        return *m_error;
    }
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

} // namespace ferry
