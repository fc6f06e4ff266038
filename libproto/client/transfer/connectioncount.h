// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <chrono>

namespace ferry::client {

/// How many connections large files are worth, found by trying: one more is opened when what is
/// left takes much longer than opening it, and stays only if all together then move more bytes
/// per second. The caller gives the time. One thread.
class ConnectionCount
{
public:
    using Clock = std::chrono::steady_clock;

    /// `most` connections; `cost`: how long it takes to open one.
    ConnectionCount(int most, Clock::duration cost);

    /// How many there should be. `open`: how many there are; `received`: bytes so far, over all of
    /// them; `left`: bytes that none of them has asked for.
    int wanted(Clock::time_point now, int open, qint64 received, qint64 left);

    /// What is going on now says nothing about the rate: measure anew.
    void interrupt();

private:
    void measureFrom(Clock::time_point now, int open, qint64 received);

    const int m_most;
    const Clock::duration m_cost;

    int m_open = 0; ///< during the measurement under way
    Clock::time_point m_since;
    qint64 m_receivedBefore = 0;
    double m_rateBefore = 0; ///< bytes per second with one connection fewer; 0: not measured
    int m_wanted = 1;
    Clock::time_point m_nextTry; ///< after a try that gained nothing
    Clock::duration m_rest{};
};

} // namespace ferry::client
