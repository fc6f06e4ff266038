// SPDX-License-Identifier: MIT
#include "net/login/sasl.h"

#include "net/base/translate.h"
#include "net/limits.h"

#include <QList>

#include <gsasl.h>

#include <algorithm>

namespace ferry::sasl {

namespace {

Error wrongPassword()
{
    return {ErrorCode::WrongPassword, tr("Wrong user name or password.")};
}

Error notScram()
{
    return {ErrorCode::Protocol, tr("The other side's login message cannot be understood.")};
}

/// Printable, no NUL: libgsasl works on C strings in places.
bool acceptable(QByteArrayView message)
{
    if (message.isEmpty() || message.size() > limits::saslMessageBytes)
        return false;
    return std::all_of(message.begin(), message.end(),
                       [](char c) { return uchar(c) >= 0x20 && uchar(c) != 0x7f; });
}

/// Digits only, no sign, no leading zero: 0 for anything else.
int parseIterations(const QByteArray &text)
{
    bool ok = false;
    const int value = text.toInt(&ok);
    return ok && QByteArray::number(value) == text ? value : 0;
}

} // namespace

/// libgsasl asks for the properties of a session here. One context serves all threads: it only
/// holds the table of mechanisms once it is made.
struct Callback
{
    static Gsasl *context()
    {
        static Gsasl *const made = [] {
            Gsasl *context = nullptr;
            if (gsasl_init(&context) == GSASL_OK)
                gsasl_callback_set(context, ask);
            return context;
        }();
        return made;
    }

    struct Hook
    {
        ScramServer *server = nullptr;
        ScramClient *client = nullptr;
    };

    static int set(Gsasl_session *session, Gsasl_property property, const QByteArray &value)
    {
        return gsasl_property_set_raw(session, property, value.constData(), size_t(value.size()));
    }

    static int ask(Gsasl *, Gsasl_session *session, Gsasl_property property)
    {
        if (const auto *hook =
                session ? static_cast<Hook *>(gsasl_session_hook_get(session)) : nullptr) {
            if (hook->server)
                return answer(*hook->server, session, property);
            if (hook->client && property == GSASL_SCRAM_SALTED_PASSWORD)
                return set(session, property, hook->client->m_saltedHex);
        }
        return GSASL_NO_CALLBACK;
    }

    static int answer(ScramServer &server, Gsasl_session *session, Gsasl_property property)
    {
        const Verifier &verifier = server.m_account.verifier;
        switch (property) {
        case GSASL_SCRAM_ITER:
            return set(session, property, QByteArray::number(verifier.iterations));
        case GSASL_SCRAM_SALT:
            return set(session, property, verifier.salt.toBase64());
        case GSASL_SCRAM_STOREDKEY:
            return set(session, property, verifier.storedKey.toBase64());
        case GSASL_SCRAM_SERVERKEY:
            return set(session, property, verifier.serverKey.toBase64());
        default:
            return GSASL_NO_CALLBACK;
        }
    }

    static int step(Gsasl_session *session, Hook hook, QByteArrayView message, QByteArray &answer)
    {
        char *output = nullptr;
        size_t length = 0;
        gsasl_session_hook_set(session, &hook);
        const int result =
            gsasl_step(session, message.data(), size_t(message.size()), &output, &length);
        gsasl_session_hook_set(session, nullptr);
        answer = QByteArray(output, qsizetype(length));
        gsasl_free(output);
        return result;
    }
};

void SessionFreer::operator()(Gsasl_session *session) const
{
    gsasl_finish(session);
}

// --- ScramServer ---

ScramServer::ScramServer(const QByteArray &exporter, Lookup lookup)
    : m_exporter(exporter)
    , m_lookup(std::move(lookup))
{
    Q_ASSERT(!m_exporter.isEmpty());
    Gsasl_session *session = nullptr;
    if (Callback::context() &&
        gsasl_server_start(Callback::context(), mechanism, &session) == GSASL_OK) {
        m_session.reset(session);
        Callback::set(session, GSASL_CB_TLS_EXPORTER, m_exporter.toBase64());
    }
}

ScramServer::~ScramServer() = default;

Error ScramServer::fail(const Error &error)
{
    m_state = State::Failed;
    m_session.reset();
    return error;
}

Result<QByteArray> ScramServer::step(QByteArrayView message)
{
    const bool first = m_state == State::Start;
    if (!m_session || (!first && m_state != State::Challenged) || !acceptable(message))
        return fail(notScram());
    if (first) {
        // RFC 5802, 7: gs2-header (the binding, and perhaps an identity to act as), the name, the
        // nonce. Our own look comes first, because only this binding means anything to us, and
        // nobody acts as somebody else.
        const QList<QByteArray> fields = message.toByteArray().split(',');
        if (fields.size() < 4 || fields.at(0) != "p=tls-exporter" || !fields.at(2).startsWith("n="))
            return fail(notScram());
        m_user = fields.at(2).sliced(2);
        // `a=` alone is no good grammar, but what the `gsasl` program says.
        if (!fields.at(1).isEmpty() && fields.at(1) != "a=" && fields.at(1) != "a=" + m_user)
            return fail(notScram());
        if (m_user.count('=') != m_user.count("=2C") + m_user.count("=3D"))
            return fail(notScram());
        m_user.replace("=2C", ",").replace("=3D", "=");
        m_account = m_lookup(m_user);
    }
    QByteArray answer;
    const int result = Callback::step(m_session.get(), {this, nullptr}, message, answer);
    if (first && result == GSASL_NEEDS_MORE) {
        m_state = State::Challenged;
        return answer;
    }
    if (!first && result == GSASL_OK && m_account.exists) {
        m_state = State::Finished;
        return answer;
    }
    if (result == GSASL_MECHANISM_PARSE_ERROR || result == GSASL_BASE64_ERROR)
        return fail(notScram());
    return fail(wrongPassword());
}

// --- ScramClient ---

ScramClient::ScramClient(Settings settings)
    : m_settings(std::move(settings))
{
    Q_ASSERT(!m_settings.exporter.isEmpty());
}

ScramClient::~ScramClient()
{
    wipe(m_saltedHex);
}

Error ScramClient::fail(const Error &error)
{
    m_state = State::Failed;
    m_session.reset();
    wipe(m_saltedHex);
    return error;
}

Result<QByteArray> ScramClient::step(QByteArrayView message)
{
    switch (m_state) {
    case State::Start:
        return introduce();
    case State::Introduced:
        return prove(message);
    case State::Proved: {
        QByteArray answer;
        if (!acceptable(message))
            return fail(notScram());
        const int result = Callback::step(m_session.get(), {nullptr, this}, message, answer);
        if (result == GSASL_MECHANISM_PARSE_ERROR)
            return fail(notScram());
        if (result != GSASL_OK)
            return fail(
                {ErrorCode::NotTrusted, tr("The server did not prove that it knows the password. "
                                           "It may be another one than it seems.")});
        m_state = State::Finished;
        wipe(m_saltedHex);
        return QByteArray();
    }
    case State::Finished:
    case State::Failed:
        break;
    }
    return fail(notScram());
}

Result<QByteArray> ScramClient::introduce()
{
    Gsasl_session *session = nullptr;
    if (!Callback::context() ||
        gsasl_client_start(Callback::context(), mechanism, &session) != GSASL_OK)
        return fail({ErrorCode::Invalid, tr("This system's libgsasl cannot log in.")});
    m_session.reset(session);
    Callback::set(session, GSASL_CB_TLS_EXPORTER, m_settings.exporter.toBase64());
    Callback::set(session, GSASL_AUTHID, m_settings.user);
    QByteArray answer;
    if (m_settings.user.isEmpty() || m_settings.user.contains('\0') ||
        m_settings.user.size() > limits::accountNameBytes ||
        Callback::step(session, {nullptr, this}, {}, answer) != GSASL_NEEDS_MORE)
        return fail({ErrorCode::Invalid, tr("This user name cannot be used.")});
    m_state = State::Introduced;
    return answer;
}

Result<QByteArray> ScramClient::prove(QByteArrayView challenge)
{
    // r=nonce,s=salt,i=iterations, and extensions that may be ignored (RFC 5802, 7). libgsasl
    // checks the nonce; what costs us or weakens us is checked here, before it acts.
    if (!acceptable(challenge))
        return fail(notScram());
    const QList<QByteArray> fields = challenge.toByteArray().split(',');
    if (fields.size() < 3 || !fields.at(0).startsWith("r=") || !fields.at(1).startsWith("s=") ||
        !fields.at(2).startsWith("i="))
        return fail(notScram());
    const auto decoded = QByteArray::fromBase64Encoding(fields.at(1).sliced(2),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    const QByteArray &salt = *decoded;
    const int iterations = parseIterations(fields.at(2).sliced(2));
    if (!decoded || salt.isEmpty() || salt.size() > limits::maxSaltBytes ||
        iterations < limits::minIterations || iterations > limits::maxIterations)
        return fail({ErrorCode::Protocol,
                     tr("The server asks for a login that is not safe or not possible.")});
    if (iterations < limits::iterationsOwn && !m_settings.passwordIsGenerated &&
        !m_settings.serverIsPinned)
        return fail({ErrorCode::NotTrusted,
                     tr("This server is new here and asks for a proof from which a password like "
                        "yours could be guessed. No proof was sent. Use the password that the "
                        "server generated, or compare and trust its fingerprint first.")});
    Result<QByteArray> salted =
        m_settings.cache
            ? m_settings.cache->get(m_settings.server, m_settings.password, salt, iterations)
            : saltedPassword(m_settings.password, salt, iterations);
    if (!salted)
        return fail(salted.error());
    m_saltedHex = salted.value().toHex();
    wipe(salted.value());

    QByteArray answer;
    const int result = Callback::step(m_session.get(), {nullptr, this}, challenge, answer);
    if (result != GSASL_NEEDS_MORE)
        return fail(notScram());
    m_state = State::Proved;
    return answer;
}

} // namespace ferry::sasl
