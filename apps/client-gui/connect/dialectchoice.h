// SPDX-License-Identifier: MIT
#pragma once

#include <QToolButton>

class QAction;
class QMenu;

namespace ferry::gui {

struct ConnectionView;

/// The lock beside the connection's light: says how safe the connection is, and its menu is the
/// choice between the two dialects. Encrypted at every start of the program: the other one is
/// chosen deliberately, each time.
class DialectChoice final : public QToolButton
{
    Q_OBJECT
public:
    explicit DialectChoice(QWidget *parent = nullptr);

    bool classic() const;
    void setClassic(bool classic);

    /// Both entries, for a menu of the window.
    QMenu *choices() const { return m_menu; }

    /// `exposed`: what is typed leads to another computer, and would go there unencrypted.
    void showConnection(const ConnectionView &view, bool exposed);

    /// Where there is little room the lock stands alone, and the words are in its tip.
    void setWordsShown(bool shown);
    bool wordsShown() const { return toolButtonStyle() != Qt::ToolButtonIconOnly; }
    /// Pixels that the words take.
    int wordsWidth() const;

Q_SIGNALS:
    void changed(bool classic);

private:
    QMenu *m_menu;
    QAction *m_encrypted;
    QAction *m_classic;
    int m_iconWidth = 0;
    int m_widthWithWords = 0;
};

} // namespace ferry::gui
