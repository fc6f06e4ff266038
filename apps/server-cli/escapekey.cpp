// SPDX-License-Identifier: MIT
#include "server-cli/escapekey.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <termios.h>
#include <unistd.h>

namespace ferry::servercli {

namespace {

constexpr char escape = '\x1B';

/// A shell does not say that it put the program into the foreground again.
constexpr int lookMs = 250;

/// The bytes of one key come together, also through a slow connection.
constexpr int restOfKeyMs = 100;

termios before = {}; ///< as the terminal is to be left

bool inForeground()
{
    return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

void restoreTerminal()
{
    if (inForeground())
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

/// The signal does what it usually does once this returns.
extern "C" void restoreAndRaise(int number)
{
    const int saved = errno;
    restoreTerminal();
    std::raise(number);
    errno = saved;
}

constexpr int stoppingSignals[] = {SIGTSTP, SIGQUIT};

void handleStopping(void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = int(SA_RESETHAND | SA_RESTART);
    for (const int number : stoppingSignals)
        ::sigaction(number, &action, nullptr);
}

} // namespace

bool EscapeKey::isThere()
{
    return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1 && inForeground();
}

EscapeKey::EscapeKey()
    : m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    ::tcgetattr(STDIN_FILENO, &before);
    m_waiting.setSingleShot(true);
    m_waiting.setInterval(restOfKeyMs);
    connect(&m_notifier, &QSocketNotifier::activated, this, &EscapeKey::read);
    connect(&m_waiting, &QTimer::timeout, this, &EscapeKey::decide);
    connect(&m_looking, &QTimer::timeout, this, &EscapeKey::look);
    m_looking.start(lookMs);
    look();
}

EscapeKey::~EscapeKey()
{
    handleStopping(SIG_DFL);
    restoreTerminal();
}

/// In the background to touch the terminal would stop the program.
void EscapeKey::look()
{
    m_notifier.setEnabled(inForeground());
    termios mode = {};
    if (!inForeground() || ::tcgetattr(STDIN_FILENO, &mode) != 0 || !(mode.c_lflag & ICANON))
        return;
    handleStopping(restoreAndRaise);
    mode.c_lflag &= ~tcflag_t(ICANON | ECHO);
    mode.c_cc[VMIN] = 1;
    mode.c_cc[VTIME] = 0;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

void EscapeKey::read()
{
    if (!inForeground())
        return m_notifier.setEnabled(false);
    char bytes[256];
    const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (count <= 0) {
        m_looking.stop(); // the terminal is gone
        return m_notifier.setEnabled(false);
    }
    m_keys = unfinished(m_keys.append(bytes, count));
    if (m_keys.isEmpty())
        m_waiting.stop();
    else
        m_waiting.start();
}

void EscapeKey::decide()
{
    const QByteArray keys = std::exchange(m_keys, {});
    if (std::all_of(keys.begin(), keys.end(), [](char c) { return c == escape; }))
        Q_EMIT pressed();
}

QByteArray EscapeKey::unfinished(const QByteArray &keys)
{
    const auto isFinal = [](char c) { return c >= '@' && c <= '~'; };
    for (qsizetype at = keys.indexOf(escape); at >= 0; at = keys.indexOf(escape, at)) {
        const qsizetype start = at;
        while (at < keys.size() && keys.at(at) == escape)
            ++at;
        const char kind = at < keys.size() ? keys.at(at++) : escape; // else: Alt and a letter
        if (kind == 'O' && at < keys.size())
            ++at;
        else if (kind == '[')
            at = std::find_if(keys.begin() + at, keys.end(), isFinal) - keys.begin() + 1;
        else if (kind != 'O' && kind != escape)
            continue;
        else
            at = keys.size() + 1;
        if (at > keys.size())
            return keys.sliced(start);
    }
    return {};
}

} // namespace ferry::servercli
