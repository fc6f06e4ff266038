// SPDX-License-Identifier: MIT
#pragma once

#include "transcripts/transcript.h"
#include "wire/extended/extended.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <functional>

namespace ferry::test {

/// Answers the requests of the extended dialect from a transcript's files and folders, as
/// docs/PROTOCOL.md says: the server's disk without a disk.
class ScriptedDisk
{
public:
    explicit ScriptedDisk(const Transcript &transcript)
        : m_transcript(transcript)
    {
    }

    struct Answer
    {
        QByteArray bytes;
        /// The rest comes only after CANCEL, and is `!CANCELLED`.
        bool waits = false;
    };
    Answer answer(const extended::Request &request);

private:
    const DiskEntry *find(const VirtualPath &path) const;
    QByteArray list(const extended::Request &request) const;
    QByteArray tree(const extended::Request &request) const;
    extended::Entry wireEntry(const DiskEntry &entry, qsizetype prefix) const;
    Answer file(const extended::Request &request);
    void addBody(const DiskEntry &entry, const extended::FileFacts &facts, Answer &answer);

    Transcript m_transcript;

    struct Sent
    {
        QByteArray key;
        qint64 number = 0; ///< 0: it has none
        QByteArray sum;    ///< without its name
    };
    QByteArray confirm(const extended::Request &request);
    QByteArray confirmRun(const extended::Request &request);
    QList<Sent> m_sent; ///< what a receipt may name
    qint64 m_numbered = 0;
};

/// `xxh3:` and the checksum of `bytes`.
QByteArray checksumOf(QByteArrayView bytes);

} // namespace ferry::test
