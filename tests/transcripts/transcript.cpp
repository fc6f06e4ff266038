// SPDX-License-Identifier: MIT
#include "transcripts/transcript.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace ferry::test {

using Kind = TranscriptStep::Kind;

namespace {

/// `text` with its {…} as bytes; nothing sensible if one is not closed.
QByteArray bytesOf(QByteArrayView text)
{
    QByteArray bytes;
    for (qsizetype open; (open = text.indexOf('{')) >= 0;) {
        const qsizetype close = text.indexOf('}', open);
        if (close < 0)
            break;
        bytes += text.first(open).toByteArray();
        const QByteArray inside = text.sliced(open + 1, close - open - 1).toByteArray();
        const qsizetype times = inside.indexOf('*');
        const QByteArray once = QByteArray::fromHex(times < 0 ? inside : inside.first(times));
        bytes += once.repeated(times < 0 ? 1 : inside.sliced(times + 1).toInt());
        text = text.sliced(close + 1);
    }
    return bytes + text.toByteArray();
}

bool any(const Transcript &transcript, Kind kind)
{
    return std::any_of(transcript.steps.begin(), transcript.steps.end(),
                       [kind](const TranscriptStep &step) { return step.kind == kind; });
}

} // namespace

QByteArray Transcript::clientBytes(QByteArrayView lineEnd) const
{
    QByteArray bytes;
    for (const TranscriptStep &step : steps) {
        if (step.kind == Kind::ClientLine)
            bytes += step.bytes + lineEnd.toByteArray();
        else if (step.kind == Kind::ClientBytes)
            bytes += step.bytes;
    }
    return bytes;
}

QByteArray Transcript::serverBytes() const
{
    QByteArray bytes;
    for (const TranscriptStep &step : steps) {
        if (step.kind == Kind::Server)
            bytes += step.bytes;
    }
    return bytes;
}

bool Transcript::clientEnds() const
{
    return any(*this, Kind::ClientEnd);
}

bool Transcript::serverEnds() const
{
    return any(*this, Kind::ServerEnd);
}

Transcript parseTranscript(QByteArrayView text)
{
    Transcript transcript;
    QByteArray *content = nullptr;
    int number = 0;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        ++number;
        const auto rest = [&line](qsizetype prefix) { return QByteArrayView(line).sliced(prefix); };
        if (line.isEmpty() || line.startsWith('#')) {
            continue;
        } else if (line.startsWith("password ")) {
            transcript.password = bytesOf(rest(9));
        } else if (line.startsWith("file ")) {
            content = &transcript.files[bytesOf(rest(5))];
            *content = "";
        } else if (line.startsWith("| ") && content) {
            *content += bytesOf(rest(2));
        } else if (line.startsWith("C: ")) {
            transcript.steps.append({Kind::ClientLine, bytesOf(rest(3))});
        } else if (line.startsWith("C> ")) {
            transcript.steps.append({Kind::ClientBytes, bytesOf(rest(3))});
        } else if (line == "C.") {
            transcript.steps.append({Kind::ClientEnd, {}});
        } else if (line.startsWith("S: ")) {
            transcript.steps.append({Kind::Server, bytesOf(rest(3)) + "\r\n"});
        } else if (line.startsWith("S= ") && transcript.files.contains(bytesOf(rest(3)))) {
            transcript.steps.append({Kind::Server, transcript.files.value(bytesOf(rest(3)))});
        } else if (line == "S.") {
            transcript.steps.append({Kind::ServerEnd, {}});
        } else {
            transcript.fault = QStringLiteral("line %1 is no directive").arg(number);
            return transcript;
        }
    }
    if (transcript.steps.isEmpty())
        transcript.fault = QStringLiteral("nothing is said");
    return transcript;
}

QMap<QString, Transcript> allTranscripts()
{
    QMap<QString, Transcript> transcripts;
    const QDir folder(QStringLiteral(FERRY_TRANSCRIPTS));
    for (const QString &name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            transcripts.insert(name, parseTranscript(file.readAll()));
        else
            transcripts[name].fault = file.errorString();
    }
    return transcripts;
}

} // namespace ferry::test
