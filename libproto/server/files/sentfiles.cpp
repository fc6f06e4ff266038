// SPDX-License-Identifier: MIT
#include "server/files/sentfiles.h"

#include "net/base/checksum.h"
#include "server/limits.h"
#include "wire/extended/sumname.h"

#include <xxhash.h>

#include <algorithm>

namespace ferry::server {

namespace {

qsizetype bytesOf(const SentFiles::File &file)
{
    return file.name.size() * qsizetype(sizeof(QChar)) + file.id.size();
}

} // namespace

SentFiles::Key SentFiles::keyOf(const VirtualPath &path, const QByteArray &id) const
{
    const QByteArray text = path.toBytes() + '\0' + id;
    const XXH128_hash_t digest =
        XXH3_128bits_withSeed(text.constData(), size_t(text.size()), m_seed);
    return {digest.high64, digest.low64};
}

/// Receipts come in the order of the files, so the search is short.
SentFiles::Files::iterator SentFiles::find(const Key &key)
{
    return std::find_if(m_files.begin(), m_files.end(),
                        [&key](const Sent &sent) { return sent.key == key; });
}

void SentFiles::add(const VirtualPath &path, const extended::FileFacts &facts, const QString &name,
                    const QByteArray &sum)
{
    const bool whole = facts.length == facts.size;
    const Key key = keyOf(path, facts.id);
    // Its parts are one file, with one receipt, and so are a part and then all of it.
    if (!whole || m_parts > 0) {
        const auto known = find(key);
        if (known != m_files.end() && !whole)
            return;
        if (known != m_files.end() && !known->file.counted) {
            m_files.erase(known);
            --m_parts;
        }
    }
    Sent sent;
    sent.key = key;
    sent.file = {facts.size, whole, {}, {}};
    if (extended::isNumbered(path, facts)) {
        Q_ASSERT(sum.size() == qsizetype(sent.sum.size()));
        sent.number = ++m_lastNumber;
        sent.file.name = name;
        sent.file.id = facts.id;
        std::copy(sum.begin(), sum.end(), sent.sum.begin());
        m_nameBytes += bytesOf(sent.file);
    }
    m_files.push_back(std::move(sent));
    m_parts += whole ? 0 : 1;
    while (m_files.size() > size_t(limits::receiptsAwaited))
        dropFirst();
    for (auto at = m_files.begin(); m_nameBytes > limits::receiptNameBytes; ++at)
        forget(*at);
}

/// Only RECEIPT can name it from now on.
void SentFiles::forget(Sent &sent)
{
    m_nameBytes -= bytesOf(sent.file);
    sent.number = 0;
    sent.file.name.clear();
    sent.file.id.clear();
}

void SentFiles::dropFirst()
{
    Sent &oldest = m_files.front();
    m_nameBytes -= bytesOf(oldest.file);
    m_parts -= oldest.file.counted ? 0 : 1;
    m_files.pop_front();
}

std::optional<SentFiles::File> SentFiles::take(const VirtualPath &path, const QByteArray &id)
{
    const auto found = find(keyOf(path, id));
    if (found == m_files.end())
        return std::nullopt;
    File file = std::move(found->file);
    m_nameBytes -= bytesOf(file);
    m_parts -= file.counted ? 0 : 1;
    m_files.erase(found);
    return file;
}

SentFiles::Run SentFiles::check(qint64 first, qint64 count, const QByteArray &sum) const
{
    if (first < 1 || first > m_lastNumber || count < 1 || count > m_lastNumber - first + 1)
        return Run::Unknown;
    auto at = std::find_if(m_files.begin(), m_files.end(),
                           [first](const Sent &sent) { return sent.number >= first; });
    Checksum ours;
    for (qint64 number = first; number < first + count; ++number) {
        // Parts of other files may lie between them.
        at = std::find_if(at, m_files.end(), [](const Sent &sent) { return sent.number > 0; });
        if (at == m_files.end() || at->number != number)
            return Run::Unknown;
        ours.add(QByteArrayView(at->sum.data(), qsizetype(at->sum.size())));
        ++at;
    }
    return sum == extended::sumName + ours.hex() ? Run::Known : Run::OtherSums;
}

std::vector<SentFiles::File> SentFiles::takeRun(qint64 first, qint64 count)
{
    std::vector<File> taken;
    taken.reserve(size_t(count));
    auto kept = m_files.begin();
    for (Sent &sent : m_files) {
        if (sent.number >= first && sent.number - first < count) {
            m_nameBytes -= bytesOf(sent.file);
            taken.push_back(std::move(sent.file));
            continue;
        }
        if (&*kept != &sent)
            *kept = std::move(sent);
        ++kept;
    }
    m_files.erase(kept, m_files.end());
    return taken;
}

bool SentFiles::finishes(const extended::Request &request)
{
    using extended::Verb;
    if (request.verb == Verb::Receipts)
        return check(request.first, request.count, request.sum) == Run::Known;
    if (request.verb != Verb::Get && request.verb != Verb::Receipt)
        return false;
    const auto known = find(keyOf(request.path, request.id));
    if (known == m_files.end() || request.verb == Verb::Receipt)
        return known != m_files.end();
    const qint64 asked = request.length.value_or(known->file.size);
    if (known->file.counted || asked > known->file.size - known->finishing)
        return false;
    known->finishing += std::max(asked, limits::leastPart);
    return true;
}

} // namespace ferry::server
