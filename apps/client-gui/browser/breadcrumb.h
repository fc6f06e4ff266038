// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>
#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace ferry::gui {

/// The way to a folder of the server, a button per folder. Where there is no room for all of
/// them, those in the middle are in the menu of a button "…".
class Breadcrumb final : public QWidget
{
    Q_OBJECT
public:
    explicit Breadcrumb(QWidget *parent = nullptr);

    /// `top`: what the root is called.
    void setPath(const QString &top, const QByteArray &path);

    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void chosen(const QByteArray &path);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Step
    {
        QString shown;
        QByteArray path;
    };
    void layOut();
    QToolButton *button(const Step &step);

    QList<Step> m_steps;
    QHBoxLayout *m_layout;
};

} // namespace ferry::gui
