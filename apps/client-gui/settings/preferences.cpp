// SPDX-License-Identifier: MIT
#include "client-gui/settings/preferences.h"

#include "client/queue/downloadqueue.h"
#include "gui-common/look/format.h"

#include <algorithm>

namespace ferry::gui {

Preferences bounded(Preferences preferences)
{
    preferences.filesAtOnce = std::clamp(preferences.filesAtOnce, 1, Preferences::maxFilesAtOnce);
    preferences.rateLimit = std::clamp<qint64>(preferences.rateLimit, 0, Preferences::maxRate);
    preferences.retries = std::clamp(preferences.retries, 0, Preferences::maxRetries);
    preferences.spaceReserve =
        std::clamp<qint64>(preferences.spaceReserve, 0, Preferences::maxReserve);
    return preferences;
}

void apply(const Preferences &preferences, client::DownloadQueue *queue)
{
    client::QueueRules rules = client::QueueRules::unattended();
    rules.retries = preferences.retries;
    rules.spaceReserve = preferences.spaceReserve;
    rules.executable = preferences.executable;
    rules.encodeNames = preferences.encodeNames;
    queue->setRules(rules);
    queue->setFilesAtOnce(preferences.filesAtOnce);
    queue->setRateLimit(preferences.rateLimit);
    setColorScheme(preferences.colors);
    setSizeUnits(preferences.binaryUnits ? SizeUnits::Binary : SizeUnits::Decimal);
}

} // namespace ferry::gui
