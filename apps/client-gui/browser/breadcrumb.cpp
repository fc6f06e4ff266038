// SPDX-License-Identifier: MIT
#include "client-gui/browser/breadcrumb.h"

#include "client-gui/browser/remotelistmodel.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace ferry::gui {

namespace {

constexpr int widestStep = 180;

/// A name with an ampersand in it would gain a mnemonic.
QString literal(QString text)
{
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace

Breadcrumb::Breadcrumb(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
{
    setObjectName(QStringLiteral("breadcrumb"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

QSize Breadcrumb::minimumSizeHint() const
{
    return {120, QToolButton().sizeHint().height()};
}

void Breadcrumb::setPath(const QString &top, const QByteArray &path)
{
    m_steps = {{displayText(top), "/"}};
    QByteArray whole = "/";
    const QByteArrayList names = path.split('/');
    for (const QByteArray &name : names) {
        if (name.isEmpty())
            continue;
        whole = joinedPath(whole, name);
        m_steps.append({displayText(name), whole});
    }
    setAccessibleName(tr("Folder %1 on the server").arg(displayText(path)));
    layOut();
}

void Breadcrumb::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

QToolButton *Breadcrumb::button(const Step &step)
{
    auto *made = new QToolButton(this);
    made->setObjectName(QStringLiteral("breadcrumbStep"));
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::StrongFocus);
    made->setText(literal(fontMetrics().elidedText(step.shown, Qt::ElideMiddle, widestStep)));
    made->setAccessibleName(step.shown);
    made->setToolTip(plainToolTip(tr("Go to %1").arg(displayText(step.path))));
    connect(made, &QToolButton::clicked, this, [this, path = step.path] { Q_EMIT chosen(path); });
    return made;
}

void Breadcrumb::layOut()
{
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        // Not at once: one of them may be the one that was clicked.
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    // The last ones are the ones that matter; the first one is the way home.
    const auto widthOf = [this](const Step &step) {
        return std::min(fontMetrics().horizontalAdvance(step.shown), widestStep) + 5 * rhythm;
    };
    int room = width();
    qsizetype first = m_steps.size();
    while (first > 0 && (room -= widthOf(m_steps[first - 1])) > 0)
        --first;
    first = std::min(first, m_steps.size() - 1);
    const auto add = [this](QWidget *widget) {
        if (m_layout->count() > 0) {
            auto *arrow = new QLabel(QStringLiteral("›"), this);
            setTone(arrow, Tone::Quiet);
            m_layout->addWidget(arrow);
        }
        m_layout->addWidget(widget);
    };
    if (first > 0) {
        auto *more = new QToolButton(this);
        more->setAutoRaise(true);
        more->setText(QStringLiteral("…"));
        more->setAccessibleName(tr("Folders above"));
        more->setToolTip(tr("Folders above"));
        more->setFocusPolicy(Qt::StrongFocus);
        more->setPopupMode(QToolButton::InstantPopup);
        auto *menu = new QMenu(more);
        for (const Step &step : m_steps.first(first)) {
            menu->addAction(literal(step.shown), this,
                            [this, path = step.path] { Q_EMIT chosen(path); });
        }
        more->setMenu(menu);
        add(more);
    }
    for (const Step &step : m_steps.sliced(first))
        add(button(step));
    m_layout->addStretch(1);
}

} // namespace ferry::gui
