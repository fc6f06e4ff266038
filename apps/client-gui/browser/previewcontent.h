// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QImage>
#include <QString>

#include <optional>

namespace ferry::gui {

/// Of a text, as much is fetched.
inline constexpr qint64 previewTextBytes = 256 * 1024;
/// Larger pictures are not fetched.
inline constexpr qint64 previewPictureBytes = 16 * 1024 * 1024;

/// Whether files of that name are pictures which can be shown, by what the desktop knows of names.
bool isPictureName(const QString &name);

/// The text that these bytes are, UTF-8; nothing if they are none. `whole`: else the last character
/// may be cut.
std::optional<QString> textOf(const QByteArray &bytes, bool whole);

/// The picture that these bytes are, no larger than a screen; null if they are none of the kinds
/// that are trusted to be read, or it is too large to be unpacked.
QImage pictureOf(const QByteArray &bytes);

} // namespace ferry::gui
