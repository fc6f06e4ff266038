// SPDX-License-Identifier: MIT
#include "server-gui/setup/sharesmodel.h"

#include "gui-common/look/icon.h"
#include "gui-common/look/shortpath.h"
#include "gui-common/look/theme.h"
#include "net/base/displaytext.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace ferry::gui {

namespace {

bool isFile(const QByteArray &path)
{
    return QFileInfo(QFile::decodeName(path)).isFile();
}

bool isThere(const QByteArray &folder)
{
    return QFileInfo(QFile::decodeName(folder)).isDir() || isFile(folder);
}

} // namespace

SharesModel::SharesModel(QObject *parent)
    : ColumnModel({tr("Shared as"), tr("Folder or file"), tr("Others may")}, {}, parent)
    , m_folderIcon(icon(QLatin1StringView("folder")))
    , m_fileIcon(icon(QLatin1StringView("file")))
    , m_missingIcon(icon(QLatin1StringView("warning"), Tone::Bad))
{
}

void SharesModel::setShares(const QList<server::ShareConfig> &shares)
{
    beginResetModel();
    m_shares = shares;
    m_there.clear();
    for (const server::ShareConfig &share : shares)
        m_there.append(isThere(share.folder));
    endResetModel();
    Q_EMIT sharesChanged();
}

Result<> SharesModel::addFolder(const QString &folder)
{
    const QString clean = QDir::cleanPath(QDir(folder).absolutePath());
    const QByteArray bytes = QFile::encodeName(clean);
    if (const Result<> ok = checkFolder(bytes); !ok)
        return ok;
    for (const server::ShareConfig &share : m_shares) {
        if (share.folder == bytes)
            return Error{ErrorCode::Invalid, tr("%1 is already shared as “%2”.")
                                                 .arg(displayText(bytes), displayText(share.name))};
    }
    const QByteArray base = QFile::encodeName(QFileInfo(clean).fileName());
    QByteArray name = base;
    for (int number = 2; nameTaken(name); ++number)
        name = base + " (" + QByteArray::number(number) + ')';
    return add({name, bytes});
}

Result<> SharesModel::add(const server::ShareConfig &share)
{
    if (const Result<> ok = checkFolder(share.folder); !ok)
        return ok;
    for (int row = 0; row < m_shares.size(); ++row) {
        if (m_shares[row].name != share.name)
            continue;
        if (m_shares[row].folder != share.folder)
            m_shares[row] = share;
        m_there[row] = true;
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
        Q_EMIT sharesChanged();
        return {};
    }
    const int row = int(m_shares.size());
    if (const Result<> ok = checkName(share.name, row); !ok)
        return ok;
    beginInsertRows({}, row, row);
    m_shares.append(share);
    m_there.append(true);
    endInsertRows();
    Q_EMIT sharesChanged();
    return {};
}

void SharesModel::removeAt(int row)
{
    beginRemoveRows({}, row, row);
    m_shares.removeAt(row);
    m_there.removeAt(row);
    endRemoveRows();
    Q_EMIT sharesChanged();
}

Result<> SharesModel::setAccess(int row, extended::Access access)
{
    if (m_shares[row].access == access)
        return {};
    if (auto possible = server::checkAccess(m_shares[row].folder, access); !possible)
        return possible;
    m_shares[row].access = access;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    Q_EMIT sharesChanged();
    return {};
}

QString SharesModel::accessText(extended::Access access)
{
    switch (access) {
    case extended::Access::Read:
        return tr("Read");
    case extended::Access::Add:
        return tr("Read and add");
    case extended::Access::Inbox:
        return tr("Inbox (add only)");
    }
    return {};
}

QString SharesModel::accessToolTip(extended::Access access)
{
    switch (access) {
    case extended::Access::Read:
        return tr("Others can download what is in here and change nothing.");
    case extended::Access::Add:
        return tr(
            "Others can download what is in here and put in new files, which replace nothing.");
    case extended::Access::Inbox:
        return tr("Others can put in files, and don't see what is in here.");
    }
    return {};
}

QIcon SharesModel::accessIcon(extended::Access access)
{
    switch (access) {
    case extended::Access::Read:
        return icon(QLatin1StringView("show"), Tone::Quiet);
    case extended::Access::Add:
        return icon(QLatin1StringView("add"), Tone::Accent);
    case extended::Access::Inbox:
        return icon(QLatin1StringView("download"), Tone::Accent);
    }
    return {};
}

bool SharesModel::takesFiles() const
{
    return std::any_of(m_shares.begin(), m_shares.end(), [](const server::ShareConfig &share) {
        return share.access != extended::Access::Read;
    });
}

QString SharesModel::localPath(const QString &shown) const
{
    const QString name = shown.section(u'/', 1, 1);
    for (const server::ShareConfig &share : m_shares) {
        if (displayText(share.name) == name)
            return QFile::decodeName(share.folder) + u'/' + shown.section(u'/', 2);
    }
    return {};
}

bool SharesModel::holdsHome(const QString &folder)
{
    const QString home = QFileInfo(QDir::homePath()).canonicalFilePath();
    const QString path = QFileInfo(folder).canonicalFilePath();
    return !home.isEmpty() && !path.isEmpty() && (home == path || home.startsWith(path + u'/'));
}

void SharesModel::refresh()
{
    for (int row = 0; row < m_shares.size(); ++row) {
        const bool there = isThere(m_shares[row].folder);
        if (there == m_there[row])
            continue;
        m_there[row] = there;
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    }
}

QString SharesModel::folderText(int row) const
{
    return shortPath(displayText(m_shares[row].folder));
}

QVariant SharesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const server::ShareConfig &share = m_shares[index.row()];
    const bool there = m_there[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name)
            return displayText(share.name);
        if (index.column() == Access)
            return accessText(share.access);
        return there ? folderText(index.row()) : tr("Missing: %1").arg(folderText(index.row()));
    case Qt::EditRole:
        if (index.column() == Access)
            return accessText(share.access);
        return index.column() == Name ? QFile::decodeName(share.name)
                                      : QFile::decodeName(share.folder);
    case Qt::ToolTipRole:
        if (index.column() == Access)
            return plainToolTip(accessToolTip(share.access));
        return plainToolTip(
            index.column() == Name
                ? tr("Others see /%1. Press F2 to rename.").arg(displayText(share.name))
                : displayText(share.folder));
    case Qt::DecorationRole:
        if (index.column() == Name)
            return !there ? m_missingIcon : isFile(share.folder) ? m_fileIcon : m_folderIcon;
        if (index.column() == Access)
            return accessIcon(share.access);
        return {};
    default:
        return {};
    }
}

bool SharesModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || index.column() != Name ||
        !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const QByteArray name = QFile::encodeName(value.toString());
    if (name == m_shares[index.row()].name)
        return true;
    if (const Result<> ok = checkName(name, index.row()); !ok) {
        Q_EMIT refused(ok.error().text);
        return false;
    }
    m_shares[index.row()].name = name;
    Q_EMIT dataChanged(index, index);
    Q_EMIT sharesChanged();
    return true;
}

Qt::ItemFlags SharesModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Name)
        flags |= Qt::ItemIsEditable;
    return index.isValid() ? flags : Qt::NoItemFlags;
}

Result<> SharesModel::checkFolder(const QByteArray &folder)
{
    const QFileInfo info(QFile::decodeName(folder));
    const QString shown = displayText(folder);
    if (!info.exists())
        return Error{ErrorCode::Invalid, tr("%1 doesn't exist.").arg(shown)};
    if (!info.isDir() && !info.isFile())
        return Error{ErrorCode::Invalid, tr("%1 is neither a folder nor a file.").arg(shown)};
    if (info.canonicalFilePath() == u"/")
        return Error{ErrorCode::Invalid,
                     tr("The whole disk (/) can't be shared. Choose a folder on it.")};
    return {};
}

bool SharesModel::nameTaken(const QByteArray &name, int exceptRow) const
{
    for (int row = 0; row < m_shares.size(); ++row) {
        if (row != exceptRow && m_shares[row].name == name)
            return true;
    }
    return false;
}

Result<> SharesModel::checkName(const QByteArray &name, int row) const
{
    if (!server::isShareName(name))
        return Error{ErrorCode::Invalid,
                     tr("A share can't be called “%1”. A name must not be empty, “.” or “..”, "
                        "contain “/”, or begin with “@”.")
                         .arg(displayText(name))};
    if (nameTaken(name, row))
        return Error{ErrorCode::Invalid,
                     tr("Another share is already called “%1”.").arg(displayText(name))};
    return {};
}

} // namespace ferry::gui
