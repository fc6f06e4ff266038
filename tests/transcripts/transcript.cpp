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

/// One of the lines with which somebody says something.
bool readStep(const QByteArray &line, Transcript &transcript)
{
    const auto rest = [&line] { return bytesOf(QByteArrayView(line).sliced(3)); };
    if (line.startsWith("C: "))
        transcript.steps.append({Kind::ClientLine, rest()});
    else if (line.startsWith("C> "))
        transcript.steps.append({Kind::ClientBytes, rest()});
    else if (line == "C.")
        transcript.steps.append({Kind::ClientEnd, {}});
    else if (line.startsWith("S: "))
        transcript.steps.append({Kind::Server, rest() + "\r\n"});
    else if (line.startsWith("S> "))
        transcript.steps.append({Kind::Server, rest()});
    else if (line.startsWith("S= ") && transcript.files.contains(rest()))
        transcript.steps.append({Kind::Server, transcript.files.value(rest())});
    else if (line == "S.")
        transcript.steps.append({Kind::ServerEnd, {}});
    else
        return false;
    return true;
}

/// One of the lines about the file or folder that was declared last.
bool readAttribute(const QByteArrayList &words, DiskEntry &entry)
{
    if (words[0] == "as" && words.size() == 3) {
        entry.id = words[1];
        entry.mtimeNs = words[2].toLongLong();
    } else if (words[0] == "fails" && words.size() == 3) {
        entry.failure = words[1];
        entry.reach = words[2].toLongLong();
    } else if (words[0] == "waits" && words.size() == 2) {
        entry.waits = true;
        entry.reach = words[1].toLongLong();
    } else if (words[0] == "unreadable" && words.size() == 2) {
        entry.failure = words[1];
    } else if (words[0] == "unlisted" && words.size() == 2) {
        entry.unlisted = words[1];
    } else if (words[0] == "busy" && words.size() == 1) {
        entry.busy = true;
    } else {
        return false;
    }
    return true;
}

/// One of the lines that say what the server is like.
bool readSetting(const QByteArray &line, Transcript &transcript)
{
    const QByteArrayList words = line.split(' ');
    const QByteArray verb = words[0];
    const bool hasRest = line.size() > verb.size();
    const QByteArray rest = hasRest ? bytesOf(line.sliced(verb.size() + 1)) : QByteArray();
    if (verb == "password" && hasRest) {
        transcript.password = rest;
    } else if ((verb == "file" || verb == "folder") && hasRest) {
        DiskEntry entry;
        entry.path = rest;
        entry.folder = verb == "folder";
        transcript.disk.append(entry);
        if (!entry.folder)
            transcript.files[rest] = "";
    } else if (verb == "|" && hasRest && !transcript.disk.isEmpty() &&
               !transcript.disk.last().folder) {
        transcript.files[transcript.disk.last().path] += rest;
    } else if (verb == "login" && words.size() > 2) {
        transcript.logins.insert(words[1], words.sliced(2).join(' '));
    } else if (verb == "chunk" && hasRest) {
        transcript.chunk = rest.toLongLong();
    } else if (verb == "room" && hasRest) {
        transcript.room = rest.toLongLong();
    } else if (verb == "person" && hasRest) {
        transcript.persons += "#PERSON " + rest;
    } else if (verb == "note" && hasRest) {
        transcript.notes += "#NOTE " + rest;
    } else if (verb == "lost" && hasRest) {
        transcript.lost = rest.toLongLong();
    } else if (verb == "burst" && hasRest) {
        transcript.burst = rest.toLongLong();
    } else if (line == "waiting") {
        transcript.waiting = true;
    } else if (line == "people") {
        transcript.people = true;
    } else if (line == "gifts") {
        transcript.gifts = true;
    } else if (line == "receipts") {
        transcript.receipts = true;
    } else if (line == "takes") {
        transcript.takes = true;
    } else if (line == "scram") {
        transcript.scram = true;
    } else if (line == "timing") {
        transcript.timing = true;
    } else {
        return !transcript.disk.isEmpty() && readAttribute(words, transcript.disk.last());
    }
    return true;
}

QMap<QString, Transcript> transcriptsOf(const QString &path)
{
    QMap<QString, Transcript> transcripts;
    const QDir folder(path);
    for (const QString &name : folder.entryList({QStringLiteral("*.txt")}, QDir::Files)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            transcripts.insert(name, parseTranscript(file.readAll()));
        else
            transcripts[name].fault = file.errorString();
    }
    return transcripts;
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
    int number = 0;
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        ++number;
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        if (!readStep(line, transcript) && !readSetting(line, transcript)) {
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
    static const auto all = transcriptsOf(QStringLiteral(FERRY_TRANSCRIPTS));
    return all;
}

QMap<QString, Transcript> peopleTranscripts()
{
    static const auto all = transcriptsOf(QStringLiteral(FERRY_TRANSCRIPTS "/people"));
    return all;
}

QMap<QString, Transcript> extendedTranscripts()
{
    static const auto all = transcriptsOf(QStringLiteral(FERRY_TRANSCRIPTS "/extended"));
    return all;
}

} // namespace ferry::test
