// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"

#include <QList>
#include <QString>

namespace ferry::gui {

/// What was written to the operator and by them, oldest first. At most maxRows messages. Every text
/// is remote text: it is shown in its column only, in one line and without a meaning of its own.
class MessagesModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { When, Who, Text, ColumnCount };
    enum Role { ToneRole = Qt::UserRole }; ///< int(Tone)

    static constexpr qsizetype maxRows = 1000;

    struct Row
    {
        qint64 atMs = 0; ///< wall clock, since the epoch
        QString who;     ///< from whom to whom, safe to show; empty: nobody, it is about messages
        QString text;    ///< as it came
        quint64 session = 0; ///< of whoever is answered; 0: nobody
    };

    explicit MessagesModel(QObject *parent = nullptr);

    void add(const QList<Row> &rows);

    const Row &row(int row) const { return m_rows[row]; }
    /// The whole text with its line ends, safe to show as plain text.
    QString wholeText(int row) const;

    QVariant data(const QModelIndex &index, int role) const override;

private:
    qsizetype rows() const override { return m_rows.size(); }
    QString text(const Row &row, int column) const;

    QList<Row> m_rows;
};

} // namespace ferry::gui
