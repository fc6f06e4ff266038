// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/clientconfig.h"
#include "client/connect/connectionstate.h"
#include "client/download.h"
#include "common/standardoutput.h"

#include <QList>

namespace ferry::client {

/// What `ferry get` says while it works. Each file is reported once, when it has ended. What is
/// said of files goes out with output().flush(): many may end at once.
class Report
{
public:
    virtual ~Report() = default;

    virtual void connected(const ClientConfig &config, const ConnectionStatus &status) = 0;
    virtual void progress(const Download &download, qsizetype ended, qsizetype total) = 0;
    virtual void ended(const Download &download) = 0;

    /// There is no way to the server: of all files that have not ended.
    virtual void connectionFailed(const Error &error) = 0;
    /// Something that ends nothing, but that a person should know.
    virtual void warning(const QString &text) = 0;
    /// By a signal; `saved` files are in the saved queue, or why they are not.
    virtual void interrupted(const Result<qsizetype> &saved) = 0;
    virtual void summary(const QList<Download> &downloads, int exitCode) = 0;

    /// What is printed as data.
    StandardOutput &output() { return m_output; }

protected:
    StandardOutput m_output;
};

} // namespace ferry::client
