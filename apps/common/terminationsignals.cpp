// SPDX-License-Identifier: MIT
#include "common/terminationsignals.h"

#include <cerrno>
#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace ferry {

namespace {

/// What a person sends, timers and limits that whoever started the program gave it, and the last
/// minutes of a battery.
constexpr int signalNumbers[] = {SIGINT,    SIGTERM, SIGHUP,  SIGALRM,
                                 SIGVTALRM, SIGPROF, SIGXCPU, SIGPWR};

constexpr std::chrono::milliseconds lookInterval{250};

// All that the handler touches.
volatile std::sig_atomic_t firstSignal = 0;
volatile std::sig_atomic_t lastSignal = 0;
volatile std::sig_atomic_t writeEnd = -1;

int readEnd = -1;

struct sigaction before[NSIG] = {}; ///< what a signal did before, to be restored

extern "C" void noteSignal(int number)
{
    const int saved = errno;
    if (firstSignal == 0)
        firstSignal = number;
    lastSignal = number;
    const auto byte = static_cast<unsigned char>(number);
    // A full pipe holds thousands of signals already.
    [[maybe_unused]] const ssize_t written = ::write(writeEnd, &byte, 1);
    errno = saved;
}

bool isHandled(int number)
{
    struct sigaction current = {};
    return ::sigaction(number, nullptr, &current) == 0 && current.sa_handler == noteSignal;
}

} // namespace

TerminationSignals::TerminationSignals(Repeated repeated, QObject *parent)
    : QObject(parent)
    , m_repeated(repeated)
{
    firstSignal = 0;
    lastSignal = 0;
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
        m_readEnd.reset(ends[0]);
        m_writeEnd.reset(ends[1]);
        readEnd = ends[0];
        writeEnd = ends[1];
        m_notifier = std::make_unique<QSocketNotifier>(m_readEnd.get(), QSocketNotifier::Read);
        connect(m_notifier.get(), &QSocketNotifier::activated, this, &TerminationSignals::readAll);
    } else {
        connect(&m_looking, &QTimer::timeout, this, &TerminationSignals::look);
        m_looking.start(lookInterval);
    }
    struct sigaction action = {};
    action.sa_handler = noteSignal;
    action.sa_flags = repeated == Repeated::EndsProgram ? SA_RESETHAND : SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : signalNumbers) {
        // Who started us with SIGHUP ignored (nohup) wants it so, and a profiler needs its SIGPROF.
        // An ignored SIGINT only says that a shell put us into the background; who sends it there
        // means it.
        const bool taken = ::sigaction(number, nullptr, &before[number]) != 0 ||
                           before[number].sa_handler != SIG_DFL;
        if (number == SIGINT || number == SIGTERM || !taken)
            ::sigaction(number, &action, nullptr);
    }
}

TerminationSignals::~TerminationSignals()
{
    struct sigaction ignore = {};
    ignore.sa_handler = SIG_IGN;
    for (const int number : signalNumbers) {
        if (isHandled(number))
            ::sigaction(number, m_repeated == Repeated::Reported ? &ignore : &before[number],
                        nullptr);
    }
    readEnd = -1;
    writeEnd = -1;
}

int TerminationSignals::first()
{
    return firstSignal;
}

bool TerminationSignals::waitForInput(int fd)
{
    // The pipe is not read here: the event loop gets the signal, too.
    for (;;) {
        pollfd waiting[] = {{fd, POLLIN, 0}, {readEnd, POLLIN, 0}};
        const int ready = ::poll(waiting, 2, readEnd < 0 ? int(lookInterval.count()) : -1);
        if (firstSignal != 0)
            return false;
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true;
    }
}

void TerminationSignals::look()
{
    if (const int number = lastSignal; number != 0) {
        lastSignal = 0;
        Q_EMIT received(number);
    }
}

void TerminationSignals::readAll()
{
    unsigned char number = 0;
    while (::read(m_readEnd.get(), &number, 1) == 1)
        Q_EMIT received(number);
}

} // namespace ferry
