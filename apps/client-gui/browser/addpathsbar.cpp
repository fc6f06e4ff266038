// SPDX-License-Identifier: MIT
#include "client-gui/browser/addpathsbar.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTextDocument>

#include <algorithm>

namespace ferry::gui {

namespace {
constexpr int maxLines = 5;
}

PathsEdit::PathsEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    document()->setDocumentMargin(3);
    connect(this, &QPlainTextEdit::textChanged, this, &PathsEdit::adjustHeight);
    adjustHeight();
}

QSize PathsEdit::sizeHint() const
{
    return {320, heightFor(1)};
}

int PathsEdit::heightFor(int lines) const
{
    const int frames = 2 * frameWidth() + qCeil(2 * document()->documentMargin());
    return lines * fontMetrics().lineSpacing() + frames + 2;
}

void PathsEdit::adjustHeight()
{
    const int lines = std::clamp(document()->blockCount(), 1, maxLines);
    setFixedHeight(heightFor(lines));
    setVerticalScrollBarPolicy(document()->blockCount() > maxLines ? Qt::ScrollBarAsNeeded
                                                                   : Qt::ScrollBarAlwaysOff);
}

void PathsEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        adjustHeight();
}

void PathsEdit::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    ensureCursorVisible();
}

void PathsEdit::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const Qt::KeyboardModifiers held = event->modifiers() & ~Qt::KeypadModifier;
    if (enter && held == Qt::NoModifier) {
        Q_EMIT entered();
        return;
    }
    if (enter && held == Qt::ShiftModifier) {
        insertPlainText(QStringLiteral("\n")); // the control's own would be a soft line break
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

AddPathsBar::AddPathsBar(QWidget *parent)
    : QWidget(parent)
    , m_edit(new PathsEdit(this))
    , m_add(pushButton(QLatin1StringView("add"), tr("&Add"), QStringLiteral("addButton"), this))
{
    setObjectName(QStringLiteral("addPathsBar"));
    m_edit->setObjectName(QStringLiteral("pathsEdit"));
    m_edit->setAccessibleName(tr("Paths on the server to download, one per line"));
    m_edit->setPlaceholderText(tr("Path on the server, e.g. /Photos/a.raw"));
    m_edit->setToolTip(tr("Paths of files or folders on the server, one per line. A folder "
                          "is fetched whole. Enter adds them, "
                          "Shift+Enter begins a new line; a list can be pasted."));

    auto *label = new QLabel(tr("&Paths"), this);
    label->setBuddy(m_edit);
    auto *layout = tightLayout<QHBoxLayout>(this, rhythm);
    layout->addWidget(label, 0, Qt::AlignTop);
    layout->addWidget(m_edit, 1, Qt::AlignTop);
    layout->addWidget(m_add, 0, Qt::AlignTop);
    // The label's text on the line of the field's first.
    label->setFixedHeight(m_edit->height());

    connect(m_edit, &PathsEdit::entered, this, &AddPathsBar::enter);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &AddPathsBar::showCount);
    connect(m_add, &QPushButton::clicked, this, &AddPathsBar::enter);
    showCount();
}

QByteArrayList AddPathsBar::paths() const
{
    QByteArrayList paths;
    const QStringList lines = m_edit->toPlainText().split(QLatin1Char('\n'));
    for (const QString &line : lines) {
        if (const QString path = line.trimmed(); !path.isEmpty())
            paths.append(path.toUtf8());
    }
    return paths;
}

void AddPathsBar::enter()
{
    const QByteArrayList entered = paths();
    if (entered.isEmpty())
        return;
    m_edit->clear();
    Q_EMIT pathsEntered(entered);
}

void AddPathsBar::showCount()
{
    const qsizetype count = paths().size();
    m_add->setEnabled(count > 0);
    m_add->setText(count > 1 ? tr("&Add %1").arg(formatCount(count)) : tr("&Add"));
    m_add->setToolTip(count > 0 ? tr("Add to the queue")
                                : tr("Type the path of a file on the server first"));
}

} // namespace ferry::gui
