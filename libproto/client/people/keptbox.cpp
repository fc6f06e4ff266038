// SPDX-License-Identifier: MIT
#include "client/people/keptbox.h"

#include "client/connect/clientconfig.h"
#include "wire/extended/extendedwords.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>

namespace ferry::client {

namespace {

/// It does not say which server or account it is for.
QString fileName(const QByteArray &fingerprint, const QByteArray &account)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(fingerprint + '\0' + account, QCryptographicHash::Sha256).toHex());
}

} // namespace

Result<KeptBox> KeptBox::take(const QString &folder, const QByteArray &fingerprint,
                              const QByteArray &account)
{
    using privatefile::Others;
    const QString boxes = folder + QStringLiteral("/boxes");
    const QString path = boxes + u'/' + fileName(fingerprint, account);
    if (const auto made = privatefile::ensureFolder(boxes); !made)
        return made.error();
    KeptBox box;
    auto only = privatefile::Lock::take(path, QDeadlineTimer(0));
    if (!only)
        return only.error();
    box.m_only = only.take();

    const qsizetype size = newBox().size();
    const auto kept = privatefile::read(path, size + 1);
    box.m_name = kept ? kept.value().trimmed() : QByteArray();
    if (box.m_name.size() != size || !extended::isId(box.m_name) ||
        !privatefile::isOurs(path, Others::MayNothing)) {
        box.m_name = newBox();
        if (const auto written = privatefile::replace(path, box.m_name + '\n'); !written)
            return written.error();
    }
    // Who can put another file in its place could name a box that they know.
    if (const auto ours = privatefile::checkOurs(path, Others::MayNothing); !ours)
        return ours.error();
    return box;
}

} // namespace ferry::client
