// SPDX-License-Identifier: MIT
#include "gui-common/look/icon.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace ferry::gui {

namespace {

class PaletteIconEngine final : public QIconEngine
{
public:
    PaletteIconEngine(QString file, QByteArray svg, Tone tone)
        : m_file(std::move(file))
        , m_svg(std::move(svg))
        , m_tone(tone)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = m_svg;
        svg.replace("currentColor", color(mode).name(QColor::HexRgb).toLatin1());
        QSvgRenderer renderer(svg);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        painter->save();
        // An opacity of the painter, because SVG colours have no alpha.
        painter->setOpacity(painter->opacity() * (mode == QIcon::Disabled ? 0.45 : 1.0));
        renderer.render(painter, QRectF(rect));
        painter->restore();
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state,
                         qreal scale) override
    {
        Q_UNUSED(scale) // `size` is in device pixels already
        const QString key = QStringLiteral("ferry-icon:%1:%2x%3:%4:%5")
                                .arg(m_file)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(int(mode))
                                .arg(color(mode).rgb(), 0, 16);
        QPixmap result;
        if (!QPixmapCache::find(key, &result)) {
            result = QPixmap(size);
            result.fill(Qt::transparent);
            QPainter painter(&result);
            paint(&painter, QRect(QPoint(0, 0), size), mode, state);
            painter.end();
            QPixmapCache::insert(key, result);
        }
        return result;
    }

    QSize actualSize(const QSize &size, QIcon::Mode, QIcon::State) override { return size; }

    QIconEngine *clone() const override { return new PaletteIconEngine(*this); }
    QString key() const override { return QStringLiteral("ferry-palette"); }
    QString iconName() override { return m_file; }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Selected)
            return palette.color(QPalette::Active, QPalette::HighlightedText);
        return toneColor(mode == QIcon::Disabled ? Tone::Normal : m_tone, palette);
    }

    QString m_file;
    QByteArray m_svg;
    Tone m_tone;
};

} // namespace

QIcon icon(QLatin1StringView name, Tone tone)
{
    // Models ask for the same few icons at every paint.
    static QHash<QString, QIcon> known;
    const QString key = QStringLiteral("%1:%2").arg(name).arg(int(tone));
    if (const auto found = known.constFind(key); found != known.constEnd())
        return *found;
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QIcon made(new PaletteIconEngine(file.fileName(), file.readAll(), tone));
    known.insert(key, made);
    return made;
}

} // namespace ferry::gui
