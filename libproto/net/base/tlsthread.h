// SPDX-License-Identifier: MIT
#pragma once

namespace ferry {

/// Stands first in a thread that uses TLS: when the thread ends, what OpenSSL keeps for it is
/// freed. OpenSSL does so itself, but only after QThread::wait() has returned, and so maybe not
/// before the end of the program (OPENSSL_thread_stop(3)).
class TlsThread
{
public:
    TlsThread() = default;
    ~TlsThread();
    TlsThread(const TlsThread &) = delete;
    TlsThread &operator=(const TlsThread &) = delete;
};

} // namespace ferry
