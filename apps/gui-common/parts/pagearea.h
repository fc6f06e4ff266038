// SPDX-License-Identifier: MIT
#pragma once

#include <QScrollArea>

namespace ferry::gui {

/// All that a window shows between its bars. It is as large as it needs to be, up to what a small
/// screen has room for; from there on it scrolls.
class PageArea final : public QScrollArea
{
    Q_OBJECT
public:
    /// Takes the page, which has its layout.
    PageArea(QWidget *page, QWidget *parent);

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    bool eventFilter(QObject *object, QEvent *event) override;
};

} // namespace ferry::gui
