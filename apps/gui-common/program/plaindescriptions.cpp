// SPDX-License-Identifier: MIT
#include "gui-common/program/plaindescriptions.h"

#include <QEvent>
#include <QTextDocumentFragment>
#include <QVariant>
#include <QWidget>

namespace ferry::gui {

namespace {
constexpr char ours[] = "plainDescription"; // the property with what was set here
}

bool PlainDescriptions::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::ToolTipChange || !watched->isWidgetType())
        return false;
    auto *widget = static_cast<QWidget *>(watched);
    if (widget->accessibleDescription() != widget->property(ours).toString())
        return false;
    const QString text = Qt::mightBeRichText(widget->toolTip())
                             ? QTextDocumentFragment::fromHtml(widget->toolTip()).toPlainText()
                             : QString();
    widget->setProperty(ours, text);
    widget->setAccessibleDescription(text);
    return false;
}

} // namespace ferry::gui
