// SPDX-License-Identifier: MIT
#include "client-gui/queue/freespacewatch.h"

#include "client/disk/diskwrite.h"
#include "net/base/workerthread.h"

namespace ferry::gui {

namespace {
constexpr qint64 pending = -2;
constexpr int tickMs = 100;
constexpr int ticksBetween = 50;
} // namespace

FreeSpaceWatch::FreeSpaceWatch(QObject *parent)
    : QObject(parent)
{
    connect(&m_timer, &QTimer::timeout, this, &FreeSpaceWatch::look);
    m_timer.start(tickMs);
}

void FreeSpaceWatch::setFolder(const QString &folder)
{
    m_folder = folder;
    m_look.reset(); // its answer is about another folder
    show(-1);
    begin();
}

void FreeSpaceWatch::begin()
{
    const auto look = std::make_shared<Look>();
    look->bytes = pending;
    const auto started = WorkerThread::startDetached(
        "free space", [look, folder = m_folder] { look->bytes = client::diskSpaceOf(folder).free; },
        [look](const Error &) { look->bytes = -1; });
    if (started)
        m_look = look;
    else
        m_rest = ticksBetween; // the next look may have a thread
}

void FreeSpaceWatch::look()
{
    if (m_folder.isEmpty())
        return;
    if (!m_look) {
        if (--m_rest <= 0)
            begin();
        return;
    }
    const qint64 bytes = m_look->bytes;
    if (bytes == pending)
        return;
    m_look.reset();
    m_rest = ticksBetween;
    show(bytes);
}

void FreeSpaceWatch::show(qint64 bytes)
{
    if (bytes == m_bytes)
        return;
    m_bytes = bytes;
    Q_EMIT changed();
}

} // namespace ferry::gui
