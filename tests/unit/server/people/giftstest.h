// SPDX-License-Identifier: MIT
#pragma once

#include "server/people/gifts.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QObject>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace ferry::test {

using namespace ferry::server;

/// Tests with a folder of gifts, and people who come and go.
class GiftsTest : public QObject
{
protected:
    using Presence = std::unique_ptr<People::Presence>;
    /// Somebody with two connections in one: it reads, and gives and fetches.
    Presence arrive(quint64 session, const QByteArray &mailbox, const char *address = "192.0.2.1",
                    qint64 since = 0)
    {
        auto presence = std::make_unique<People::Presence>(
            m_people, People::Newcomer{
                          session, "ferry", "Anna", QHostAddress(QLatin1StringView(address)), {}});
        m_gifts->welcome(*presence, mailbox, since);
        static_cast<void>(presence->news(0));
        return presence;
    }
    /// What came since the last look.
    static QList<extended::Note> newsOf(People::Presence &who, qint64 &next)
    {
        const Mailbox::News news = who.news(next);
        next = news.next;
        return news.notes;
    }
    static extended::Request put(const QByteArray &upload = "1", qint64 size = 5)
    {
        extended::Request request;
        request.upload = upload;
        request.size = size;
        return request;
    }
    QString fileOf(qint64 number) const
    {
        return m_folder->filePath(QStringLiteral("gifts/%1/a b").arg(number));
    }
    /// As an upload that has come to its end.
    Result<extended::Stored> complete(qint64 number, const People::Presence &from)
    {
        const QString path = fileOf(number);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write("hello") != 5)
            return Error{ErrorCode::LocalFile, file.errorString()};
        file.close();
        return m_gifts->stored(number, {{}, 5, "xxh3:1", "i"}, from);
    }
    /// The number of a gift to the session 2; 0: it was refused.
    qint64 give(People::Presence &from, const QByteArray &upload = "1")
    {
        const Gifts::Begun begun = m_gifts->begin(from, {2, {}, "a b"}, put(upload));
        return !begun.refusal && complete(begun.number, from) ? begun.number : 0;
    }
    void open(Gifts::Bounds bounds = {})
    {
        m_gifts.reset();
        auto opened = Gifts::open(m_folder->path(), m_people, bounds, [this] { return m_now; });
        QVERIFY2(opened.ok(), opened ? "" : qPrintable(opened.error().text));
        m_gifts = opened.take();
    }
    void restart()
    {
        m_gifts.reset();
        m_people = std::make_shared<People>();
        m_people->setMembers(true);
        open();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<People> m_people;
    std::shared_ptr<Gifts> m_gifts;
    qint64 m_now = 1'000'000;
};

} // namespace ferry::test
