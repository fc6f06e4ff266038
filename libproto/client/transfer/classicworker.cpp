// SPDX-License-Identifier: MIT
#include "client/transfer/classicworker.h"

#include "client/disk/localname.h"
#include "client/transfer/downloadsink.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"
#include "net/base/translate.h"
#include "net/channel/socketops.h"
#include "wire/classic/codec.h"

#include <utility>

namespace ferry::client {

Result<> ClassicWorker::connect(const LoggingIn &loggingIn)
{
    auto socket = socketops::connectTo(m_config.host, m_config.port,
                                       QDeadlineTimer(m_config.connectTime), &m_closing);
    if (!socket)
        return socket.error();
    {
        const std::lock_guard lock(m_mutex);
        m_channel = std::make_unique<PlainChannel>(socket.take());
        // interrupt() looks for the channel after the flag was set; here it is the other way round.
        if (m_closing)
            m_channel->shutdown();
    }
    loggingIn(m_channel->description());
    m_conversation.emplace(*m_channel, m_config, *m_log);
    m_fresh = true;
    return m_conversation->logIn();
}

ClassicWorker::Outcome ClassicWorker::fetch(const Download &download)
{
    // What can be refused without the server is.
    if (!classic::canBeSent(download.remotePath)) {
        failed(download, {ErrorCode::Invalid, tr("The path cannot be sent in the classic protocol: "
                                                 "it is empty, too long or more than a line.")});
        return Outcome::Done;
    }
    if (const auto free = m_queue->savedNames().check(download); !free) {
        failed(download, free.error());
        return Outcome::Done;
    }
    auto created = PartialFile::create(download.folder, download.localName, download.existing);
    if (!created) {
        failed(download, created.error());
        return Outcome::Done;
    }
    if (!online()) {
        m_queue->requeue(download.id);
        return Outcome::Offline;
    }
    if (!m_queue->isWanted(download.id))
        return Outcome::Done;
    const bool fresh = std::exchange(m_fresh, false);
    const Result<> received = receive(download, created.value());
    if (received) {
        save(download, created.value());
        return Outcome::Done;
    }
    if (m_closing) {
        m_queue->requeue(download.id);
        return Outcome::Done;
    }
    if (!m_queue->isWanted(download.id))
        return Outcome::Lost;
    // An old connection may have ended between two requests, by the server's idle time or by
    // abortUnwanted() for the file before. On a new one this is an error like any other.
    const ErrorCode code = received.error().code;
    const bool lost = code == ErrorCode::CutShort || code == ErrorCode::Cancelled;
    if (!fresh && lost && m_conversation->fetched() == 0) {
        m_queue->requeue(download.id);
        return Outcome::Offline;
    }
    failed(download, received.error());
    return code == ErrorCode::LocalFile || code == ErrorCode::DiskFull ? Outcome::Lost
                                                                       : Outcome::Done;
}

/// One file, to one of its ends.
Result<ClassicWorker::Outcome> ClassicWorker::work()
{
    auto download = m_queue->takeNext();
    if (!download)
        return Outcome::Done;
    setCurrent(download->id);
    m_queue->encodeName(*download);
    auto outcome = guarded([&] { return Result<Outcome>(fetch(*download)); });
    setCurrent(0);
    if (outcome)
        return outcome;
    failed(*download, outcome.error());
    return Outcome::Lost;
}

Result<> ClassicWorker::receive(const Download &download, PartialFile &file)
{
    DownloadSink sink(file, *m_queue, download.id);
    m_queue->setState(download.id, DownloadState::Downloading);
    const Result<> received = m_conversation->fetch(download.remotePath, sink);
    return received ? sink.finish() : received;
}

void ClassicWorker::save(const Download &download, PartialFile &file)
{
    if (!m_queue->canBeSaved(download.id))
        return;
    const Result<QString> name = file.finish();
    if (!name)
        return failed(download, name.error());
    if (name.value() != download.localName)
        m_queue->setLocalName(download.id, name.value());
    m_queue->savedNames().add(download, name.value());
    m_log->add(0, LogKind::Status,
               tr("%1 has been saved; the classic protocol has no checksums, so it is not verified")
                   .arg(displayText(QByteArrayView(localBytes(name.value())))));
    m_queue->finish(download.id, false);
}

void ClassicWorker::failed(const Download &download, const Error &error)
{
    if (error.code == ErrorCode::TargetExists && download.existing == ExistingPolicy::Skip)
        return m_queue->skip(download.id);
    m_log->add(
        0, LogKind::Error,
        QStringLiteral("%1: %2").arg(displayText(QByteArrayView(download.remotePath)), error.text));
    m_queue->fail(download.id, error);
}

void ClassicWorker::setCurrent(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    m_current = id;
}

bool ClassicWorker::isAlive()
{
    if (!m_conversation)
        return true;
    m_loss = Error{ErrorCode::CutShort, tr("The server closed the connection.")};
    if (!online())
        return false;
    const Result<bool> said = m_channel->waitForBytes(QDeadlineTimer(0));
    if (said && !said.value()) {
        m_loss.reset();
        return true;
    }
    m_conversation->onUnsolicitedData();
    m_log->add(0, LogKind::Status, m_loss->text);
    return false;
}

void ClassicWorker::quit()
{
    if (online())
        m_conversation->quit();
}

void ClassicWorker::disconnect()
{
    m_conversation.reset();
    const std::lock_guard lock(m_mutex);
    m_channel.reset();
}

void ClassicWorker::interrupt()
{
    const std::lock_guard lock(m_mutex);
    if (m_channel)
        m_channel->shutdown();
}

void ClassicWorker::abortUnwanted()
{
    const std::lock_guard lock(m_mutex);
    if (m_channel && m_current != 0 && !m_queue->isWanted(m_current))
        m_channel->shutdown();
}

} // namespace ferry::client
