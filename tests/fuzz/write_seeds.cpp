// SPDX-License-Identifier: MIT
/// Makes seeds for the fuzzers of the transcripts.
/// Usage: write_seeds FOLDER
///     FOLDER/classic         what the client says, for whatever reads commands
///     FOLDER/extended        every line of the extended dialect
///     FOLDER/extendedserver  what the client says, for fuzz_extendedserversession
///     FOLDER/extendedclient  what both say, for fuzz_extendedclientsession
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>
#include <QSet>

#include <cstdio>
#include <cstdlib>

using namespace ferry::test;
using Kind = TranscriptStep::Kind;

namespace {

class SeedFolder
{
public:
    explicit SeedFolder(const QString &path)
        : m_folder(path)
    {
        // Seeds of transcripts that are no more would stay for ever.
        if (!m_folder.removeRecursively() || !QDir().mkpath(path))
            fail(path);
    }

    void write(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            fail(file.fileName());
    }

    [[noreturn]] static void fail(const QString &what)
    {
        std::fprintf(stderr, "%s: cannot be read or written\n", qPrintable(what));
        std::exit(1);
    }

private:
    QDir m_folder;
};

/// The steps from HELLO on.
QList<TranscriptStep> inFerry(const Transcript &transcript)
{
    qsizetype first = 0;
    while (first < transcript.steps.size() &&
           (transcript.steps[first].kind == Kind::Server ||
            !transcript.steps[first].bytes.startsWith("HELLO ferry/1")))
        ++first;
    return transcript.steps.sliced(first);
}

void writeExtended(const QString &folder)
{
    SeedFolder lines(folder + QStringLiteral("/extended"));
    SeedFolder server(folder + QStringLiteral("/extendedserver"));
    SeedFolder client(folder + QStringLiteral("/extendedclient"));
    QSet<QByteArray> seen;
    const auto transcripts = extendedTranscripts();
    for (auto it = transcripts.begin(); it != transcripts.end(); ++it) {
        if (!it->fault.isEmpty())
            SeedFolder::fail(it.key());
        QByteArray requests;
        QByteArray replies = "#Server Ready.\r\n";
        for (const TranscriptStep &step : inFerry(*it)) {
            if (step.kind == Kind::ClientLine)
                requests += step.bytes + '\n';
            else if (step.kind == Kind::ClientBytes)
                requests += step.bytes;
            else if (step.kind == Kind::Server)
                replies += step.bytes;
            const QByteArray line = step.bytes.trimmed();
            if (!line.contains('\n') && !seen.contains(line)) {
                lines.write(QString::number(seen.size()), line);
                seen.insert(line);
            }
        }
        // Flags: SCRAM or not, logged in or not.
        const char flags =
            static_cast<char>((it->scram ? 1 : 0) | (it->password.isEmpty() ? 0 : 2));
        server.write(it.key(), flags + requests);
        // Byte by byte, through the buffer and past it.
        client.write(it.key(), '\0' + requests + '\n' + replies);
        client.write(it.key() + QStringLiteral(".direct"), '\x10' + requests + '\n' + replies);
    }
    if (seen.isEmpty())
        SeedFolder::fail(folder);
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: write_seeds FOLDER\n");
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    SeedFolder classic(folder + QStringLiteral("/classic"));
    auto transcripts = allTranscripts();
    transcripts.insert(peopleTranscripts());
    for (auto it = transcripts.begin(); it != transcripts.end(); ++it) {
        if (!it->fault.isEmpty())
            SeedFolder::fail(it.key());
        classic.write(it.key(), it->clientBytes());
    }
    writeExtended(folder);
    return transcripts.isEmpty() ? 1 : 0;
}
