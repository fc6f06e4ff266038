// SPDX-License-Identifier: MIT
/// Writes what the client says in each transcript to a file of its own: seeds for the fuzzers.
/// Usage: write_seeds FOLDER
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>

#include <cstdio>

int main(int argc, char *argv[])
{
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        std::fprintf(stderr, "usage: write_seeds FOLDER\n");
        return 2;
    }
    const auto transcripts = ferry::test::allTranscripts();
    for (auto it = transcripts.begin(); it != transcripts.end(); ++it) {
        QFile file(QDir(QString::fromLocal8Bit(argv[1])).filePath(it.key()));
        const QByteArray bytes = it->clientBytes();
        if (!it->fault.isEmpty() || !file.open(QIODevice::WriteOnly) ||
            file.write(bytes) != bytes.size()) {
            std::fprintf(stderr, "%s: cannot be read or written\n", qPrintable(it.key()));
            return 1;
        }
    }
    return transcripts.isEmpty() ? 1 : 0;
}
