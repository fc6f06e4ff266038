// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/records/deliveryledger.h"

#include <QList>

namespace ferry::gui {

/// The files that others put in, newest first: complete, verified, under the names that they got.
/// At most maxRows of them.
class ReceivedModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { When, File, Size, From, State, ColumnCount };
    enum Role { ToneRole = Qt::UserRole }; ///< int(Tone)

    static constexpr qsizetype maxRows = 1000;

    explicit ReceivedModel(QObject *parent = nullptr);

    void add(const server::Delivery &file);
    /// Those of earlier runs, newest first: older than all that are there.
    void addEarlier(const QList<server::Delivery> &files);

    /// The path that others see, "/share/folder/file", safe to show.
    QString file(int row) const { return m_rows[row].file; }

    QVariant data(const QModelIndex &index, int role) const override;

private:
    qsizetype rows() const override { return m_rows.size(); }
    QString text(const server::Delivery &file, int column) const;

    QList<server::Delivery> m_rows;
};

} // namespace ferry::gui
