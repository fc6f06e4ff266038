// SPDX-License-Identifier: MIT
// ExtendedConversation: the login.
#include "server/session/extendedconversation.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "wire/limits.h"

namespace ferry::server {

using namespace std::chrono_literals;

using extended::Request;
using extended::Verb;

Result<> ExtendedConversation::loginStep(const Request &request)
{
    logRequest(request);
    const ServerContext &context = *m_parts.context;
    if (request.verb == Verb::Login) {
        if (const auto wait = context.throttle->remaining(m_parts.peer); wait > 0ms) {
            m_session.loginMustWait(std::chrono::ceil<std::chrono::seconds>(wait).count());
            return {};
        }
        m_login.emplace(m_parts.channelBinding,
                        [accounts = context.accounts](const QByteArray &user) {
                            return accounts->lookup(user);
                        });
    }
    const auto message =
        QByteArray::fromBase64Encoding(request.base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!m_login || !message)
        return denied({ErrorCode::Protocol, tr("not base64")});
    const auto answer = m_login->step(*message);
    if (!answer)
        return denied(answer.error());
    if (!m_login->finished()) {
        m_session.loginChallenged(answer.value().toBase64());
        return {};
    }
    const QByteArray user = m_login->user();
    if (mustWait(true))
        return {};
    m_login.reset();
    m_denied = false;
    m_parts.place.authenticated();
    m_parts.counters.setState(SessionState::Idle);
    m_parts.counters.setAccount(displayText(user));
    m_parts.deliveries.setAccount(displayText(user));
    m_uploads.setAccount(user);
    m_parts.arrive(user, m_name.toUtf8(), kind());
    describe();
    m_session.loginSucceeded(user, answer.value().toBase64());
    return {};
}

/// Counts the result of a login. True if it may not be told, because another one from there failed
/// in the meantime.
bool ExtendedConversation::mustWait(bool right)
{
    const QByteArray user = m_login ? m_login->user() : QByteArray();
    const auto wait = m_parts.context->throttle->decide(m_parts.peer, user, right);
    if (wait > 0ms)
        m_session.loginMustWait(std::chrono::ceil<std::chrono::seconds>(wait).count());
    return wait > 0ms;
}

/// The same answer after the same time, whatever was wrong.
Result<> ExtendedConversation::denied(const Error &error)
{
    log(LogKind::Warning, tr("Login refused: %1").arg(displayText(error.text)));
    m_denied = true;
    if (mustWait(false))
        return {};
    m_login.reset();
    if (auto sent = m_stream.flush(); !sent)
        return sent;
    const QDeadlineTimer delay(m_parts.config->loginFailureDelay);
    if (auto paused = m_parts.channel.pause(delay); !paused)
        return paused;
    m_session.loginFailed();
    return {};
}

} // namespace ferry::server
