// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

namespace ferry::gui {

/// What is meant by a text in the host field: an invitation wherever it stands (`ferry://…`), of a
/// pasted command line (`ferry get HOST:PORT …`) the address, of all others the text without
/// blanks around it. For client::parsePlace().
QString hostIn(const QString &text);

} // namespace ferry::gui
