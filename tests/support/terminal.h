// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"
#include "support/process.h"
#include "support/program.h"

#include <QTest>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace ferry::test {

/// A terminal, and the program sitting at it. Only what is asked for is connected to it; the
/// rest goes through pipes.
class Terminal
{
public:
    enum Stream { Input = 1, Output = 2, Errors = 4 };

    explicit Terminal(int streams)
        : m_streams(streams)
        , m_master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC))
    {
        ::grantpt(m_master.get());
        ::unlockpt(m_master.get());
        m_name = ::ptsname(m_master.get());
        winsize size = {};
        size.ws_col = 100;
        size.ws_row = 25;
        ::ioctl(m_master.get(), TIOCSWINSZ, &size);
        // Held open, so that the master has no hang-up before the program comes.
        m_slave.reset(::open(m_name.constData(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }

    void start(QProcess &process, const QString &folder, const QByteArray &password,
               const QStringList &arguments)
    {
        start(process, folder, password, programPath(QStringLiteral("ferry")), arguments);
    }
    void start(QProcess &process, const QString &folder, const QByteArray &password,
               const QString &program, const QStringList &arguments)
    {
        ProgramSettings settings;
        settings.folder = folder;
        settings.password = password;
        settings.inChild = [name = m_name, streams = m_streams] {
            ::setsid();
            const int terminal = ::open(name.constData(), O_RDWR); // the controlling one from now
            if (streams & Input)
                ::dup2(terminal, STDIN_FILENO);
            if (streams & Output)
                ::dup2(terminal, STDOUT_FILENO);
            if (streams & Errors)
                ::dup2(terminal, STDERR_FILENO);
            ::close(terminal);
        };
        prepareProcess(process, settings);
        process.start(program, arguments);
    }

    /// Reads until the screen shows `text` so many times.
    bool waitFor(const QByteArray &text, int times = 1)
    {
        return waitUntil([&] {
            read();
            return m_screen.count(text) >= times;
        });
    }

    /// The program waits for a line with the echo off.
    bool waitForSilence()
    {
        return waitUntil([&] {
            termios mode = {};
            return ::tcgetattr(m_slave.get(), &mode) == 0 && !(mode.c_lflag & ECHO);
        });
    }

    bool echoes() const
    {
        termios mode = {};
        return ::tcgetattr(m_slave.get(), &mode) == 0 && (mode.c_lflag & ECHO);
    }

    void type(const QByteArray &keys)
    {
        QCOMPARE(::write(m_master.get(), keys.constData(), size_t(keys.size())), keys.size());
    }

    /// The window is closed.
    void close()
    {
        m_slave.reset();
        m_master.reset();
    }

    QByteArray screen()
    {
        read();
        return m_screen;
    }

private:
    void read()
    {
        pollfd entry{m_master.get(), POLLIN, 0};
        while (::poll(&entry, 1, 0) == 1 && (entry.revents & POLLIN)) {
            char bytes[4096];
            const ssize_t count = ::read(m_master.get(), bytes, sizeof bytes);
            if (count <= 0)
                return;
            m_screen.append(bytes, count);
        }
    }

    const int m_streams;
    FileDescriptor m_master;
    FileDescriptor m_slave;
    QByteArray m_name;
    QByteArray m_screen;
};

} // namespace ferry::test
