// SPDX-License-Identifier: MIT
#pragma once

#include "server/limits.h"
#include "wire/result.h"

#include <QDeadlineTimer>
#include <QList>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>

namespace ferry::server {

/// Bounds what strangers can make the server compute: a few password derivations at once and a
/// short queue; all others are refused. Any thread.
class VerifyGate
{
public:
    explicit VerifyGate(int atOnce = limits::derivationsAtOnce,
                        int waiting = limits::derivationsWaiting);

    /// The right to derive, until it is destroyed. Must not outlive the gate.
    class Pass
    {
    public:
        Pass() = default;
        ~Pass() { release(); }
        Pass(Pass &&other) noexcept
            : m_gate(std::exchange(other.m_gate, nullptr))
        {
        }
        Pass &operator=(Pass &&other) noexcept
        {
            if (this != &other) {
                release();
                m_gate = std::exchange(other.m_gate, nullptr);
            }
            return *this;
        }

    private:
        friend class VerifyGate;
        explicit Pass(VerifyGate *gate)
            : m_gate(gate)
        {
        }
        void release();

        VerifyGate *m_gate = nullptr;
    };

    /// Waits its turn, first come, first served. Refused at once if the queue is full; TimedOut
    /// at the deadline; Cancelled when `cancelled` says so, which is asked now and at wake().
    Result<Pass> enter(QDeadlineTimer deadline, const std::function<bool()> &cancelled = {});

    /// To be called after a waiter's `cancelled` became true.
    void wake();

    int inside() const;
    int waiting() const;

private:
    void leave();

    const int m_atOnce;
    const int m_mostWaiting;

    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    int m_inside = 0;
    QList<quint64> m_queue; ///< tickets, first in line first
    quint64 m_nextTicket = 0;
};

} // namespace ferry::server
