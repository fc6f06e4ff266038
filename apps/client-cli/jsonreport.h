// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/report.h"

#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// One JSON object per event and line on standard output. JSON holds text, paths are bytes: a
/// path that is no UTF-8 has a replacement in `path` and its bytes in `pathBase64`.
class JsonReport final : public Report
{
public:
    void connected(const ClientConfig &config, const ConnectionStatus &status) override;
    void progress(const Download &download, qsizetype ended, qsizetype total) override;
    void ended(const Download &download) override;
    void connectionFailed(const Error &error) override;
    void warning(const QString &text) override;
    void interrupted(const Result<qsizetype> &saved) override;
    void summary(const QList<Download> &downloads, int exitCode) override;

private:
    void write(const QString &event, QJsonObject fields);
};

} // namespace ferry::client
