// SPDX-License-Identifier: MIT
/// The server's half of the conversation, with no socket, file or clock.
///
/// The law:
///  1. Bytes go in by receive(), the end of input by receiveEnd(). What to do comes out of
///     nextAction(), one action at a time, in the order of the commands.
///  2. CheckPassword and OpenFile ask a question. It is answered (passwordChecked, fileOpened,
///     fileNotOpened) before nextAction() is called again. SendFile is answered by fileSent or
///     fileCutShort, Tell by told, notTold or tellMustWait, News by news.
///  3. It never calls back, and owns nothing but its own bytes.
///  4. Faults of the peer become replies or Close; a caller that breaks rule 2 is a bug of ours
///     (Q_ASSERT). No input reaches an assert.
///  5. After Close there is only Close. After Hello this machine is done; takeRest() is what the
///     peer sent behind that line.
///  6. A command is read only when everything before it is done, so nothing queues up but the
///     bytes themselves. Those are bounded by the caller: it gives the machine at most one
///     read's worth whenever Receive is asked for, and nothing in between.
///  7. What comes out depends on the bytes alone, never on how they were cut.
///
/// Which command is allowed when is the table in classicserversession.cpp.
#pragma once

#include "wire/classic/message.h"
#include "wire/classic/telnetfilter.h"
#include "wire/extended/people.h"
#include "wire/receivebuffer.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <deque>

namespace ferry {

struct ServerAction
{
    enum class Kind {
        Receive,       ///< nothing to do until more bytes come
        Send,          ///< write `bytes`
        CheckPassword, ///< is `bytes` the password?
        OpenFile,      ///< is there a file under the path `bytes`?
        SendFile,      ///< send the opened file's content, all of it
        Tell,          ///< `bytes` is a message to whoever this session may write to
        News,          ///< which notes wait?
        Hello,         ///< go on with an ExtendedServerSession: `bytes` is the line
        Close,         ///< close the connection
    };
    Kind kind = Kind::Receive;
    QByteArray bytes;
};

class ClassicServerSession
{
public:
    /// `people`: this server takes messages. One that does not has no such commands.
    explicit ClassicServerSession(bool people = false);

    void receive(QByteArrayView bytes);
    void receiveEnd();
    ServerAction nextAction();

    void passwordChecked(bool right);
    /// Instead of an answer: this address failed before. The connection closes.
    void loginMustWait(qint64 seconds);
    void fileOpened();
    void fileNotOpened();
    void fileSent();
    /// The body ended before its time. The dialect has no word for it: the connection closes.
    void fileCutShort();

    void told();
    /// Nobody is there to whom this session may write.
    void notTold();
    void tellMustWait(qint64 seconds);
    /// `lost`: how many were dropped before these.
    void news(const QList<extended::Note> &notes, qint64 lost);

    bool loggedIn() const { return m_loggedIn; }

    // For the machine that goes on after Hello:
    QByteArray takeRest();
    int failedLogins() const { return m_failedLogins; }
    qsizetype strangerBytes() const { return m_strangerBytes; }

    /// The conversation ended by QUIT, rather than by a fault or the end of input.
    bool saidGoodbye() const { return m_saidGoodbye; }

    /// True between a question and its answer, and while a file is under way.
    bool waitsForAnswer() const { return m_question != Question::None; }

private:
    enum class State { Stranger, LoggedIn, Closed };
    enum class Question { None, Password, File, Body, Tell, News };
    struct Rule;
    static const Rule rules[];

    bool offers(Verb verb) const;
    bool advance();
    bool readUpToLine();
    void handle(const Command &command);
    void checkPassword(const QByteArray &password);
    void openFile(const QByteArray &path);
    void refuseStranger(const QByteArray &path);
    void tell(const QByteArray &text);
    void askForNews(const QByteArray &argument);
    void quit(const QByteArray &argument);
    void hello(const QByteArray &argument);
    void reply(const QByteArray &bytes);
    void closeAfter(const QByteArray &bytes);
    void close();

    QByteArray m_raw;         ///< as it came; only what follows a complete line waits here
    qsizetype m_rawTaken = 0; ///< of m_raw
    TelnetFilter m_filter;
    ReceiveBuffer m_input; ///< the line under way
    std::deque<ServerAction> m_actions;
    QByteArray m_path; ///< of the file under way, as it was sent
    State m_state = State::Stranger;
    Question m_question = Question::None;
    bool m_people = false;
    bool m_loggedIn = false;
    bool m_inputEnded = false;
    bool m_firstLine = true;
    bool m_saidGoodbye = false;
    int m_failedLogins = 0;
    qsizetype m_strangerBytes = 0; ///< taken from m_raw before login
};

} // namespace ferry
