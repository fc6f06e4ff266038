// SPDX-License-Identifier: MIT
#pragma once

#include "transcripts/transcript.h"
#include "wire/extended/people.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace ferry::test {

/// The people of a transcript, the notes that wait and the gifts that are there: a server's places
/// for them without a server.
class ScriptedPeople
{
public:
    explicit ScriptedPeople(const Transcript &transcript);

    /// All the lines of the answer; nothing for NEWS that waits.
    std::optional<QByteArray> answer(const extended::Request &request);

    /// False if that is one too many.
    bool mayTell() { return m_told < m_burst && ++m_told > 0; }

    const QList<extended::Note> &notes() const { return m_notes; }
    qint64 lost() const { return m_lost; }

private:
    QByteArray who() const;
    QByteArray tell(const extended::Request &request);
    QByteArray news(const extended::Request &request) const;
    QByteArray drop(const extended::Request &request);

    QList<extended::Person> m_persons;
    QList<extended::Note> m_notes;
    qint64 m_lost = 0;
    qint64 m_burst = 0;
    qint64 m_told = 0;
    bool m_waiting = false;
};

} // namespace ferry::test
