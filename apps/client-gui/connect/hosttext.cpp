// SPDX-License-Identifier: MIT
#include "client-gui/connect/hosttext.h"

#include "common/options.h"
#include "net/channel/invitation.h"

#include <QStringList>

namespace ferry::gui {

QString hostIn(const QString &text)
{
    const QStringList parts = text.simplified().split(u' ');
    for (const QString &part : parts) {
        if (Invitation::isMeant(part))
            return part;
    }
    const QByteArrayList words = text.simplified().toUtf8().split(' ');
    const QByteArray verb = words.first() == "ferry" ? words.value(1) : QByteArray();
    QByteArrayList operands;
    if (verb == "get" || verb == "ls") {
        const Command &command = verb == "get" ? commands::ferryGet : commands::ferryLs;
        operands = ParsedLine(command, words.sliced(2)).operands();
    } else if (verb == "queue") { // the first one says what to do
        operands = ParsedLine(commands::ferryQueue, words.sliced(2)).operands().mid(1);
    }
    return operands.isEmpty() ? text.trimmed() : QString::fromUtf8(operands.first());
}

} // namespace ferry::gui
