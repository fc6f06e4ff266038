// SPDX-License-Identifier: MIT
#include "client/transfer/extendedtransfer.h"

#include "client/connect/refusal.h"
#include "client/disk/diskerror.h"
#include "client/limits.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"
#include "wire/extended/party.h"

#include <algorithm>

namespace ferry::client {

using extended::Request;
using extended::Verb;
using Kind = ExtendedEvent::Kind;
using Step = TransferJob::Step;

namespace {

/// How long a wait for others may be until the tick is due.
constexpr int tickMs = 50;

Request requestFor(Verb verb, const VirtualPath &path)
{
    Request request;
    request.verb = verb;
    request.path = path;
    return request;
}

} // namespace

ExtendedTransfer::ExtendedTransfer(ExtendedConversation &conversation, TransferContext context,
                                   TransferScheduler::Role role)
    : m_conversation(conversation)
    , m_context(context)
    , m_role(role)
    , m_receiver(conversation, context)
    , m_nextPing(limits::pingInterval)
    , m_partBytes(limits::minPartBytes)
    , m_measuredSince(std::chrono::steady_clock::now())
{
}

Result<> ExtendedTransfer::run()
{
    auto done = guarded([this] { return converse(); });
    if (!done) {
        if (m_conversation.isStopping())
            static_cast<void>(guarded([this] { return sendLastReceipts(); }));
        static_cast<void>(guarded([&] { dropCurrent(done.error()); }));
        connectionLost(done.error());
    }
    return done;
}

Result<> ExtendedTransfer::converse()
{
    for (;;) {
        fill();
        sendReceipts();
        if (m_tick)
            m_tick();
        if (m_jobs.empty()) {
            if (!wait())
                return {};
            continue;
        }
        if (m_jobs.front().step == Step::Receipt && m_expected == 0 && !m_context.closing &&
            m_receiver.receipts()->pending()) {
            // The last receipts go together; each alone would cost a round trip.
            m_context.saver.flush();
            m_receiver.receipts()->wait(tickMs);
            continue;
        }
        const auto stalled = [this] {
            const Job &front = m_jobs.front();
            m_context.queue.stall(front.parted ? front.parted->download().id : front.download.id,
                                  m_conversation.isPaused());
        };
        // A receipt, a CANCEL or a PING is no reason to be busy.
        const Job &asked = m_jobs.front();
        const bool mayBeBusy = asked.isOfFile() || asked.guess;
        const auto event =
            m_conversation.next(stalled, mayBeBusy ? QDeadlineTimer(QDeadlineTimer::Forever)
                                                   : QDeadlineTimer(m_context.config.replyTime));
        Result<> done = event ? handle(event.value()) : event.error();
        setCurrent(0, nullptr);
        if (!done)
            return done;
    }
}

/// Nothing to ask for. False: and nothing to wait for either.
bool ExtendedTransfer::wait()
{
    const bool unsaved = m_receiver.receipts()->pending();
    if (unsaved)
        m_context.saver.flush();
    const bool waits = m_role == TransferScheduler::Role::Main
                           ? !m_context.scheduler.empty() || m_context.queue.hasQueued()
                           : !m_dismissed && !m_idleUntil.hasExpired();
    if (m_context.closing || (!unsaved && !waits))
        return false;
    if (m_role == TransferScheduler::Role::Extra && m_idleUntil.isForever())
        m_idleUntil.setRemainingTime(limits::extraIdle.count());
    if (m_nextPing.hasExpired()) {
        Job ping;
        ping.step = Step::Ping;
        ping.request.verb = Verb::Ping;
        ask(std::move(ping));
    } else if (unsaved) {
        m_receiver.receipts()->wait(tickMs);
    } else {
        m_context.scheduler.wait(tickMs);
    }
    return true;
}

/// Asks for more as soon as half of what may be under way was answered.
void ExtendedTransfer::fill()
{
    if (m_cancelSent || m_dismissed || m_context.closing ||
        qsizetype(m_jobs.size()) > limits::requestsInFlight / 2)
        return;
    qint64 content =
        std::clamp(4 * m_partBytes, limits::minContentInFlight, limits::contentInFlight);
    // With a limit, what a person wants next would come after all that was asked for.
    if (const qint64 rate = m_context.queue.rateLimiter()->rate(); rate > 0)
        content = std::clamp(rate, limits::minPartBytes, content);
    if (m_expected > content / 2)
        return;
    while (qsizetype(m_jobs.size()) < limits::requestsInFlight &&
           m_requestBytes < limits::requestBytesInFlight && m_expected < content) {
        auto work = m_context.scheduler.next(m_role, m_partBytes);
        if (!work)
            return;
        m_idleUntil = QDeadlineTimer(QDeadlineTimer::Forever);
        if (auto *part = std::get_if<TransferScheduler::PartWork>(&*work)) {
            setCurrent(0, part->file);
            startPart(std::move(*part));
        } else {
            Download &download = std::get<Download>(*work);
            setCurrent(download.id, nullptr);
            m_context.queue.encodeName(download);
            start(download);
        }
        setCurrent(0, nullptr);
    }
}

/// `resolved`: what becomes of a file that has its name is known.
void ExtendedTransfer::start(const Download &download, bool resolved)
{
    const auto path = VirtualPath::fromTyped(download.remotePath);
    if (!path || download.remotePath.isEmpty())
        return m_receiver.failed(download, {ErrorCode::NotFound, tr("That is not a valid path.")});

    Job job;
    job.download = download;
    if (download.kind == DownloadKind::Folder || path->isRoot()) {
        m_context.queue.setKind(download.id, DownloadKind::Folder);
        return askTree(download, *path, false);
    }
    job.request = requestFor(Verb::Get, *path);
    job.request.grown = true;
    // What is known to be a small file needs no word about it.
    if (download.size < 0 || download.size > limits::largeFile)
        job.request.most = limits::largeFile;
    job.expected =
        download.size < 0 ? limits::minPartBytes : std::min(download.size, limits::largeFile);
    if (auto free = m_context.queue.savedNames().check(download); !free)
        return m_receiver.failed(download, free.error());
    const bool resume =
        m_context.config.resume || download.begun || m_context.scheduler.wasBegun(download.id);
    if (!resolved && needsFacts(download.existing, resume) && m_receiver.existing(download)) {
        job.step = Step::Target;
        job.request = requestFor(Verb::Sum, *path);
        job.request.length = 0;
        return ask(std::move(job));
    }
    // Said before anything is asked, if it can be.
    if (download.kind == DownloadKind::File || resume) {
        auto leftover = m_receiver.prepare(download, resume);
        if (!leftover)
            return m_receiver.failed(download, leftover.error());
        job.leftover = leftover.take();
    }
    if (job.leftover) {
        job.step = Step::Facts;
        job.request = requestFor(Verb::Sum, *path);
        job.request.length = 0;
        job.expected = 0;
    }
    // Whoever fetches one folder does not wait a round trip for the word that it is one.
    const bool guess = download.kind == DownloadKind::Any && job.step == Step::File &&
                       m_jobs.empty() && m_conversation.can(Verb::Get) &&
                       m_conversation.can(Verb::Tree);
    ask(std::move(job));
    if (guess)
        askTree(download, *path, true);
}

void ExtendedTransfer::startPart(TransferScheduler::PartWork work)
{
    if (!m_context.queue.isWanted(work.file->download().id))
        return m_receiver.lose(work.file, {ErrorCode::Cancelled, {}});
    Job job;
    const bool fetch = work.part.work == PartedFile::Work::Fetch;
    job.step = fetch ? Step::Part : Step::Compare;
    job.request = requestFor(fetch ? Verb::Get : Verb::Sum, work.file->path());
    job.request.offset = work.part.offset;
    job.request.length = work.part.length;
    job.request.id = work.file->identity();
    job.request.grown = true;
    job.expected = work.part.length;
    job.parted = std::move(work.file);
    job.part = work.part;
    ask(std::move(job));
}

void ExtendedTransfer::ask(Job job)
{
    if (!m_conversation.can(job.request.verb)) {
        if (job.isOfFile())
            end(job, notOffered(job.request.verb));
        return;
    }
    job.lineBytes = m_conversation.send(job.request);
    m_requestBytes += job.lineBytes;
    m_expected += job.expected;
    m_nextPing.setRemainingTime(limits::pingInterval.count());
    m_jobs.push_back(std::move(job));
}

/// Of what was saved since the last time.
void ExtendedTransfer::sendReceipts()
{
    std::vector<Receipt> receipts = m_receiver.receipts()->take();
    if (receipts.empty())
        return;
    for (std::vector<Receipt> &run :
         intoRuns(std::move(receipts), m_conversation.can(Verb::Receipts)))
        sendReceipt(std::move(run));
}

/// What came before the server stopped is still being saved. It answers none of them.
Result<> ExtendedTransfer::sendLastReceipts()
{
    const QDeadlineTimer deadline(limits::lastReceiptsTime);
    while (m_receiver.receipts()->pending() && !m_context.closing && !deadline.hasExpired()) {
        m_context.saver.flush();
        m_receiver.receipts()->wait(tickMs);
    }
    sendReceipts();
    return m_conversation.flush();
}

void ExtendedTransfer::sendReceipt(std::vector<Receipt> run)
{
    Job job;
    job.step = Step::Receipt;
    job.request = requestOf(run);
    job.run = std::move(run);
    ask(std::move(job));
}

ExtendedTransfer::Job ExtendedTransfer::takeFront()
{
    Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    setCurrent(job.isOfFile() && !job.parted ? job.download.id : 0, job.parted);
    m_expected -= job.expected;
    m_requestBytes -= job.lineBytes;
    return job;
}

Result<> ExtendedTransfer::handle(const ExtendedEvent &event)
{
    Job &front = m_jobs.front();
    switch (event.kind) {
    case Kind::FileBegin:
        if (auto begun = m_receiver.begin(front, event.facts); !begun) {
            front.lost = begun.error();
            abandon(front);
        }
        return {};
    case Kind::Body:
        return body(front);
    case Kind::FileDone: {
        Job job = takeFront();
        measure(job.received);
        job.number = event.number;
        const auto done =
            job.lost ? Result<bool>(*job.lost) : m_receiver.done(job, event.text, event.yes);
        if (done && done.value())
            ask(std::move(job));
        else
            end(job, done ? Result<>() : done.error());
        return {};
    }
    case Kind::Sum: {
        Job job = takeFront();
        if (job.step == Step::Target)
            targetTaken(std::move(job), event.facts, false);
        else if (job.step == Step::Identical)
            identical(std::move(job), event.text);
        else if (job.step == Step::Again)
            end(job, m_receiver.comparedAgain(job, event.text));
        else
            end(job, job.step == Step::Facts
                         ? m_receiver.resume(job, event.facts)
                         : m_receiver.compared(job, event.facts, event.text, event.yes));
        return {};
    }
    case Kind::Entry:
        return treeEntry(event.entry);
    case Kind::Skipped:
        return treeSkipped(event.token, event.text);
    case Kind::ListEnd:
        treeDone(event.yes);
        return {};
    case Kind::Refused:
        refused(event);
        return {};
    case Kind::ReceiptTaken:
    case Kind::Pong:
        takeFront();
        return {};
    case Kind::Cancelled:
        takeFront();
        m_cancelSent = false;
        return {};
    default:
        return Error{ErrorCode::Protocol, tr("The server broke the rules of the protocol.")};
    }
}

Result<> ExtendedTransfer::body(Job &front)
{
    const bool lostBefore = front.lost.has_value();
    auto received = m_receiver.body(front);
    if (received && front.lost && !lostBefore)
        abandon(front);
    return received;
}

/// The rest of an answer that is coming in is of no use any more.
void ExtendedTransfer::abandon(Job &job)
{
    job.content.bytes.reset();
    if (job.parted)
        m_receiver.lose(job.parted, *job.lost);
    // If much is to come, the server is asked to stop, and with it everything asked after it.
    if (job.facts.length - job.received < limits::discardedBytes || m_cancelSent)
        return;
    m_cancelSent = true;
    Job cancel;
    cancel.step = Step::Cancel;
    cancel.request.verb = Verb::Cancel;
    ask(std::move(cancel));
}

/// The server's checksum of a file whose name another one has here.
void ExtendedTransfer::identical(Job job, const QByteArray &sum)
{
    const quint64 id = job.download.id;
    const auto same = m_receiver.isIdentical(job.download, job.facts.size, sum);
    if (!same)
        return m_context.queue.requeue(id);
    if (same.value())
        return m_context.queue.skip(id, true);
    const extended::FileFacts facts = job.facts;
    targetTaken(std::move(job), facts, true);
}

/// Another file has the name; `facts` are of the one on the server.
void ExtendedTransfer::targetTaken(Job job, const extended::FileFacts &facts, bool differs)
{
    Download &download = job.download;
    DownloadQueue &queue = m_context.queue;
    if (!queue.isWanted(download.id))
        return;
    const auto here = m_receiver.existing(download);
    if (!here) // it is gone
        return start(download, true);
    const RemoteFacts remote{facts.size, facts.mtimeNs};
    queue.setSize(download.id, facts.size, 0);
    switch (client::decide(download.existing, *here, remote, differs)) {
    case Conflict::Compare:
        // Who gives something waits to hear that it is here, and the server keeps it until then.
        if (extended::giftPath(job.request.path))
            return targetTaken(std::move(job), facts, true);
        if (facts.size == 0)
            return queue.skip(download.id, true);
        queue.setState(download.id, DownloadState::Checking);
        job.step = Step::Identical;
        job.facts = facts;
        job.request.length = facts.size;
        job.request.id = facts.id;
        return ask(std::move(job));
    case Conflict::Ask:
        return queue.needDecision(download.id, remote);
    case Conflict::Refuse:
        return m_receiver.failed(download, targetExists(download.localName));
    case Conflict::Skip:
        return queue.skip(download.id);
    case Conflict::Fetch:
        download.existing = policyAfter(download.existing);
        return start(download, true);
    case Conflict::Continue: {
        auto part = m_receiver.partOfExisting(download);
        if (!part && part.error().code == ErrorCode::Cancelled)
            return queue.requeue(download.id);
        if (!part)
            return m_receiver.failed(download, part.error());
        download.existing = policyAfter(download.existing);
        job.leftover = part.take();
        job.facts = facts;
        return end(job, m_receiver.resume(job, facts));
    }
    }
}

/// The answer is over.
void ExtendedTransfer::end(Job &job, const Result<> &done)
{
    if (done)
        return;
    // Nothing speaks against what an earlier try brought.
    if (job.leftover && m_context.queue.canBeSaved(job.download.id))
        job.leftover->keep();
    if (job.parted)
        m_receiver.lose(job.parted, done.error());
    else
        m_receiver.failed(job.download, done.error());
}

void ExtendedTransfer::refused(const ExtendedEvent &event)
{
    Job job = takeFront();
    if (job.step == Step::Cancel)
        m_cancelSent = false; // whatever was to be stopped is answered by now
    // Servers before 0.2 let a CANCEL end receipts, too.
    if (job.step == Step::Receipt && m_cancelSent && event.token == "CANCELLED")
        return ask(std::move(job));
    if (job.step == Step::Receipt && job.run.size() > 1) {
        // Of so many files it has not kept all names; told them, it knows each.
        for (Receipt &receipt : job.run) {
            std::vector<Receipt> alone;
            alone.push_back(std::move(receipt));
            sendReceipt(std::move(alone));
        }
        return;
    }
    if (!job.isOfFile())
        return;
    Error error = refusalError(event);
    if (job.lost)
        return end(job, *job.lost);
    if (error.code == ErrorCode::NotFound && job.parted)
        error = {ErrorCode::RemoteChanged,
                 tr("The file was removed from the server while it was fetched.")};
    if (error.code == ErrorCode::Cancelled && m_cancelSent)
        return requeue(job); // stopped because of another one in front of it
    if (error.code == ErrorCode::Cancelled)
        error = {ErrorCode::Protocol, tr("The server cancelled what nobody asked it to.")};
    if (event.token == "ISFOLDER" && job.download.kind == DownloadKind::Any && !job.parted) {
        Download folder = std::move(job.download);
        folder.kind = DownloadKind::Folder;
        if (m_jobs.empty() || !m_jobs.front().guess)
            return start(folder);
        m_context.queue.setKind(folder.id, folder.kind);
        m_jobs.front().guess = false;
        return;
    }
    if (!walkRefused(job, event.token))
        end(job, error);
}

/// Adapts the size of parts to the speed of this connection.
void ExtendedTransfer::measure(qint64 received)
{
    m_measuredBytes += received;
    const auto now = std::chrono::steady_clock::now();
    const auto time = now - m_measuredSince;
    if (time < limits::partTime)
        return;
    const double share = std::chrono::duration<double>(limits::partTime) / time;
    const auto bytes = qint64(double(m_measuredBytes) * share);
    m_partBytes = std::clamp(bytes / limits::minPartBytes * limits::minPartBytes,
                             limits::minPartBytes, limits::maxPartBytes);
    m_measuredBytes = 0;
    m_measuredSince = now;
}

} // namespace ferry::client
