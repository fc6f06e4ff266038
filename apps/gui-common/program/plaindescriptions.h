// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

namespace ferry::gui {

/// Qt gives a widget's tooltip to screen readers as its description, with its markup. Installed on
/// the application, this gives them its text, unless the widget has a description of its own.
class PlainDescriptions final : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace ferry::gui
