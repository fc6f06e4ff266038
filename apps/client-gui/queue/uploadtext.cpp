// SPDX-License-Identifier: MIT
#include "client-gui/queue/uploadtext.h"

#include "client/upload/queueuploads.h"
#include "gui-common/look/format.h"
#include "net/base/displaytext.h"

#include <QCoreApplication>

#include <cerrno>

namespace ferry::gui {

using client::Download;
using client::DownloadState;

namespace {

struct UploadText
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::UploadText)
public:
    static QString unreadable(int systemError)
    {
        switch (systemError) {
        case EACCES:
        case EPERM:
            return tr("No permission to read it");
        case ENOENT:
        case ENOTDIR:
            return tr("Not on this computer any more");
        default:
            return tr("Cannot be read");
        }
    }
};

struct FailureWords
{
    ErrorCode code;
    const char *failure;
};

constexpr FailureWords failures[] = {
    {ErrorCode::NotFound, QT_TR_NOOP("No such folder on the server")},
    {ErrorCode::HostNotFound, QT_TR_NOOP("Can't find the server")},
    {ErrorCode::CannotConnect, QT_TR_NOOP("Can't reach the server")},
    {ErrorCode::Protocol, QT_TR_NOOP("Unexpected answer from the server")},
    {ErrorCode::Refused, QT_TR_NOOP("Refused by the server")},
    {ErrorCode::TargetExists, QT_TR_NOOP("A folder or file is in its place")},
    {ErrorCode::CutShort, QT_TR_NOOP("Connection lost")},
    {ErrorCode::Dismissed, QT_TR_NOOP("Disconnected by the server")},
    {ErrorCode::TimedOut, QT_TR_NOOP("Timed out")},
    {ErrorCode::ChecksumMismatch, QT_TR_NOOP("Damaged in transit, not stored")},
    {ErrorCode::RemoteChanged, QT_TR_NOOP("Changed while it was sent")},
    {ErrorCode::NotTrusted, QT_TR_NOOP("Server not trusted")},
    {ErrorCode::WrongPassword, QT_TR_NOOP("Wrong password")},
    {ErrorCode::NotTaken, QT_TR_NOOP("The server does not take it")},
    {ErrorCode::OverLimit, QT_TR_NOOP("Over the server's limit")},
    {ErrorCode::NoRoom, QT_TR_NOOP("The server's disk is full")},
};

} // namespace

QString uploadStateText(const Download &upload)
{
    switch (upload.state) {
    case DownloadState::Downloading: {
        const qint64 left =
            upload.size < 0 ? -1 : timeLeft(upload.size - upload.received, upload.bytesPerSecond);
        return left < 0 ? UploadText::tr("Sending")
                        : UploadText::tr("Sending, %1").arg(formatTimeLeft(left));
    }
    case DownloadState::Stalled:
        return upload.heldThere ? QString() : UploadText::tr("Stalled: the server takes no data");
    case DownloadState::Verifying:
        return UploadText::tr("Sent, not confirmed yet");
    case DownloadState::Checking:
        return UploadText::tr("Checking what is there");
    case DownloadState::Done: {
        const QByteArray name = client::otherName(upload);
        return name.isEmpty() ? UploadText::tr("Sent, verified")
                              : UploadText::tr("Sent as %1, verified", "file name")
                                    .arg(displayText(QByteArrayView(name)));
    }
    default:
        return {};
    }
}

QString uploadFailure(const Error &error)
{
    if (error.code == ErrorCode::LocalFile)
        return UploadText::unreadable(error.systemError);
    // There are several reasons of these kinds, and each has its sentence.
    const bool several = error.code == ErrorCode::NotTaken || error.code == ErrorCode::OverLimit;
    if (several && !error.text.isEmpty())
        return error.text.endsWith(u'.') ? error.text.chopped(1) : error.text;
    for (const FailureWords &words : failures) {
        if (words.code == error.code)
            return UploadText::tr(words.failure);
    }
    return UploadText::tr("Can't be sent");
}

QString uploadAdvice(const Download &upload)
{
    if (upload.cutOff)
        return UploadText::tr("Who had this number may have left. Choose the person under People, "
                              "and give the file again.");
    switch (upload.error.code) {
    case ErrorCode::NotFound:
        return UploadText::tr("Ask the person at the server, or send it to another folder.");
    case ErrorCode::NotTaken:
        return UploadText::tr("Send it to a folder that takes files, or under another name. What "
                              "a server takes is chosen in the Ferry Server window.");
    case ErrorCode::OverLimit:
        return UploadText::tr("Ask the person at the server to raise the limit, then retry.");
    case ErrorCode::NoRoom:
        return UploadText::tr("Ask the person at the server to make room, then retry.");
    case ErrorCode::TargetExists:
        return UploadText::tr("Rename it, or send it to another folder.");
    case ErrorCode::LocalFile:
        return UploadText::tr("Check that it is still there and that you may read it, then retry.");
    case ErrorCode::RemoteChanged:
    case ErrorCode::ChecksumMismatch:
        return UploadText::tr("Retry sends it again.");
    case ErrorCode::HostNotFound:
        return UploadText::tr("Check the address above and press Communicate, then retry.");
    case ErrorCode::WrongPassword:
        return UploadText::tr("Correct the password above and press Communicate, then retry.");
    case ErrorCode::NotTrusted:
        return UploadText::tr("Nothing was sent to it. Press Communicate to see the reason.");
    case ErrorCode::Refused:
    case ErrorCode::Dismissed:
        return UploadText::tr("Ask the person at the server, or retry later.");
    default:
        return UploadText::tr(
            "The server keeps what it has for a day. Retry continues from there.");
    }
}

} // namespace ferry::gui
