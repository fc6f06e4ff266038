// SPDX-License-Identifier: MIT
#pragma once

#include <QLabel>

class QAbstractItemView;

namespace ferry::gui {

/// A quiet sentence in the middle of a table that has no rows. Screen readers do not look into a
/// table for anything but cells, so for them it is the table's description.
class EmptyNote final : public QLabel
{
    Q_OBJECT
public:
    EmptyNote(const QString &objectName, QAbstractItemView *view);

    /// Empty: there are rows.
    void say(const QString &sentence);

private:
    QAbstractItemView *m_view;
};

} // namespace ferry::gui
