// SPDX-License-Identifier: MIT
#pragma once

#include <QIODevice>
#include <QString>

namespace ferry {

/// Standard output, written in large pieces or with flush(). Once something cannot be written,
/// nothing more is. One thread.
class StandardOutput final : public QIODevice
{
public:
    StandardOutput();
    ~StandardOutput() override { flush(); }

    /// False if anything so far could not be written.
    bool flush();
    bool intact() const { return m_error == 0; }

    /// Asks the system, without writing. False: nobody reads a pipe any more, or it was closed
    /// before the program started.
    bool canBeWritten();

    /// A sentence without a full stop; empty as long as it is intact, and where nobody reads it any
    /// more, as behind `| head`: that is no news to anybody.
    QString problem() const;

    /// The exit code of a program that ends now, after a flush and, as a line of `program`, the
    /// problem. A `code` that is not 0 stays, and `failure` is for what could not be written.
    /// Without a reader it is the one of a program that SIGPIPE ends.
    int end(const char *program, int code, int failure);

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *bytes, qint64 size) override;

private:
    QByteArray m_waiting;
    int m_error = 0; ///< errno of what failed first
};

} // namespace ferry
