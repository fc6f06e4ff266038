// SPDX-License-Identifier: MIT
#include "server/records/deliverycsv.h"

#include <QByteArrayList>
#include <QDateTime>

namespace ferry::server {

namespace {

/// In the order of Outcome.
constexpr const char *outcomeWords[] = {"verified", "unverified", "broken off"};

/// With the offset of this place at that time.
QByteArray timeOf(qint64 ms)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(ms);
    return when.toOffsetFromUtc(when.offsetFromUtc()).toString(Qt::ISODate).toLatin1();
}

} // namespace

QByteArray csvHeader()
{
    return "began,ended,address,account,client,encrypted,file,size,sent,outcome,why,direction\r\n";
}

QByteArray csvLine(const Delivery &delivery)
{
    const QByteArrayList fields{timeOf(delivery.beganMs),
                                timeOf(delivery.endedMs),
                                csvField(delivery.address),
                                csvField(delivery.account),
                                csvField(delivery.client),
                                delivery.encrypted ? "yes" : "no",
                                csvField(delivery.file),
                                QByteArray::number(delivery.size),
                                QByteArray::number(delivery.sent),
                                outcomeWords[int(delivery.outcome)],
                                csvField(delivery.why),
                                delivery.received ? "received" : "sent"};
    return fields.join(',') + "\r\n";
}

QByteArray csvField(const QString &text)
{
    QString field = text;
    // A spreadsheet takes what begins with one of these for a formula, some also in full width.
    constexpr QStringView dangerous = u"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20";
    if (!field.isEmpty() && dangerous.contains(field.front()))
        field.prepend(u'\'');
    const bool quoted = field.contains(u',') || field.contains(u'"') || field.contains(u'\r') ||
                        field.contains(u'\n') || field.startsWith(u' ') || field.endsWith(u' ');
    if (!quoted)
        return field.toUtf8();
    return '"' + field.replace(u'"', QStringLiteral("\"\"")).toUtf8() + '"';
}

} // namespace ferry::server
