// SPDX-License-Identifier: MIT
#include "client/finisher.h"

#include "client/syncfiles.h"
#include "wire/limits.h"

#include <QCoreApplication>

namespace ferry::client {

void Finisher::add(Waiting file)
{
    if (m_waiting.empty())
        m_until = QDeadlineTimer(limits::syncDelay);
    m_bytes += file.file.size();
    m_waiting.push_back(std::move(file));
}

bool Finisher::due() const
{
    return !m_waiting.empty() && (qsizetype(m_waiting.size()) >= limits::filesPerSync ||
                                  m_bytes >= limits::bytesPerSync || m_until.hasExpired());
}

std::vector<Finisher::Finished> Finisher::finishAll()
{
    std::vector<Waiting> waiting;
    waiting.swap(m_waiting);
    m_bytes = 0;
    std::vector<Finished> finished;
    finished.reserve(waiting.size());
    if (waiting.size() == 1) {
        finished.push_back({waiting[0].id, waiting[0].file.finish()});
        return finished;
    }

    std::vector<int> files;
    for (Waiting &one : waiting) {
        auto prepared = one.file.prepare();
        if (prepared)
            files.push_back(one.file.descriptor());
        finished.push_back(
            {one.id, prepared ? Result<QString>(QString()) : Result<QString>(prepared.error())});
    }
    const auto cannotSync = [](int error) {
        return Error{ErrorCode::LocalFile,
                     QCoreApplication::translate("ferry", "What was received cannot be written: %1")
                         .arg(qt_error_string(error))};
    };
    if (const int error = syncFiles(files); error != 0) {
        for (Finished &one : finished)
            one.name = cannotSync(error);
        return finished;
    }
    std::vector<int> folders;
    for (size_t i = 0; i < waiting.size(); ++i) {
        if (!finished[i].name)
            continue;
        finished[i].name = waiting[i].file.rename();
        folders.push_back(waiting[i].file.folder());
    }
    if (const int error = syncFiles(folders); error != 0) {
        for (Finished &one : finished)
            one.name = cannotSync(error);
    }
    return finished;
}

} // namespace ferry::client
