// SPDX-License-Identifier: MIT
#include "gui-common/program/messagenotice.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace ferry::gui {

namespace {
struct MessageNews
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::MessageNews)
};
} // namespace

QString messageNews(const QStringList &senders)
{
    if (senders.isEmpty())
        return {};
    const bool several = std::any_of(senders.begin(), senders.end(),
                                     [&](const QString &each) { return each != senders.first(); });
    if (several)
        return MessageNews::tr("%Ln new messages", nullptr, int(senders.size()));
    return senders.size() == 1
               ? MessageNews::tr("Message from %1").arg(senders.first())
               : MessageNews::tr("%Ln messages from %1", nullptr, int(senders.size()))
                     .arg(senders.first());
}

void MessageNotice::add(const QStringList &senders)
{
    m_senders += senders.mid(0, mostSenders - m_senders.size());
}

QString MessageNotice::take(qint64 nowMs)
{
    if (m_senders.isEmpty() || (m_last && nowMs - *m_last < restMs))
        return {};
    m_last = nowMs;
    return messageNews(std::exchange(m_senders, {}));
}

} // namespace ferry::gui
