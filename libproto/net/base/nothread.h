// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QCoreApplication>

namespace ferry {

/// What is said when the system has no thread, or no memory for one. It may pass.
inline Error noThread()
{
    return {ErrorCode::CannotConnect,
            QCoreApplication::translate("ferry", "This computer cannot start another thread.")};
}

} // namespace ferry
