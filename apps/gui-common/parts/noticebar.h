// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/look/theme.h"

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace ferry::gui {

/// A sentence across the window that asks for no answer at once, with at most one button that
/// helps. The newest replaces the one before.
class NoticeBar final : public QFrame
{
    Q_OBJECT
public:
    enum class Closing {
        ByPerson, ///< it stays until somebody has read it
        ByItself, ///< until what it says is over
    };
    explicit NoticeBar(QWidget *parent, Closing closing = Closing::ByPerson);

    /// Accent, Caution or Bad. Hidden if `text` is empty.
    void show(Tone tone, const QString &text, const QString &button = {},
              std::function<void()> help = {});
    void dismiss();

    QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    QLabel *m_icon;
    QLabel *m_text;
    QPushButton *m_button;
    std::function<void()> m_help;
};

} // namespace ferry::gui
