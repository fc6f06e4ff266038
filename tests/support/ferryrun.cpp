// SPDX-License-Identifier: MIT
#include "support/ferryrun.h"

#include "support/process.h"

#include <QDir>
#include <QFile>

namespace ferry::test {

namespace {

QStringList getArguments(quint16 port, const QStringList &more)
{
    return QStringList{QStringLiteral("get"), QStringLiteral("--classic"),
                       QStringLiteral("127.0.0.1:%1").arg(port)} +
           more;
}

} // namespace

ProgramRun FerryFolder::get(quint16 port, const QStringList &more, ProgramSettings settings) const
{
    settings.folder = m_dir.path();
    return runProgram(QStringLiteral("ferry"), getArguments(port, more), settings);
}

void FerryFolder::startGet(QProcess &process, quint16 port, const QStringList &more,
                           ProgramSettings settings) const
{
    settings.folder = m_dir.path();
    prepareProcess(process, settings);
    process.start(programPath(QStringLiteral("ferry")), getArguments(port, more));
}

QByteArray FerryFolder::content(const QString &name) const
{
    QFile file(m_dir.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

bool FerryFolder::put(const QString &name, const QByteArray &bytes) const
{
    QFile file(m_dir.filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QStringList FerryFolder::names() const
{
    return QDir(m_dir.path())
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                   QDir::Name);
}

bool FerryFolder::waitForPart(const QString &name) const
{
    return waitUntil([&] { return QFile::exists(m_dir.filePath(name)); });
}

TutorialHabits tutorialFiles()
{
    TutorialHabits habits;
    habits.files = {
        {"c:\\cp.gif", "GIF89a cp"}, {"c:\\g.gif", "GIF89a g"},           {"a", "content of a"},
        {"b", "content of b"},       {"large", QByteArray(300'000, 'L')}, {"gr\xFC\xDF", "latin"}};
    return habits;
}

TutorialServer::Script scriptThatStops()
{
    return [](TutorialPeer &peer, int) {
        peer.write("#Server Ready.\r\n");
        peer.readLine();
        peer.write("#You are logged in.\r\n");
        peer.readLine();
        peer.write(QByteArray(500'000, 'x'));
        peer.readToEnd();
    };
}

} // namespace ferry::test
