// SPDX-License-Identifier: MIT
#include "client-cli/exitcodes.h"

namespace ferry::client {

int exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return 3;
    case ErrorCode::HostNotFound:
        return 6;
    case ErrorCode::CannotConnect:
    case ErrorCode::Refused: // no session there either, only said politely
        return 7;
    case ErrorCode::Protocol:
        return 8;
    case ErrorCode::LocalFile:
    case ErrorCode::DiskFull:
    case ErrorCode::Damaged:
        return exitcode::localFile;
    case ErrorCode::TargetExists:
        return 13;
    case ErrorCode::CutShort:
    case ErrorCode::Dismissed:
        return 18;
    case ErrorCode::TimedOut:
        return 28;
    case ErrorCode::ChecksumMismatch:
        return 32;
    case ErrorCode::RemoteChanged:
        return 36;
    case ErrorCode::NotTrusted:
        return 60;
    case ErrorCode::WrongPassword:
        return 67;
    case ErrorCode::CannotBind:
        return 98;
    case ErrorCode::NotTaken:
        return exitcode::notTaken;
    case ErrorCode::OverLimit:
    case ErrorCode::NoRoom:
        return exitcode::serverLimit;
    case ErrorCode::Cancelled:
        return 130;
    case ErrorCode::InUse:
    case ErrorCode::Invalid:
        return exitcode::usage;
    }
    return exitcode::usage;
}

int exitCodeFor(const QList<Download> &downloads)
{
    int firstFailure = exitcode::success;
    bool someDone = false;
    for (const Download &download : downloads) {
        if (download.state == DownloadState::Done || download.state == DownloadState::Skipped) {
            someDone = true;
        } else if (firstFailure == exitcode::success) {
            firstFailure =
                exitCodeFor(download.state == DownloadState::Failed ? download.error.code
                                                                    : ErrorCode::Cancelled);
        }
    }
    return someDone && firstFailure != exitcode::success ? exitcode::mixed : firstFailure;
}

} // namespace ferry::client
