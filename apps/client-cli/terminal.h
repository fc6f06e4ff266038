// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QByteArray>
#include <QString>

namespace ferry::client {

enum class Echo { On, Off };

/// One line that a person types at the controlling terminal, without its end. Invalid without a
/// terminal; Cancelled if one of the TerminationSignals comes instead.
Result<QByteArray> askAtTerminal(const QString &question, Echo echo);

} // namespace ferry::client
