// SPDX-License-Identifier: MIT
#pragma once

#include "client/browse/remoteentry.h"
#include "gui-common/parts/columnmodel.h"
#include "wire/bytesum.h"

#include <QByteArrayList>

#include <vector>

class QMimeData;

namespace ferry::gui {

/// What a person picked: a file or a whole folder of the server.
struct RemoteItem
{
    QByteArray path;
    bool folder = false;
    qint64 size = -1; ///< bytes of a file, as listed; -1: not known
};

/// One folder of the server as a table, filled piece by piece while it is listed. Sorted and
/// filtered here and not by a proxy: with 100,000 entries a proxy would block the window. Names are
/// remote bytes: shown through displayText() only, and paths are made of the bytes.
class RemoteListModel final : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Name, Size, Kind, Modified, ColumnCount };

    /// What a drag within this program carries.
    static QString mimeType();
    static QMimeData *mimeDataFor(const QList<RemoteItem> &items);
    static QList<RemoteItem> itemsIn(const QMimeData *data);

    explicit RemoteListModel(QObject *parent = nullptr);

    /// Empties it: what comes now is of this folder.
    void begin(const QByteArray &path);
    /// In natural order among themselves.
    void append(const QList<client::RemoteEntry> &entries);

    /// What is in the folder now, all of it. What stays keeps its selection. Whether anything is
    /// different.
    bool update(const QList<client::RemoteEntry> &entries);

    void setFilter(const QString &text);
    void setHiddenShown(bool shown);
    QString filter() const { return m_filter; }

    const QByteArray &path() const { return m_path; }
    /// Entries that came, shown or not.
    qsizetype count() const { return qsizetype(m_entries.size()); }
    const client::RemoteEntry &entry(int row) const { return m_entries[m_rows[size_t(row)]]; }
    QByteArray pathOf(int row) const;
    RemoteItem item(int row) const;
    /// -1 if it is not shown.
    int rowOf(QByteArrayView name) const;
    /// The folders that came, in natural order.
    QByteArrayList folders() const;

    struct Totals
    {
        qint64 files = 0;
        qint64 folders = 0;
        ByteSum bytes;
        void add(const client::RemoteEntry &entry);
    };
    /// Of all rows that are shown.
    const Totals &totals() const { return m_totals; }

    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order) override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;

private:
    using Rows = std::vector<quint32>; ///< places in m_entries

    qsizetype rows() const override { return qsizetype(m_rows.size()); }
    bool accepts(const client::RemoteEntry &entry) const;
    bool before(quint32 a, quint32 b) const;
    template <typename Condition>
    bool removeIf(Condition isGone);
    void addUp();
    void refill();
    void resort();
    void reorder(Rows rows);
    QString text(const client::RemoteEntry &entry, int column) const;

    QByteArray m_path;
    std::vector<client::RemoteEntry> m_entries; ///< as they came
    Rows m_rows;                                ///< those shown, in their order
    QString m_filter;
    bool m_hiddenShown = false;
    int m_sortColumn = Name;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    Totals m_totals;
};

/// The remote path of a name in a folder.
QByteArray joinedPath(const QByteArray &folder, const QByteArray &name);

/// "RAW file", "Folder": by the end of the name.
QString kindText(const client::RemoteEntry &entry);

} // namespace ferry::gui
