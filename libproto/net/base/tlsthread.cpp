// SPDX-License-Identifier: MIT
#include "net/base/tlsthread.h"

#include <openssl/crypto.h>

namespace ferry {

TlsThread::~TlsThread()
{
    OPENSSL_thread_stop();
}

} // namespace ferry
