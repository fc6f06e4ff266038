// SPDX-License-Identifier: MIT
#include "server/doors/banlist.h"

#include "net/base/translate.h"
#include "server/doors/addressblock.h"
#include "server/limits.h"

#include <QDateTime>

#include <algorithm>

namespace ferry::server {

namespace {

constexpr char firstLine[] = "ferry-bans 1";

void sortNewestFirst(QList<BanList::Ban> &bans)
{
    std::sort(bans.begin(), bans.end(), [](const BanList::Ban &a, const BanList::Ban &b) {
        return a.sinceMs != b.sinceMs ? a.sinceMs > b.sinceMs
                                      : a.block.toString() < b.block.toString();
    });
}

} // namespace

BanList::BanList(const QString &folder)
    : m_file(folder.isEmpty() ? QString() : folder + QStringLiteral("/bans"))
{
}

Result<bool> BanList::refresh()
{
    if (!m_file.hasChanged())
        return false;
    const auto text = m_file.read();
    if (!text) {
        m_damaged.problems = {text.error().text};
        return text.error();
    }
    parse(text.value());
    return true;
}

void BanList::parse(const QByteArray &text)
{
    m_bans.clear();
    m_damaged = m_file.parse(text, [this](const QList<QByteArray> &words) {
        bool isTime = false;
        if (words.join(' ') == firstLine)
            return true;
        if (words.size() != 3 || words.at(0) != "ban")
            return false;
        const auto block = parseBlock(QString::fromUtf8(words.at(1)));
        const qint64 since = words.at(2).toLongLong(&isTime);
        if (!block || !isTime)
            return false;
        m_bans.insert(block.value(), since);
        return true;
    });
    applyUnwritten();
}

void BanList::applyUnwritten()
{
    for (auto it = m_unwritten.constBegin(); it != m_unwritten.constEnd(); ++it) {
        if (!*it)
            m_bans.remove(it.key());
        else if (!m_bans.contains(it.key()))
            m_bans.insert(it.key(), **it);
    }
}

QByteArray BanList::print() const
{
    QByteArray text = QByteArray(firstLine) + '\n';
    const QList<Ban> bans = inFile();
    for (const Ban &ban : bans)
        text +=
            "ban " + ban.block.toString().toUtf8() + ' ' + QByteArray::number(ban.sinceMs) + '\n';
    return text + m_damaged.lines;
}

QList<BanList::Ban> BanList::inFile() const
{
    QList<Ban> all;
    for (auto it = m_bans.constBegin(); it != m_bans.constEnd(); ++it)
        all.append({it.key(), it.value(), 0});
    sortNewestFirst(all);
    return all;
}

QList<BanList::Ban> BanList::list() const
{
    QList<Ban> all = inFile();
    for (auto it = m_temporary.constBegin(); it != m_temporary.constEnd(); ++it) {
        if (!it->end.hasExpired() && !m_bans.contains(it.key()))
            all.append({it.key(), it->sinceMs, it->untilMs});
    }
    sortNewestFirst(all);
    return all;
}

bool BanList::isBanned(const QHostAddress &address) const
{
    if (count() == 0)
        return false;
    const QHostAddress block = blockOf(address);
    const auto temporary = m_temporary.constFind(block);
    return m_bans.contains(block) ||
           (temporary != m_temporary.constEnd() && !temporary->end.hasExpired());
}

/// Holds here in any case: a full disk must not let somebody in.
Result<> BanList::change(const QHostAddress &block, std::optional<qint64> since)
{
    m_unwritten.insert(block, since);
    applyUnwritten();
    Result<> done;
    if (!m_file.path().isEmpty()) {
        done = m_file.change([this](const QByteArray &text) -> Result<QByteArray> {
            parse(text);
            return print();
        });
    }
    if (done)
        m_unwritten.clear();
    return done;
}

Result<> BanList::ban(const QHostAddress &address)
{
    const QHostAddress block = blockOf(address);
    m_temporary.remove(block);
    if (count() >= limits::bans && !m_bans.contains(block))
        return Error{ErrorCode::Invalid, tr("There are too many bans already.")};
    return change(block, QDateTime::currentMSecsSinceEpoch());
}

Result<> BanList::banFor(const QHostAddress &address, std::chrono::milliseconds time)
{
    const QHostAddress block = blockOf(address);
    m_temporary.removeIf([](const auto &ban) { return ban.value().end.hasExpired(); });
    if (count() >= limits::bans && !m_temporary.contains(block))
        return Error{ErrorCode::Invalid, tr("There are too many bans already.")};
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_temporary.insert(block, {now, now + time.count(), QDeadlineTimer(time)});
    return {};
}

Result<> BanList::lift(const QHostAddress &address)
{
    const QHostAddress block = blockOf(address);
    if (m_temporary.remove(block) && !m_bans.contains(block))
        return {}; // it was never in the file
    return change(block, std::nullopt);
}

} // namespace ferry::server
