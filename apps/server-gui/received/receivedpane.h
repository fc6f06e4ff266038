// SPDX-License-Identifier: MIT
#pragma once

#include <QWidget>

class QPushButton;
class QTreeView;

namespace ferry::gui {

class EmptyNote;
class ReceivedModel;
class SharesModel;

/// What others put in, and the way to it.
class ReceivedPane final : public QWidget
{
    Q_OBJECT
public:
    /// The models are not owned.
    ReceivedPane(ReceivedModel *model, const SharesModel *shares, QWidget *parent = nullptr);

    QTreeView *view() const { return m_view; }

Q_SIGNALS:
    void refused(const QString &why);

private:
    void makeView();
    void openCurrent();
    void showContent();

    ReceivedModel *m_model;
    const SharesModel *m_shares;
    QTreeView *m_view;
    EmptyNote *m_empty;
    QPushButton *m_open;
};

} // namespace ferry::gui
