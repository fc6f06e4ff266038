// SPDX-License-Identifier: MIT
/// The client's half of the classic conversation, with no socket, file or clock.
///
/// The dialect does not say where a file ends: its bytes are followed by the line
/// `#File PATH sent successfully.`, which the file itself may contain. What this machine does:
///
///  - It asks for one file at a time. Only when everything received so far ends in the trailer
///    line (or is nothing but the not-found line), the file may be complete. The machine then
///    sends a probe: `FILE` with a random name that nobody has. The server answers in order, so
///    its `!File NAME could not be opened.` comes right after the true end of the file; if the
///    trailer was part of the file, the rest of the file comes first.
///  - The end is therefore: trailer, then the answer to the probe, then nothing. A file cannot
///    contain that by chance, since the name is new for each file.
///  - A server that does not answer the probe in limits::probeTime, or closes the connection
///    instead, is believed if its last line was the trailer. The driver tells the machine by
///    silence() or receiveEnd(). The connection is not used again then.
///  - What cannot be told apart: a file that is exactly the not-found line and a missing file;
///    and anything a server invents on purpose. Results of this dialect are never "verified".
///
/// The law: bytes in by receive(), events out by nextEvent() until it says Receive. login() and
/// requestFile() are called only when idle(). Input never reaches an assert.
#pragma once

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
        BadPassword, ///< likewise
        FileBytes,   ///< `bytes`: the next bytes of the file
        FileEnd,     ///< the file is complete, as far as the dialect can tell
        FileMissing, ///< the server has no such file; `bytes`: its line
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
    bool probing() const { return m_probeSent; }
    /// False once the connection cannot be used for another request.
    bool usable() const { return m_usable; }

private:
    enum class State { Greeting, Idle, Login, File, Ended };

    void push(ClassicClientEvent::Kind kind, QByteArray bytes = {});
    void receiveLine();
    void receiveFile();
    bool endsInTrailer() const;
    void finishFile(bool missing, qsizetype dropped);

    std::deque<ClassicClientEvent> m_events;
    QByteArray m_held;   ///< received and not yet known to be file content
    QByteArray m_line;   ///< server's missing-file line and trailer for this path, without ends
    QByteArray m_path;
    QByteArray m_probe;
    State m_state = State::Greeting;
    qint64 m_fileBytes = 0; ///< given out for the file under way
    bool m_probeSent = false;
    bool m_usable = true;
};

} // namespace ferry
