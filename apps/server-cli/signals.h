// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/filedescriptor.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace ferry::servercli {

/// SIGTERM and SIGINT as Qt signals: the handler writes one byte into a socket pair, the event
/// loop reads it. One object per process.
class TerminationSignals final : public QObject
{
    Q_OBJECT
public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

Q_SIGNALS:
    void received(int number);

private:
    void readOne();

    FileDescriptor m_readEnd;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace ferry::servercli
