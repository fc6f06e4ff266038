// SPDX-License-Identifier: MIT
#include "client-gui/queue/destinationbar.h"

#include "client-gui/queue/freespacewatch.h"
#include "gui-common/dialogs/prompts.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/shortpath.h"
#include "gui-common/look/smallpixmap.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QDir>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

namespace ferry::gui {

namespace {

/// Of a path that is longer, the least that is shown of it.
constexpr auto shortestPath = "~/D…s";

} // namespace

DestinationBar::DestinationBar(QWidget *parent)
    : QWidget(parent)
    , m_prompts(Prompts::standard())
    , m_label(new QLabel(this))
    , m_path(namedLabel(QStringLiteral("destinationPath"), this))
    , m_free(namedLabel(QStringLiteral("freeSpace"), this))
    , m_space(new FreeSpaceWatch(this))
    , m_change(pushButton({}, tr("Chan&ge…"), QStringLiteral("changeDestination"), this))
    , m_open(iconButton(QLatin1StringView("folder-open"), tr("Show the folder in the file manager"),
                        QStringLiteral("openDestination"), this))
{
    setObjectName(QStringLiteral("destinationBar"));
    // A sign and no words: beside the tabs there is little room.
    m_label->setPixmap(smallPixmap(icon(QLatin1StringView("save"), Tone::Quiet), this));
    m_label->setToolTip(tr("Files are saved to this folder"));
    m_label->setAccessibleName(tr("Save to"));
    m_path->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_path->installEventFilter(this);
    m_change->setAccessibleName(tr("Change the folder that files are saved to"));
    m_open->setAccessibleName(tr("Open the folder that files are saved to"));

    auto *layout = tightLayout<QHBoxLayout>(this, rhythm / 2);
    layout->addStretch();
    layout->addWidget(m_label);
    layout->addWidget(m_path, 100);
    layout->addWidget(m_free);
    layout->addWidget(m_change);
    layout->addWidget(m_open);

    showSpace();
    connect(m_space, &FreeSpaceWatch::changed, this, &DestinationBar::showSpace);
    connect(m_change, &QPushButton::clicked, this, &DestinationBar::change);
    connect(m_open, &QToolButton::clicked, this, [this] { Q_EMIT openRequested(m_folder); });
}

void DestinationBar::setFolder(const QString &folder)
{
    m_folder = folder;
    m_space->setFolder(folder);
    showFolder();
}

void DestinationBar::setReserve(qint64 bytes)
{
    m_reserve = bytes;
    showSpace();
}

void DestinationBar::showSpace()
{
    const qint64 bytes = m_space->bytes();
    const bool little = bytes >= 0 && bytes < m_reserve;
    const QString text = bytes < 0 ? QString()
                         : little  ? tr("only %1 free", "size").arg(formatSize(bytes))
                                   : tr("%1 free", "size").arg(formatSize(bytes));
    m_free->setText(text);
    placeExtras();
    m_free->setToolTip(
        plainToolTip(little ? tr("Less than the settings keep free, so the queue waits for space.")
                            : tr("On the disk of that folder")));
    setTone(m_free, little ? Tone::Caution : Tone::Quiet);
    // Where the words have no room.
    const QString tip = tr("Choose the folder that files are saved to");
    m_change->setToolTip(text.isEmpty() ? tip : plainToolTip(tip + u'\n' + text));
}

int DestinationBar::roomFor(const QWidget *part) const
{
    return part->sizeHint().width() + layout()->spacing();
}

/// The button goes after the words.
void DestinationBar::placeExtras()
{
    const int left = width() - minimumSizeHint().width() - roomFor(m_open);
    m_open->setVisible(left >= 0);
    m_free->setVisible(m_space->bytes() >= 0 && left >= roomFor(m_free));
}

QSize DestinationBar::minimumSizeHint() const
{
    QSize size = QWidget::minimumSizeHint();
    for (const QWidget *part : {static_cast<QWidget *>(m_free), static_cast<QWidget *>(m_open)}) {
        if (!part->isHidden())
            size.rwidth() -= roomFor(part);
    }
    return size;
}

void DestinationBar::resizeEvent(QResizeEvent *event)
{
    placeExtras();
    QWidget::resizeEvent(event);
}

void DestinationBar::change()
{
    const QString chosen = m_prompts->askFolder(window(), tr("Save files to"), m_folder);
    if (chosen.isEmpty() || chosen == m_folder)
        return;
    setFolder(chosen);
    Q_EMIT folderChanged(chosen);
}

/// The path is as wide as the layout lets it be.
bool DestinationBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_path && event->type() == QEvent::Resize)
        elide();
    return QWidget::eventFilter(watched, event);
}

void DestinationBar::elide()
{
    const QString shown = shortPath(m_folder);
    m_path->setText(m_path->fontMetrics().elidedText(shown, Qt::ElideMiddle, m_path->width()));
}

void DestinationBar::showFolder()
{
    const QString shown = shortPath(m_folder);
    // No wider than its words, so that what follows stands beside them.
    const int whole = m_path->fontMetrics().horizontalAdvance(shown) + 2;
    const int least = m_path->fontMetrics().horizontalAdvance(QString::fromUtf8(shortestPath));
    m_path->setMinimumWidth(std::min(whole, least));
    m_path->setMaximumWidth(whole);
    elide();
    m_path->setToolTip(plainToolTip(QDir::toNativeSeparators(m_folder)));
    m_path->setAccessibleName(tr("Files are saved to %1").arg(m_folder));
}

} // namespace ferry::gui
