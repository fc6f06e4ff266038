// SPDX-License-Identifier: MIT
#pragma once

#include "support/program.h"
#include "support/tutorialserver.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace ferry::test {

/// A folder in which `ferry get --classic` runs against a server of this machine, and what is in
/// it afterwards.
class FerryFolder
{
public:
    bool isValid() const { return m_dir.isValid(); }
    QString path() const { return m_dir.path(); }
    QString path(const QString &name) const { return m_dir.filePath(name); }

    /// To its end, with `more` after the host.
    ProgramRun get(quint16 port, const QStringList &more, ProgramSettings settings = {}) const;

    /// The same, to be watched.
    void startGet(QProcess &process, quint16 port, const QStringList &more,
                  ProgramSettings settings = {}) const;

    /// The content of a file, or "(not there)".
    QByteArray content(const QString &name) const;

    bool put(const QString &name, const QByteArray &bytes) const;

    /// Everything in it.
    QStringList names() const;

    /// Waits until it is there; the first bytes may still be held in memory.
    bool waitForPart(const QString &name) const;

private:
    QTemporaryDir m_dir;
};

/// The tutorial's server with the files that the tests of the program ask for.
TutorialHabits tutorialFiles();

/// Logs in; of whatever file there is a part, and then nothing until the client goes.
TutorialServer::Script scriptThatStops();

} // namespace ferry::test
