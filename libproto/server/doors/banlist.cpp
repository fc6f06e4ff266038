// SPDX-License-Identifier: MIT
#include "server/doors/banlist.h"

#include "net/base/privatefile.h"
#include "net/limits.h"
#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

#include <sys/stat.h>

namespace ferry::server {

namespace {

constexpr char firstLine[] = "ferry-bans 1";

} // namespace

BanList::BanList(const QString &folder)
    : m_path(folder.isEmpty() ? QString() : folder + QStringLiteral("/bans"))
{
}

BanList::Stamp BanList::stamp() const
{
    struct stat status = {};
    if (m_path.isEmpty() || ::stat(QFile::encodeName(m_path).constData(), &status) != 0)
        return {};
    return {qint64(status.st_ino), qint64(status.st_size),
            qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<bool> BanList::refresh()
{
    if (m_path.isEmpty() || stamp() == m_stamp)
        return false;
    if (const auto loaded = load(); !loaded)
        return loaded.error();
    return true;
}

Result<> BanList::load()
{
    const Stamp now = stamp();
    const auto text = privatefile::read(m_path, limits::listFileBytes);
    if (!text && text.error().code != ErrorCode::NotFound) {
        m_problems = {text.error().text};
        return text.error();
    }
    parse(text ? text.value() : QByteArray());
    m_stamp = now;
    return {};
}

void BanList::parse(const QByteArray &text)
{
    m_bans.clear();
    m_unreadable.clear();
    m_problems.clear();
    const QList<QByteArray> lines = text.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QByteArray &line = lines.at(i);
        if (line.isEmpty() || line == firstLine)
            continue;
        const QList<QByteArray> parts = line.split(' ');
        QHostAddress address;
        bool isTime = false;
        if (parts.size() == 3 && parts.at(0) == "ban" &&
            address.setAddress(QString::fromUtf8(parts.at(1))) && parts.at(2).toLongLong(&isTime) &&
            isTime) {
            m_bans.insert(blockOf(address), parts.at(2).toLongLong());
            continue;
        }
        m_unreadable.append(line);
        m_problems.append(
            QCoreApplication::translate("ferry", "%1, line %2 is damaged and was passed over.")
                .arg(m_path)
                .arg(i + 1));
    }
}

QByteArray BanList::print() const
{
    QByteArray text = QByteArray(firstLine) + '\n';
    for (const Ban &ban : list())
        text +=
            "ban " + ban.block.toString().toUtf8() + ' ' + QByteArray::number(ban.sinceMs) + '\n';
    for (const QByteArray &line : m_unreadable)
        text += line + '\n';
    return text;
}

QList<BanList::Ban> BanList::list() const
{
    QList<Ban> all;
    for (auto it = m_bans.constBegin(); it != m_bans.constEnd(); ++it)
        all.append({it.key(), it.value()});
    std::sort(all.begin(), all.end(), [](const Ban &a, const Ban &b) {
        return a.sinceMs != b.sinceMs ? a.sinceMs > b.sinceMs
                                      : a.block.toString() < b.block.toString();
    });
    return all;
}

bool BanList::isBanned(const QHostAddress &address) const
{
    return !m_bans.isEmpty() && m_bans.contains(blockOf(address));
}

/// Reads, applies and writes, with all other writers kept out. What is applied holds here in any
/// case: a full disk must not let somebody in.
template <typename Change>
Result<> BanList::change(Change &&apply)
{
    if (m_path.isEmpty()) {
        apply();
        return {};
    }
    Result<> made = privatefile::ensureFolder(QFileInfo(m_path).path());
    if (!made) {
        apply();
        return made;
    }
    const auto lock = privatefile::Lock::take(m_path, QDeadlineTimer(limits::lockTime));
    const Result<> loaded = lock ? load() : Result<>(lock.error());
    apply();
    if (!loaded)
        return loaded;
    if (auto written = privatefile::replace(m_path, print()); !written)
        return written;
    m_stamp = stamp();
    return {};
}

Result<> BanList::ban(const QHostAddress &address)
{
    const QHostAddress block = blockOf(address);
    if (m_bans.size() >= limits::bans && !m_bans.contains(block))
        return Error{ErrorCode::Invalid,
                     QCoreApplication::translate("ferry", "There are too many bans already.")};
    return change([&] {
        if (!m_bans.contains(block))
            m_bans.insert(block, QDateTime::currentMSecsSinceEpoch());
    });
}

Result<> BanList::lift(const QHostAddress &address)
{
    return change([&] { m_bans.remove(blockOf(address)); });
}

} // namespace ferry::server
