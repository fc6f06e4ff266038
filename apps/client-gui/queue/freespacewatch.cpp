// SPDX-License-Identifier: MIT
#include "client-gui/queue/freespacewatch.h"

#include "client/disk/freespace.h"
#include "net/base/guarded.h"

#include <system_error>
#include <thread>

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
    try {
        std::thread([look, folder = m_folder] {
            if (!guarded([&] { look->bytes = client::freeSpaceOf(folder); }))
                look->bytes = -1;
        }).detach();
        m_look = look;
    } catch (const std::system_error &) {
        // No thread to be had: the next look may have one.
        m_rest = ticksBetween;
    }
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
