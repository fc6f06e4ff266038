// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/theme.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace ferry::gui {

/// A line across a pane that says something which concerns all of it. Hidden while there is
/// nothing to say.
class MessageStrip final : public QWidget
{
    Q_OBJECT
public:
    /// `closable`: it stays until a person has read it; else until what it says is over.
    MessageStrip(QLatin1StringView iconName, Tone tone, bool closable, QWidget *parent = nullptr);

    /// Empty: hides it.
    void setText(const QString &text);
    QString text() const;

private:
    QLabel *m_text;
};

} // namespace ferry::gui
