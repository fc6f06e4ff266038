// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/report.h"

#include <QJsonObject>
#include <QString>

namespace ferry::client {

/// One JSON object per event and line on standard output (jsonline.h).
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
    void uploadEnded(const Download &upload);
    void line(const QString &event, const QJsonObject &fields);
    void write(const QString &event, const QJsonObject &fields);
};

} // namespace ferry::client
