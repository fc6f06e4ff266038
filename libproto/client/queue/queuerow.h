// SPDX-License-Identifier: MIT
/// A download as a row of SQL. Names are kept as bytes: they need not be text.
#pragma once

#include "client/download.h"

#include <QString>
#include <QStringList>

#include <optional>

class QSqlQuery;

namespace ferry::client::queuerow {

/// All but `id`, in the order of everything here; also what CREATE TABLE takes.
QString columns();
/// The same for a file that is only read, of a Ferry that did not have all of `addedColumns` yet:
/// NULL is in the place of those that are `missing`.
QString columnsWithout(const QStringList &missing);
QStringList addedColumns();
/// For `id` and them.
QString placeholders();

void bind(QSqlQuery &query, const Download &download);

/// Nothing: the row makes no sense. Whatever is in the file, a name that it gives stays one name
/// in the folder of its row.
std::optional<Download> read(const QSqlQuery &query);

} // namespace ferry::client::queuerow
