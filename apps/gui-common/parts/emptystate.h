// SPDX-License-Identifier: MIT
#pragma once

#include <QIcon>
#include <QWidget>

class QBoxLayout;
class QLabel;

namespace ferry::gui {

/// What stands where there is nothing yet: an icon, a headline, one sentence that says what to
/// do next, and below it room for buttons. Plain text only.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);

    void setIcon(const QIcon &icon);
    void setTitle(const QString &title);
    void setText(const QString &text);

    /// Below the text, centred; the layout takes the widget over.
    void addWidget(QWidget *widget);

protected:
    void changeEvent(QEvent *event) override;

private:
    void showIcon();

    QIcon m_icon;
    QLabel *m_picture;
    QLabel *m_title;
    QLabel *m_text;
    QBoxLayout *m_layout;
};

} // namespace ferry::gui
