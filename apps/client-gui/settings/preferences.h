// SPDX-License-Identifier: MIT
#pragma once

#include "client/download.h"
#include "client/limits.h"
#include "gui-common/look/colorscheme.h"

#include <QLatin1StringView>
#include <QString>
#include <QtGlobal>

#include <utility>

namespace ferry::client {
class DownloadQueue;
}

namespace ferry::gui {

/// What the settings dialog is about.
struct Preferences
{
    static constexpr int maxFilesAtOnce = 16;
    static constexpr int maxName = 60; ///< characters
    static constexpr int maxRetries = 100;
    static constexpr qint64 maxRate = 100'000'000'000;
    static constexpr qint64 maxReserve = 1'000'000'000'000;

    int filesAtOnce = limits::filesAtOnce;
    qint64 rateLimit = 0; ///< bytes per second of all downloads together; 0: none
    int retries = limits::retries;
    qint64 spaceReserve = limits::spaceReserve; ///< bytes of the disk that are left free
    QString name;                               ///< what others are told; empty: client::ownName()
    bool executable = true;                     ///< programs stay executable
    bool encodeNames = false;                   ///< that the disk does not take
    /// What becomes of a download whose name is taken; one of existingChoices.
    client::ExistingPolicy existing = client::ExistingPolicy::Ask;
    ColorScheme colors = ColorScheme::System;
    bool binaryUnits = false;   ///< MiB in the place of MB
    bool notify = true;         ///< when the queue is done
    bool notifyMessages = true; ///< while the window is not the active one
    bool trayIcon = true;

    bool operator==(const Preferences &) const = default;
};

/// Those that can be chosen for all downloads, with their names in the settings file.
inline constexpr std::pair<client::ExistingPolicy, QLatin1StringView> existingChoices[] = {
    {client::ExistingPolicy::Ask, QLatin1StringView("ask")},
    {client::ExistingPolicy::Rename, QLatin1StringView("keep-both")},
    {client::ExistingPolicy::Overwrite, QLatin1StringView("replace")},
    {client::ExistingPolicy::OverwriteIfNewer, QLatin1StringView("replace-if-newer")},
    {client::ExistingPolicy::OverwriteIfSizeDiffers, QLatin1StringView("replace-if-size-differs")},
    {client::ExistingPolicy::Skip, QLatin1StringView("skip")},
};

/// What cannot be is brought to the nearest that can.
Preferences bounded(Preferences preferences);

/// From now on: the queue's rules, and the units of all sizes that are shown.
void apply(const Preferences &preferences, client::DownloadQueue *queue);

} // namespace ferry::gui
