// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayList>
#include <QPlainTextEdit>
#include <QWidget>

class QPushButton;

namespace ferry::gui {

/// A field for text lines that is one line high and grows while there are more. Enter is
/// `entered`, Shift+Enter begins a new line, Tab leaves.
class PathsEdit final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit PathsEdit(QWidget *parent = nullptr);

    QSize sizeHint() const override;

Q_SIGNALS:
    void entered();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void adjustHeight();
    int heightFor(int lines) const;
};

/// Where remote paths are typed or pasted, one per line, to be fetched.
class AddPathsBar final : public QWidget
{
    Q_OBJECT
public:
    explicit AddPathsBar(QWidget *parent = nullptr);

    /// As typed, without blank lines and the white space around them.
    QByteArrayList paths() const;
    QWidget *field() const { return m_edit; }

Q_SIGNALS:
    void pathsEntered(const QByteArrayList &paths);

private:
    void enter();
    void showCount();

    PathsEdit *m_edit;
    QPushButton *m_add;
};

} // namespace ferry::gui
