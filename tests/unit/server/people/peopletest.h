// SPDX-License-Identifier: MIT
#pragma once

#include "server/people/people.h"

#include <QByteArray>
#include <QHostAddress>
#include <QObject>

#include <chrono>
#include <memory>

namespace ferry::test {

using namespace ferry::server;

/// Tests of people who come and go, and of a clock that stands still.
class PeopleTest : public QObject
{
protected:
    using Presence = std::unique_ptr<People::Presence>;
    Presence arrive(quint64 session, const QByteArray &account = "ferry",
                    const char *address = "192.0.2.1")
    {
        auto presence = std::make_unique<People::Presence>(
            m_people, People::Newcomer{
                          session, account, "Anna", QHostAddress(QLatin1StringView(address)), {}});
        if (m_askForNews)
            static_cast<void>(presence->news(0));
        return presence;
    }
    /// Nobody has come yet.
    void begin()
    {
        m_now = std::chrono::steady_clock::time_point(std::chrono::hours(1000));
        m_people = std::make_shared<People>([this] { return m_now; });
        m_askForNews = true;
    }

    std::chrono::steady_clock::time_point m_now;
    std::shared_ptr<People> m_people;
    bool m_askForNews = true;
};

} // namespace ferry::test
