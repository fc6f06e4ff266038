// SPDX-License-Identifier: MIT
/// The server's half of the extended dialect, with no socket, file or clock. Begins where
/// ClassicServerSession meets HELLO.
///
/// The law:
///  1. Bytes go in by receive(), the end of input by receiveEnd(). What to do comes out of
///     nextAction(), one action at a time, in the order of the requests.
///  2. LoginStep is answered by loginChallenged, loginSucceeded, loginFailed or loginMustWait;
///     Perform by performed(), after the driver has sent every line of the reply. Only then
///     nextAction() is called again.
///  3. While it performs a request, the driver may receive() more and ask cancelRequested().
///     Requests before a CANCEL, but for RECEIPT and RECEIPTS, come out as a refusal instead of
///     Perform.
///  4. Faults of the peer become replies or Close; a caller that breaks rule 2 is a bug of ours
///     (Q_ASSERT). No input reaches an assert. After Close there is only Close.
///  5. Perform with PUT of a file is answered by uploadOpened(), after #SEND, or by performed(),
///     after a refusal. From uploadOpened() on come Body, Perform with END and Perform with ABORT;
///     after Body the driver takes bytes as ExtendedClientSession's driver does. The two Performs
///     end the upload, and so does uploadRefused(), which may be called wherever the driver has
///     the turn: what the peer still sends of it is passed over.
///  6. What comes out depends on the bytes alone, never on how they were cut, but for CANCEL:
///     whether it finds a request still waiting is a matter of time.
///
/// Which request is allowed when is the table in extendedserversession.cpp.
#pragma once

#include "wire/extended/extended.h"
#include "wire/limits.h"
#include "wire/receivebuffer.h"

#include <QByteArray>

#include <deque>

namespace ferry {

struct ExtendedAction
{
    enum class Kind {
        Receive,   ///< nothing to do until more bytes come
        Send,      ///< write `bytes`
        LoginStep, ///< `request`: LOGIN begins an exchange, RESPONSE continues it
        Perform,   ///< carry `request` out: LIST TREE GET SUM RECEIPT PUT END ABORT, and what
                   ///< was announced of WHO TELL NEWS DROP RECEIPTS
        Body,      ///< bodyRemaining() bytes of the upload come now
        Close,     ///< close the connection
    };
    Kind kind = Kind::Receive;
    QByteArray bytes;
    extended::Request request;
};

class ExtendedServerSession
{
public:
    struct Start
    {
        bool offersScram = false;      ///< the channel is encrypted and can be bound to
        bool loggedIn = false;         ///< by AUTH, before HELLO
        int failedLogins = 0;          ///< on this connection, before HELLO
        qsizetype strangerBytes = 0;   ///< received before HELLO
        QByteArray hello;              ///< the line, without its end
        QByteArray agent;              ///< what this server calls itself
        extended::Abilities abilities; ///< to be announced
    };
    explicit ExtendedServerSession(Start start);

    void receive(QByteArrayView bytes);
    void receiveEnd() { m_inputEnded = true; }
    ExtendedAction nextAction();

    void loginChallenged(QByteArrayView base64);
    void loginSucceeded(QByteArrayView account, QByteArrayView base64);
    void loginFailed();
    void loginMustWait(qint64 seconds);
    void performed();
    void uploadOpened();
    void uploadRefused();

    /// Bytes of the DATA under way that were not taken yet.
    qint64 bodyRemaining() const { return m_bodyLeft; }
    /// Those of them that are here already, at most `most`: how many.
    qsizetype takeBody(char *to, qsizetype most);
    /// True when all received bytes were taken, so that reading directly keeps the order.
    bool bufferEmpty() const { return m_input.size() == 0; }
    void bodyReceived(qint64 bytes);

    /// Is there a CANCEL among the requests that were received and not carried out? Looks at
    /// every byte once.
    bool cancelRequested();

    /// An upload is open: its bytes are awaited, and no request.
    bool inUpload() const { return m_upload == Upload::Open; }

    bool loggedIn() const { return m_state == State::LoggedIn; }
    /// The conversation ended by QUIT.
    bool saidGoodbye() const { return m_saidGoodbye; }
    /// What the client called itself in HELLO; remote text.
    const QByteArray &peerAgent() const { return m_peerAgent; }
    /// What the person at the client is called, as HELLO says; remote text.
    const QByteArray &peerName() const { return m_peerName; }
    /// Whose connection it is, as HELLO says; empty: nobody's in particular. A secret.
    const QByteArray &peerBox() const { return m_peerBox; }
    /// The client understands why its session is paused or ended.
    bool peerKnowsReasons() const { return m_peerKnowsReasons; }
    /// It knows shares that only take files.
    bool peerGivesFiles() const { return m_peerGivesFiles; }
    /// It has a window.
    bool peerHasWindow() const { return m_peerHasWindow; }
    /// Bytes that wait to be read as requests. The driver stops receiving while a request is
    /// performed when this exceeds limits::pipelinedBytes.
    qsizetype waitingBytes() const { return m_input.size(); }

private:
    enum class State { Stranger, Exchange, LoggedIn, Closed };
    enum class Question { None, Login, Perform };
    enum class Upload {
        None,
        Asked, ///< the driver decides about PUT
        Open,
        Refused, ///< the rest of it is passed over
    };
    struct Rule;
    static const Rule rules[];

    bool advance();
    bool beyondStrangersShare(const ReceiveBuffer::Taken &taken) const;
    bool offers(QByteArrayView word) const;
    void handle(const QByteArray &line);
    bool skipBody();
    void reply(const QByteArray &bytes);
    void closeAfter(const QByteArray &bytes);

    void hello(const extended::Request &request);
    void login(const extended::Request &request);
    void response(const extended::Request &request);
    void perform(const extended::Request &request);
    void refuseStranger(const extended::Request &request);
    void refuseSyntax(const extended::Request &request);
    void put(const extended::Request &request);
    void data(const extended::Request &request);
    void finishUpload(const extended::Request &request);
    void ping(const extended::Request &request);
    void cancel(const extended::Request &request);
    void quit(const extended::Request &request);

    ReceiveBuffer m_input;
    std::deque<ExtendedAction> m_actions;
    QByteArray m_agent;
    QByteArray m_peerAgent;
    QByteArray m_peerName;
    QByteArray m_peerBox;
    bool m_peerKnowsReasons = false;
    bool m_peerGivesFiles = false;
    bool m_peerHasWindow = false;
    extended::Abilities m_abilities;
    QByteArray m_scan;     ///< the start of a line that receive() saw only in part
    qint64 m_scanBody = 0; ///< bytes behind a DATA line that receive() has not seen yet
    qint64 m_bodyLeft = 0; ///< of the DATA line that was read last
    Upload m_upload = Upload::None;
    bool m_follows = false; ///< the content of the upload comes, whatever is answered
    State m_state = State::Stranger;
    Question m_question = Question::None;
    bool m_offersScram = false;
    bool m_saidGoodbye = false;
    bool m_inputEnded = false;
    int m_failedLogins = 0;
    int m_cancels = 0; ///< CANCEL lines that are received and not carried out
    qsizetype m_strangerBytes = 0;
};

} // namespace ferry
