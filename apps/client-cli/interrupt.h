// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace ferry::client {

/// SIGINT, SIGTERM and SIGHUP as a signal of the event loop. Each works once; the second of its
/// kind ends the program the system's way. One object per program.
class Interrupt : public QObject
{
    Q_OBJECT
public:
    explicit Interrupt(QObject *parent = nullptr);
    ~Interrupt() override;

    /// The first that came, also before the event loop runs; 0: none.
    static int received();

    /// Before the event loop runs: waits until `fd` can be read. False: a signal came, now or
    /// before.
    static bool waitForInput(int fd);

Q_SIGNALS:
    void interrupted(int signalNumber);

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace ferry::client
