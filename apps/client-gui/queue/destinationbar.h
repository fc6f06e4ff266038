// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace ferry::gui {

class FreeSpaceWatch;
class Prompts;

/// "Save to ~/Downloads, 12 GB free [Change…] [Open]": where new downloads go.
class DestinationBar final : public QWidget
{
    Q_OBJECT
public:
    explicit DestinationBar(QWidget *parent = nullptr);

    void setPrompts(Prompts *prompts) { m_prompts = prompts; }
    QString folder() const { return m_folder; }
    void setFolder(const QString &folder);

    /// Less than that is shown as too little.
    void setReserve(qint64 bytes);

    /// Asks for another one.
    void change();

    /// Without the free space and the button behind it, which go where there is no room for them.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void folderChanged(const QString &folder);
    void openRequested(const QString &folder);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showFolder();
    void elide();
    void showSpace();
    void placeExtras();
    int roomFor(const QWidget *part) const;

    Prompts *m_prompts;
    QString m_folder;
    QLabel *m_label;
    QLabel *m_path;
    QLabel *m_free;
    FreeSpaceWatch *m_space;
    qint64 m_reserve = 0;
    QPushButton *m_change;
    QToolButton *m_open;
};

} // namespace ferry::gui
