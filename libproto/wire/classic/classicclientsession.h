// SPDX-License-Identifier: MIT
/// The client's half of the classic conversation, with no socket, file or clock.
///
/// The dialect does not say where a file ends: its bytes are followed by the line
/// `#File PATH sent successfully.`, which the file itself may contain. What this machine does:
///
///  - It asks for one file at a time. Only when everything received so far ends in the trailer
///    line (or is nothing but one `!` line), the answer may be complete. The machine then sends a
///    probe: `FILE` with a random name that nobody has. The server answers in order, so its
///    `!File NAME could not be opened.` comes right after the true end of the file; if the
///    trailer was part of the file, the rest of the file comes first.
///  - The end is therefore: trailer, then the answer to the probe, then nothing. A file cannot
///    contain that by chance, since the name is new for each file. In the same way a missing file
///    is told from a file that is exactly the not-found line: only the latter has a trailer.
///  - A server that does not answer the probe in limits::probeTime, answers it with some other
///    single `!` line, or closes the connection instead, is believed if its last line before that
///    was the trailer. The driver tells the machine by silence() or receiveEnd(). The connection
///    is not used again then.
///  - What cannot be told apart: of a server that does not answer the probe, a file that goes on
///    after the trailer's text but only after a silence (or a broken connection) right there,
///    and a file that ends after it; and anything a server invents on purpose. Results of this
///    dialect are never "verified".
///
/// The law: bytes in by receive(), events out by nextEvent() until it says Receive. login() and
/// requestFile() are called only when idle(). After Violation or CutShort there is only CutShort.
/// Bytes that come when none were asked for are dropped and make the connection unusable.
/// A piece of any size costs a bounded amount of work besides its own bytes: only the tail is
/// compared, and at most a trailer and two lines are held back. Input never reaches an assert.
#pragma once

#include "wire/limits.h"
#include "wire/receivebuffer.h"

#include <QByteArray>
#include <QByteArrayView>

#include <deque>

namespace ferry {

struct ClassicClientEvent
{
    enum class Kind {
        Receive,     ///< nothing to do until more bytes come (or silence)
        Send,        ///< write `bytes`
        Greeted,     ///< the server is ready; `bytes`: its line
        LoggedIn,    ///< `bytes`: the server's line
        BadPassword, ///< likewise; empty for a password that the dialect cannot say
        FileBytes,   ///< `bytes`: the next bytes of the file
        FileEnd,     ///< the file is complete, as far as the dialect can tell
        FileMissing, ///< the server has no such file; `bytes`: its line; empty for a path that
                     ///< the dialect cannot say
        Violation,   ///< the peer does not speak the dialect; `bytes`: what it said, cut to a line
        CutShort,    ///< the connection ended before the answer did
    };
    Kind kind = Kind::Receive;
    QByteArray bytes;
};

class ClassicClientSession
{
public:
    void login(QByteArrayView password);

    /// `probeName`: a fresh random name (printable ASCII, no space) for the end-of-file probe.
    void requestFile(QByteArrayView path, QByteArrayView probeName);

    void quit();

    void receive(QByteArrayView bytes);
    void receiveEnd();

    /// Nothing came for limits::probeTime while probing() was true.
    void silence();

    ClassicClientEvent nextEvent();

    bool idle() const { return m_state == State::Idle; }

    /// The probe is out, and what has come may be all that will: wait for limits::probeTime only.
    bool probing() const { return m_probeSent && m_mayBeAll; }

    /// False once the connection cannot be used for another request.
    bool usable() const { return m_usable; }

private:
    enum class State { Greeting, Idle, Login, File, Ended };

    /// What the bytes of an answer so far amount to, if nothing follows them.
    struct Reading
    {
        enum class Kind {
            Unfinished,
            File,    ///< content and trailer
            Missing, ///< the not-found line for the path
            Refused, ///< some other `!` line alone
            Lost,    ///< the probe was answered, but the request was not
        };
        Kind kind = Kind::Unfinished;
        qsizetype content = 0; ///< bytes of m_input that belong to the file
        enum class Probe { Unanswered, AnsweredOtherwise, Answered };
        Probe probe = Probe::Unanswered;
    };

    void push(ClassicClientEvent::Kind kind, const QByteArray &bytes = {});
    void receiveLine();
    void receiveFile();
    Reading read() const;
    Reading readWithoutProbe(QByteArrayView answer) const;
    void endOfFile();
    void acceptUnproven();
    void finish(const Reading &reading);
    void violate(QByteArrayView said);
    void end();

    std::deque<ClassicClientEvent> m_events;
    ReceiveBuffer m_input; ///< received and not yet known to be file content
    QByteArray m_lineEnd;  ///< the server's, learnt from its greeting
    QByteArray m_trailer;  ///< these three for the file under way, each with its line end
    QByteArray m_missing;
    QByteArray m_probeAnswer;
    QByteArray m_probe;    ///< the request
    qint64 m_givenOut = 0; ///< bytes of the file under way
    State m_state = State::Greeting;
    bool m_probeSent = false;
    bool m_mayBeAll = false; ///< m_input reads as a complete answer
    bool m_usable = true;
};

} // namespace ferry
