// SPDX-License-Identifier: MIT
// Complete uploads: held, published together, answered.
#include "server/uploads/uploadreply.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"
#include "server/limits.h"
#include "server/uploads/targetfolder.h"

#include <QLocale>
#include <QScopeGuard>

#include <utility>

namespace ferry::server {

void UploadReply::hold()
{
    if (m_held.complete == 0)
        m_heldFor.start();
    m_held.bytes += m_open->request.size;
    m_held.answers.push_back({{}, std::move(m_open)});
    ++m_held.complete;
    ++m_uploads->held;
    m_counters.abandonFile();
}

/// As much is held as may be, or for as long.
bool UploadReply::isDue() const
{
    return m_held.answers.size() >= limits::uploadAnswersHeld ||
           m_held.bytes >= limits::uploadBytesHeld ||
           (m_held.complete > 0 && (m_uploads->held >= m_uploads->mayBeHeld ||
                                    m_heldFor.hasExpired(limits::uploadHoldTime.count())));
}

/// Behind what is held.
Result<> UploadReply::say(const QByteArray &line)
{
    if (!holdsAnswers())
        return m_stream.line(line);
    m_held.answers.push_back({line, nullptr});
    return {};
}

Result<> UploadReply::settleDue()
{
    const bool due = isDue();
    QByteArrayList answers;
    if (due || m_publisher.isDone())
        answers = takePublished();
    if (m_held.complete == 0 && m_publishing.answers.empty())
        answers += publishAll(); // nothing is in front of these answers any more
    else if (due)
        startPublishing();
    return give(answers);
}

Result<> UploadReply::settle()
{
    static_cast<void>(writeOut()); // said when the next content comes
    return give(publishAll());
}

Result<> UploadReply::give(const QByteArrayList &answers)
{
    for (const QByteArray &line : answers) {
        if (auto said = m_stream.line(line); !said)
            return said;
        m_answered(m_stream.lastLine());
    }
    return {};
}

void UploadReply::startPublishing()
{
    m_last = {};
    m_publisher.start(completeOf(m_held), m_shares.current());
    m_publishing = std::exchange(m_held, {}); // not before: without memory they stay held
}

/// On the disk, named, and the names on the disk: only then it is said. The answers of the group
/// that is being published.
QByteArrayList UploadReply::takePublished()
{
    if (m_publishing.answers.empty())
        return {};
    m_publisher.wait();
    const auto given = qScopeGuard([this, count = m_publishing.complete] {
        m_uploads->held -= count;
    }); // once their descriptors are closed
    Group group = std::exchange(m_publishing, {});
    return answersOf(group, m_publisher.take());
}

/// Nothing is received meanwhile, so what is held needs no other thread.
QByteArrayList UploadReply::publishAll()
{
    QByteArrayList answers = takePublished();
    m_last = {};
    const auto shares = m_shares.current();
    const auto given = qScopeGuard([this, count = m_held.complete] { m_uploads->held -= count; });
    Group group = std::exchange(m_held, {});
    return answers + answersOf(group, publish(completeOf(group), *shares, m_uploads->ledger,
                                              m_uploads->names));
}

std::vector<CompleteUpload> UploadReply::completeOf(const Group &group)
{
    std::vector<CompleteUpload> complete;
    for (const Held &one : group.answers) {
        if (one.complete)
            complete.push_back({&one.complete->request, &one.complete->file,
                                one.complete->upload.account, one.complete->wholeSum});
    }
    return complete;
}

QByteArrayList UploadReply::answersOf(Group &group, const std::vector<Publication> &publications)
{
    auto next = publications.begin();
    QByteArrayList lines;
    for (const Held &one : group.answers)
        lines.append(one.complete ? outcome(*one.complete, *next++) : one.line);
    return lines;
}

/// Takes note of what became of a complete upload: the answer.
QByteArray UploadReply::outcome(Open &open, const Publication &publication)
{
    if (!publication.error && m_stored) {
        const auto answer = m_stored(open.request, publication.answer);
        if (!answer) {
            const char *const token =
                answer.error().code == ErrorCode::NotFound ? "NOTFOUND" : putToken(answer.error());
            open.lease.setThere(0);
            tellBrokenOff(open, QLatin1StringView(token));
            return extended::refusal(token);
        }
        return stored(open, publication.where, answer.value());
    }
    if (publication.error) {
        if (publication.error->code == ErrorCode::Invalid) { // it never gets this name
            open.file.remove();
            open.lease.setThere(0);
        }
        if (!publication.error->text.isEmpty())
            m_log(publication.error->text);
        const char *const token = putToken(*publication.error);
        tellBrokenOff(open, QLatin1StringView(token));
        dropEmpty(open);
        return extended::refusal(token);
    }
    return stored(open, publication.where, publication.answer);
}

QByteArray UploadReply::stored(Open &open, const QByteArray &where, const extended::Stored &answer)
{
    open.lease.stored(answer);
    open.subject.file = displayText(where);
    m_log(tr("Received %1, %2, verified")
              .arg(open.shown(),
                   QLocale().formattedDataSize(open.request.size, 1, QLocale::DataSizeSIFormat)));
    m_counters.addStored();
    m_deliveries.confirmed(open.subject, open.came);
    return extended::stored(answer);
}

} // namespace ferry::server
