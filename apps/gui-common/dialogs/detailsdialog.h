// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>
#include <QList>
#include <QString>

#include <utility>

class QLabel;

namespace ferry::gui {

/// Line by line: what it is, and its value.
using Details = QList<std::pair<QString, QString>>;

/// All that is known of one thing, kept true while it is open. Deletes itself when closed.
class DetailsDialog final : public QDialog
{
    Q_OBJECT
public:
    DetailsDialog(const QString &title, const Details &details, QWidget *parent);

    /// As they are now: the same lines, with other values.
    void refresh(const Details &details);

private:
    QList<QLabel *> m_values;
};

} // namespace ferry::gui
