// SPDX-License-Identifier: MIT
#include "client/connect/refusal.h"

#include "net/base/displaytext.h"
#include "net/base/translate.h"

namespace ferry::client {

namespace {

constexpr Meaning refusals[] = {
    {"NOTFOUND", ErrorCode::NotFound, QT_TRANSLATE_NOOP("ferry", "Not found on the server.")},
    {"ISFOLDER", ErrorCode::NotFound, QT_TRANSLATE_NOOP("ferry", "It is a folder.")},
    {"NOTFOLDER", ErrorCode::NotFound, QT_TRANSLATE_NOOP("ferry", "That is a file, not a folder.")},
    {"CHANGED", ErrorCode::RemoteChanged,
     QT_TRANSLATE_NOOP("ferry", "The file was changed on the server while it was fetched.")},
    {"RANGE", ErrorCode::RemoteChanged,
     QT_TRANSLATE_NOOP("ferry", "The file on the server became shorter.")},
    {"READ", ErrorCode::CutShort, QT_TRANSLATE_NOOP("ferry", "The server cannot read it.")},
    {"CANCELLED", ErrorCode::Cancelled, QT_TRANSLATE_NOOP("ferry", "Cancelled.")},
};

constexpr Meaning reasons[] = {
    {"NOTFOUND", ErrorCode::CutShort,
     QT_TRANSLATE_NOOP("ferry", "Left out by the server: it may not be read, or it is a link that "
                                "leads nowhere or out of the share.")},
    {"LINK", ErrorCode::CutShort,
     QT_TRANSLATE_NOOP("ferry", "Left out by the server: it is a link to a folder.")},
    {"SPECIAL", ErrorCode::CutShort,
     QT_TRANSLATE_NOOP("ferry", "Left out by the server: it is neither a file nor a folder.")},
    {"DEPTH", ErrorCode::CutShort,
     QT_TRANSLATE_NOOP("ferry", "Left out by the server: it lies too deep.")},
    {"READ", ErrorCode::CutShort, QT_TRANSLATE_NOOP("ferry", "The server cannot read it.")},
};

const Meaning *find(std::span<const Meaning> meanings, const QByteArray &token)
{
    for (const Meaning &meaning : meanings) {
        if (token == meaning.token)
            return &meaning;
    }
    return nullptr;
}

} // namespace

Error refusalError(const ExtendedEvent &event)
{
    return refusalError(event, refusals);
}

Error refusalError(const ExtendedEvent &event, std::span<const Meaning> meanings)
{
    if (const Meaning *const meaning = find(meanings, event.token))
        return {meaning->code, tr(meaning->text)};
    return {ErrorCode::Protocol,
            tr("The server refused: %1").arg(displayText(QByteArrayView(event.text)))};
}

Error notOffered(extended::Verb verb)
{
    return {ErrorCode::Protocol,
            tr("The server does not offer %1.").arg(QString::fromLatin1(extended::verbName(verb)))};
}

Error leftOutError(const QByteArray &reason)
{
    if (const Meaning *const meaning = find(reasons, reason))
        return {meaning->code, tr(meaning->text)};
    return {ErrorCode::CutShort,
            tr("Left out by the server: %1").arg(displayText(QByteArrayView(reason)))};
}

} // namespace ferry::client
