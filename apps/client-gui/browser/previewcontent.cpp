// SPDX-License-Identifier: MIT
#include "client-gui/browser/previewcontent.h"

#include <QBuffer>
#include <QImageReader>
#include <QMimeDatabase>
#include <QStringDecoder>

#include <algorithm>

namespace ferry::gui {

namespace {

/// Read by Qt itself, without formats that can refer to other files.
constexpr const char *formats[] = {"png", "jpeg", "gif", "bmp", "ppm", "pgm", "pbm"};

constexpr qint64 mostPixels = 50'000'000;
constexpr QSize largest(1600, 1200);

bool isControl(QChar c)
{
    return c.unicode() < 0x20 && c != u'\n' && c != u'\r' && c != u'\t' && c != u'\f';
}

} // namespace

bool isPictureName(const QString &name)
{
    const QMimeType type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
    return std::any_of(std::begin(formats), std::end(formats), [&](const char *format) {
        const QList<QByteArray> types =
            QImageReader::imageFormatsForMimeType(type.name().toLatin1());
        return types.contains(QByteArray(format));
    });
}

std::optional<QString> textOf(const QByteArray &bytes, bool whole)
{
    QByteArrayView view = bytes;
    // The last character may be cut, and has four bytes at most.
    for (int cut = 0; !whole && cut < 4 && !view.isEmpty(); ++cut) {
        const auto last = uchar(view.back());
        if (last < 0x80)
            break;
        view.chop(1);
        if (last >= 0xc0)
            break;
    }
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    QString text = decode(view);
    if (decode.hasError() || std::any_of(text.cbegin(), text.cend(), isControl))
        return std::nullopt;
    return text;
}

QImage pictureOf(const QByteArray &bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    const QByteArray format = reader.format();
    if (std::none_of(std::begin(formats), std::end(formats),
                     [&](const char *known) { return format == known; }))
        return {};
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    if (size.width() > largest.width() || size.height() > largest.height())
        reader.setScaledSize(size.scaled(largest, Qt::KeepAspectRatio).expandedTo({1, 1}));
    reader.setAutoTransform(true);
    return reader.read();
}

} // namespace ferry::gui
