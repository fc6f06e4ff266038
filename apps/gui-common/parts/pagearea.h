// SPDX-License-Identifier: MIT
#pragma once

#include <QScrollArea>
#include <QVBoxLayout>

namespace ferry::gui {

/// The layout of a page: text that wraps gets its height, but the page as a whole does not ask for
/// the height that it would like best, which makes it scroll where it need not.
class PageLayout final : public QVBoxLayout
{
public:
    using QVBoxLayout::QVBoxLayout;
    bool hasHeightForWidth() const override { return false; }
};

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

/// How large a window is at first, once its PageArea is in it: as is usual for it, or what its page
/// needs in a large font, but with all of its frame on the screen.
QSize firstSize(const QWidget *window, QSize usual);

} // namespace ferry::gui
