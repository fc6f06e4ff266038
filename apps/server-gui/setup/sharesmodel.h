// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/parts/columnmodel.h"
#include "server/serverconfig.h"
#include "wire/result.h"

#include <QIcon>

namespace ferry::gui {

/// The shared folders and single files: the name that clients see, and where it is on this disk.
class SharesModel : public ColumnModel
{
    Q_OBJECT
public:
    enum Column { Name, Folder, ColumnCount };

    explicit SharesModel(QObject *parent = nullptr);

    const QList<server::ShareConfig> &shares() const { return m_shares; }
    void setShares(const QList<server::ShareConfig> &shares);

    /// The folder (or file) under its own name, or that name with a number if it is taken. Invalid
    /// with a sentence: neither of them, shared already, the whole disk.
    Result<> addFolder(const QString &folder);

    /// The same under a given name, which is put to another folder if it is taken.
    Result<> add(const server::ShareConfig &share);

    void removeAt(int row);

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
