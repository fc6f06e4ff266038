// SPDX-License-Identifier: MIT
/// Conversations as text: documentation, tests and fuzz seeds at once. The files are *.txt here.
///
///     # A comment.
///     password WORD          the server's password
///     file PATH              a file of the server, by the path that a client sends;
///     | TEXT                 its content, as many such lines as it takes (no line end of its own)
///     C: TEXT                the client sends a line, CR LF at its end
///     C> TEXT                the client sends exactly this
///     C.                     the client closes its direction
///     S: TEXT                the server sends a line, CR LF at its end
///     S= PATH                the server sends the content of that file
///     S.                     the server closes
///
/// In every TEXT, {0D 0A} stands for bytes in hexadecimal and {41*5000} for many of one.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QMap>
#include <QString>

namespace ferry::test {

struct TranscriptStep
{
    enum class Kind { ClientLine, ClientBytes, ClientEnd, Server, ServerEnd };
    Kind kind;
    QByteArray bytes; ///< of ClientLine without its end
};

struct Transcript
{
    QByteArray password;
    QMap<QByteArray, QByteArray> files;
    QList<TranscriptStep> steps;
    QString fault; ///< not empty: the text is no transcript, and why

    /// Everything the client sends, each of its lines with `lineEnd`.
    QByteArray clientBytes(QByteArrayView lineEnd = "\r\n") const;
    QByteArray serverBytes() const;
    bool clientEnds() const;
    bool serverEnds() const;
};

Transcript parseTranscript(QByteArrayView text);

/// All transcripts of the source tree, by file name.
QMap<QString, Transcript> allTranscripts();

} // namespace ferry::test
