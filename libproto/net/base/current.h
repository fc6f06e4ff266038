// SPDX-License-Identifier: MIT
#pragma once

#include <QMutex>

#include <memory>
#include <utility>

namespace ferry {

/// A value that is replaced while others use it: each of them keeps the one that it took. Any
/// thread.
template <typename T>
class Current
{
public:
    std::shared_ptr<const T> get() const
    {
        const QMutexLocker lock(&m_mutex);
        return m_value;
    }
    void set(std::shared_ptr<const T> value)
    {
        const QMutexLocker lock(&m_mutex);
        m_value.swap(value);
    }

private:
    mutable QMutex m_mutex; ///< guards the pointer
    std::shared_ptr<const T> m_value;
};

} // namespace ferry
