// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace ferry {

/// SIGINT, SIGTERM, SIGHUP and the other signals that ask a program to end (SIGALRM, SIGVTALRM,
/// SIGPROF, SIGXCPU, SIGPWR) as a signal of the event loop. Ended by one, a program exits with
/// exitBase and the signal's number, as shells have it. One object at a time, on the main thread.
/// Without descriptors it looks for them several times a second instead of being woken.
class TerminationSignals final : public QObject
{
    Q_OBJECT
public:
    static constexpr int exitBase = 128;

    /// What a signal does that came before.
    enum class Repeated {
        EndsProgram, ///< the system's way; after the object's end the first one does, too
        Reported,    ///< as the first time; after the object's end all are ignored
    };

    explicit TerminationSignals(Repeated repeated, QObject *parent = nullptr);
    ~TerminationSignals() override;

    /// The first that came, also before the event loop runs; 0: none.
    static int first();

    /// Blocks until `fd` can be read. False: a signal came, now or before.
    static bool waitForInput(int fd);

Q_SIGNALS:
    void received(int number);

private:
    void readAll();
    void look();

    const Repeated m_repeated;
    FileDescriptor m_readEnd;
    FileDescriptor m_writeEnd;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_looking; ///< where there is no pipe
};

} // namespace ferry
