// SPDX-License-Identifier: MIT
// Gifts: what is on the disk.
#include "server/people/gifts.h"

#include "net/base/filedescriptor.h"
#include "wire/extended/extendedwords.h"
#include "wire/names.h"

#include <QDateTime>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>

namespace ferry::server {

namespace {

/// No share of the operator's has such a name.
constexpr char share[] = "@gifts";

/// A word of the list: any bytes, also none.
QByteArray word(const QByteArray &bytes)
{
    return '=' + percentEncode(bytes);
}

bool readWord(const QByteArray &word, QByteArray &into)
{
    const auto bytes = word.startsWith('=') ? percentDecode(QByteArrayView(word).sliced(1))
                                            : std::optional<QByteArray>();
    into = bytes.value_or(QByteArray());
    return bytes.has_value();
}

std::filesystem::path onDisk(const QString &folder, qint64 number)
{
    return std::filesystem::path(QFile::encodeName(folder).toStdString()) / std::to_string(number);
}

void removeAll(const std::filesystem::path &folder)
{
    std::error_code ignored; // the next cleaning tries it again
    std::filesystem::remove_all(folder, ignored);
}

} // namespace

Gifts::Gifts(const QString &folder, std::shared_ptr<People> people, Bounds bounds, Clock clock)
    : m_folder(folder)
    , m_people(std::move(people))
    , m_bounds(bounds)
    , m_clock(std::move(clock))
    , m_list(folder + QStringLiteral("/list"), privatefile::Others::MayNothing)
{
}

Result<std::shared_ptr<Gifts>> Gifts::open(const QString &dataFolder,
                                           std::shared_ptr<People> people)
{
    return open(dataFolder, std::move(people), {},
                [] { return QDateTime::currentSecsSinceEpoch(); });
}

Result<std::shared_ptr<Gifts>>
Gifts::open(const QString &dataFolder, std::shared_ptr<People> people, Bounds bounds, Clock clock)
{
    const QString folder = dataFolder + QStringLiteral("/gifts");
    if (auto made = privatefile::ensureFolder(folder); !made)
        return made.error();
    const std::shared_ptr<Gifts> gifts(
        new Gifts(folder, std::move(people), bounds, std::move(clock)));
    auto only = privatefile::Lock::take(folder + QStringLiteral("/used"), QDeadlineTimer(0));
    if (!only)
        return only.error();
    gifts->m_only = only.take();
    auto shares = ShareSet::open({{share, QFile::encodeName(folder), extended::Access::Add}});
    if (!shares)
        return shares.error();
    gifts->m_shares.set(shares.take());
    gifts->setLimits({});
    if (auto loaded = gifts->load(); !loaded)
        return loaded.error();
    gifts->m_used = gifts->hasAnything();
    return gifts;
}

/// What is not whole in its place does not count: of one on its way, only the part that was staged
/// does.
Result<> Gifts::load()
{
    const std::lock_guard lock(m_mutex);
    const auto text = m_list.read();
    if (!text)
        return text.error();
    m_problems =
        m_list
            .parse(text.value(), [this](const QList<QByteArray> &words) { return readLine(words); })
            .problems;
    const QStringList folders = QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : folders)
        m_next = std::max(m_next, extended::parseNumber(name.toLatin1()).value_or(0) + 1);
    std::erase_if(m_gifts, [this](const auto &entry) {
        const Gift &gift = entry.second;
        const std::filesystem::path folder = onDisk(m_folder, gift.number);
        std::error_code error;
        if (!gift.there)
            removeAll(folder);
        else if (std::filesystem::file_size(folder / gift.file.toStdString(), error) !=
                     std::uintmax_t(gift.size) ||
                 error)
            return true;
        return false;
    });
    return {};
}

bool Gifts::readLine(const QList<QByteArray> &words)
{
    if (words.size() == 2 && words[0] == "next") {
        const auto next = extended::parseNumber(words[1]);
        m_next = std::max(m_next, next.value_or(0));
        return next.has_value();
    }
    if (words.size() != 15 || words[0] != "gift" || (words[2] != "there" && words[2] != "coming"))
        return false;
    const auto number = extended::parseNumber(words[1]);
    const auto since = extended::parseNumber(words[3]);
    const auto size = extended::parseNumber(words[4]);
    const auto session = extended::parseNumber(words[5]);
    Gift gift;
    QByteArray *const texts[] = {&gift.account, &gift.name,     &gift.giver,
                                 &gift.budget,  &gift.receiver, &gift.upload,
                                 &gift.file,    &gift.sum,      &gift.id};
    for (qsizetype i = 0; i < std::ssize(texts); ++i) {
        if (!readWord(words[6 + i], *texts[i]))
            return false;
    }
    if (!number || *number < 1 || !since || !size || !session || *session < 1 ||
        gift.receiver.isEmpty() || !isName(gift.file))
        return false;
    gift.number = *number;
    gift.there = words[2] == "there";
    gift.since = *since;
    gift.size = *size;
    gift.session = *session;
    m_next = std::max(m_next, gift.number + 1);
    return m_gifts.emplace(gift.number, gift).second;
}

Result<> Gifts::write()
{
    QByteArray text = "next " + QByteArray::number(m_next) + '\n';
    for (const auto &[number, gift] : m_gifts) {
        text += "gift " + QByteArray::number(number) + (gift.there ? " there " : " coming ") +
                QByteArray::number(gift.since) + ' ' + QByteArray::number(gift.size) + ' ' +
                QByteArray::number(gift.session);
        for (const QByteArray &bytes : {gift.account, gift.name, gift.giver, gift.budget,
                                        gift.receiver, gift.upload, gift.file, gift.sum, gift.id})
            text += ' ' + word(bytes);
        text += '\n';
    }
    return m_list.change([&text](const QByteArray &) -> Result<QByteArray> { return text; });
}

/// Who is just fetching it gets no more of it either.
void Gifts::removeFiles(const Gift &gift) const
{
    const std::filesystem::path folder = onDisk(m_folder, gift.number);
    const FileDescriptor emptied(::open((folder / gift.file.toStdString()).c_str(),
                                        O_WRONLY | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    removeAll(folder);
}

bool Gifts::hasAnything() const
{
    return count() > 0 || !QDir(m_folder).isEmpty(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot);
}

void Gifts::clean()
{
    m_used = false; // what begins from here on says so again
    endOld();
    removeUnknown();
    cleanParts(*m_shares.get(), *m_uploads);
    if (hasAnything())
        m_used = true;
}

void Gifts::endOld()
{
    std::vector<Gift> old;
    {
        const std::lock_guard lock(m_mutex);
        const qint64 oldest = m_clock() - limits::giftKept.count();
        for (const auto &[number, gift] : m_gifts) {
            if (gift.since <= oldest && gift.holders == 0)
                old.push_back(gift);
        }
        for (const Gift &gift : old)
            m_gifts.erase(gift.number);
        // If it cannot be written, a list without these files is read the next time.
        if (!old.empty())
            static_cast<void>(write());
    }
    for (const Gift &gift : old) {
        removeFiles(gift);
        if (!gift.there)
            continue;
        notice(gift.giver, forGiver(gift), "expired");
        notice(gift.receiver, forReceiver(gift), "expired");
    }
}

/// A number that the list does not have is not given again, so nothing new is under it.
void Gifts::removeUnknown()
{
    const QStringList folders = QDir(m_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : folders) {
        const auto number = extended::parseNumber(name.toLatin1());
        if (!number)
            continue;
        std::unique_lock lock(m_mutex);
        const bool known = m_gifts.contains(*number);
        lock.unlock();
        if (!known)
            removeAll(onDisk(m_folder, *number));
    }
}

VirtualPath Gifts::place(qint64 number, const QByteArray &name)
{
    return VirtualPath::fromNames({share, QByteArray::number(number), name})
        .value_or(VirtualPath::root());
}

void Gifts::removeFolder(qint64 number) const
{
    removeAll(onDisk(m_folder, number));
}

} // namespace ferry::server
