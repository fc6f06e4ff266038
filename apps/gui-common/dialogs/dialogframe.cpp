// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/dialogframe.h"

#include "gui-common/look/icon.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace ferry::gui {

namespace {

constexpr int bigIcon = 32;

} // namespace

DialogFrame frameDialog(QDialog *dialog, QLatin1StringView iconName, Tone tone,
                        const QString &headline)
{
    auto *picture = new QLabel(dialog);
    picture->setPixmap(
        icon(iconName, tone).pixmap(QSize(bigIcon, bigIcon), dialog->devicePixelRatioF()));
    QLabel *title = plainLabel(headline, dialog);
    title->setObjectName(QStringLiteral("headline"));
    title->setMinimumWidth(dialogTextWidth);
    QFont font = title->font();
    font.setBold(true);
    font.setPointSizeF(font.pointSizeF() * 1.15);
    title->setFont(font);

    auto *content = new QVBoxLayout;
    content->setSpacing(rhythm + rhythm / 2);
    auto *row = tightLayout<QHBoxLayout>(dialog, 2 * rhythm, 2 * rhythm);
    row->addWidget(picture, 0, Qt::AlignTop);
    row->addLayout(content, 1);
    row->setSizeConstraint(QLayout::SetFixedSize);
    return {title, content};
}

void fitToContent(QDialog *dialog)
{
    QLayout *layout = dialog->layout();
    layout->activate();
    int width = std::max(dialog->minimumWidth(), layout->totalSizeHint().width());
    int height = layout->hasHeightForWidth() ? layout->totalHeightForWidth(width)
                                             : layout->totalSizeHint().height();
    // What scrolls hides from the layout how high its wrapped text is.
    if (const auto *area = dialog->findChild<PageArea *>()) {
        const int around = layout->totalSizeHint().width() - area->sizeHint().width();
        const int wanted = area->widget()->heightForWidth(width - around);
        height += std::max(0, wanted - area->sizeHint().height());
        // On a low screen there is a scroll bar beside it.
        width += dialog->style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, area);
    }
    dialog->resize(firstSize(dialog, {width, height}));
}

} // namespace ferry::gui
