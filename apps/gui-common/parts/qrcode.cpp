// SPDX-License-Identifier: MIT
#include "gui-common/parts/qrcode.h"

#include <QByteArray>
#include <QPainter>

#include <qrencode.h>

#include <algorithm>
#include <memory>

namespace ferry::gui {

namespace {
constexpr int quietZone = 4; ///< squares, as ISO/IEC 18004 wants them
constexpr int usualScale = 5;
constexpr int smallestScale = 3;
constexpr int emptySide = 100;
} // namespace

QImage qrCode(const QString &text)
{
    // Version 0: the smallest one that holds it.
    const QByteArray bytes = text.toUtf8();
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        bytes.isEmpty() ? nullptr : QRcode_encodeString8bit(bytes.constData(), 0, QR_ECLEVEL_M),
        &QRcode_free);
    if (!code)
        return {};
    const int width = code->width;
    QImage image(width + 2 * quietZone, width + 2 * quietZone, QImage::Format_RGB32);
    image.fill(Qt::white);
    for (int row = 0; row < width; ++row) {
        for (int column = 0; column < width; ++column) {
            if (code->data[row * width + column] & 1)
                image.setPixelColor(column + quietZone, row + quietZone, Qt::black);
        }
    }
    return image;
}

QrCode::QrCode(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void QrCode::setText(const QString &text)
{
    m_code = qrCode(text);
    setAccessibleName(tr("QR code"));
    setAccessibleDescription(text);
    updateGeometry();
    update();
}

QSize QrCode::sizeHint() const
{
    return m_code.isNull() ? QSize(emptySide, emptySide) : m_code.size() * usualScale;
}

QSize QrCode::minimumSizeHint() const
{
    return m_code.isNull() ? QSize(emptySide, emptySide) : m_code.size() * smallestScale;
}

void QrCode::paintEvent(QPaintEvent *)
{
    if (m_code.isNull())
        return;
    QPainter painter(this);
    const int scale = std::max(1, std::min(width(), height()) / m_code.width());
    QRect place(QPoint(), m_code.size() * scale);
    place.moveCenter(rect().center());
    painter.drawImage(place, m_code);
}

} // namespace ferry::gui
