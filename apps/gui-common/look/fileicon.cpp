// SPDX-License-Identifier: MIT
#include "gui-common/look/fileicon.h"

#include "gui-common/look/icon.h"

#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QMimeDatabase>
#include <QPainter>
#include <QPalette>
#include <QPixmap>

#include <algorithm>
#include <utility>

namespace ferry::gui {

namespace {

struct FileType
{
    QIcon icon;
    QString kind;
};

QIcon ownFileIcon()
{
    return icon(QLatin1StringView("file"), Tone::Quiet);
}

FileType typeOf(const QString &name)
{
    const QMimeType type = QMimeDatabase().mimeTypeForFile(name, QMimeDatabase::MatchExtension);
    if (type.isDefault())
        return {ownFileIcon(), {}};
    // A theme that has only some of them would mix two families.
    QIcon themed = QIcon::fromTheme(type.iconName());
    if (themed.isNull())
        themed = QIcon::fromTheme(type.genericIconName());
    QString kind = type.comment();
    if (!kind.isEmpty())
        kind[0] = kind[0].toUpper();
    return {themed.isNull() ? ownFileIcon() : themed, kind};
}

const FileType &known(QStringView name)
{
    // Models ask at every paint. By the ending, because many files share it; a peer cannot make
    // this grow without end.
    constexpr qsizetype most = 1000;
    static QHash<QString, FileType> types;
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString ending = dot <= 0 ? QString() : name.sliced(dot).toString().toLower();
    const auto found = types.constFind(ending);
    if (found != types.constEnd())
        return *found;
    if (types.size() >= most)
        types.clear();
    return *types.insert(ending, typeOf(u'x' + ending));
}

/// Drawn when it is painted, in the colours that the program has then.
class SentIconEngine final : public QIconEngine
{
public:
    explicit SentIconEngine(QIcon plain)
        : m_plain(std::move(plain))
    {
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int side = std::min(rect.width(), rect.height());
        const int badge = (side * 10 + 8) / 16;
        const QRect corner(rect.right() + 1 - badge, rect.bottom() + 1 - badge, badge, badge);
        m_plain.paint(painter, rect.adjusted(0, 0, -side / 8, -side / 8), Qt::AlignCenter, mode,
                      state);
        const bool selected = mode == QIcon::Selected;
        const QPalette palette = QGuiApplication::palette();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(palette.color(selected ? QPalette::Highlight : QPalette::Base));
        painter->drawEllipse(corner);
        painter->restore();
        icon(QLatin1StringView("up"), Tone::Accent)
            .paint(painter, corner, Qt::AlignCenter, mode, state);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap drawn(size);
        drawn.fill(Qt::transparent);
        QPainter painter(&drawn);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return drawn;
    }
    QIconEngine *clone() const override { return new SentIconEngine(m_plain); }

private:
    const QIcon m_plain;
};

} // namespace

QIcon sentIcon(const QIcon &icon)
{
    return QIcon(new SentIconEngine(icon));
}

QIcon fileIcon(QStringView name)
{
    return known(name).icon;
}

QString fileKind(QStringView name)
{
    return known(name).kind;
}

QIcon folderIcon()
{
    const QIcon themed = QIcon::fromTheme(QStringLiteral("folder"));
    return themed.isNull() ? icon(QLatin1StringView("folder"), Tone::Accent) : themed;
}

} // namespace ferry::gui
