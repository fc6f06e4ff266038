// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/serverconfig.h"
#include "wire/result.h"

#include <QIcon>

namespace ferry::gui {

/// The shared folders and single files: the name that clients see, where it is on this disk, and
/// what others may do there.
class SharesModel : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Name, Folder, Access, ColumnCount };

    explicit SharesModel(QObject *parent = nullptr);

    const QList<server::ShareConfig> &shares() const { return m_shares; }
    void setShares(const QList<server::ShareConfig> &shares);

    /// The folder (or file) under its own name, or that name with a number if it is taken. Invalid
    /// with a sentence: neither of them, shared already, the whole disk.
    Result<> addFolder(const QString &folder);

    /// The same under a given name. If it is taken, it is put to the other folder, with the access
    /// that is given for that; for the same folder nothing changes.
    Result<> add(const server::ShareConfig &share);

    void removeAt(int row);

    /// Invalid with a sentence: nobody can put files in there.
    Result<> setAccess(int row, extended::Access access);
    static QString accessText(extended::Access access);
    static QString accessToolTip(extended::Access access); ///< a sentence
    static QIcon accessIcon(extended::Access access);

    /// Others can put files into one of them.
    bool takesFiles() const;

    /// Where a file is that others see under this path, "/share/folder/file" as it is shown; empty
    /// if there is no such share any more.
    QString localPath(const QString &shown) const;

    /// True for the home folder and for what contains it: more than most people mean to share.
    static bool holdsHome(const QString &folder);

    /// Looks again which of them are there.
    void refresh();

    QString folderText(int row) const;

    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void sharesChanged();
    /// A name that was typed cannot be used; `why` is a sentence.
    void refused(const QString &why);

private:
    qsizetype rows() const override { return m_shares.size(); }
    static Result<> checkFolder(const QByteArray &folder);
    bool nameTaken(const QByteArray &name, int exceptRow = -1) const;
    Result<> checkName(const QByteArray &name, int row) const;

    QList<server::ShareConfig> m_shares;
    QList<bool> m_there; ///< per share: the folder was there when last looked
    QIcon m_folderIcon;
    QIcon m_fileIcon;
    QIcon m_missingIcon;
};

} // namespace ferry::gui
