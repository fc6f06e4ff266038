// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/people/gift.h"

#include <QString>
#include <QtGlobal>

#include <optional>

namespace ferry::gui {

/// One thing that was said or given. All text is safe to show, and plain.
struct Message
{
    quint64 id = 0;     ///< later ones have higher ones, in all conversations
    qint64 atMs = 0;    ///< since the epoch
    QString who;        ///< empty: the person here
    QString text;       ///< lines; empty where there is a gift
    quint64 number = 0; ///< of one's own, while it is on its way; 0: it is over
    QString failure;    ///< of one's own that did not go
    std::optional<Gift> gift;
};

} // namespace ferry::gui
