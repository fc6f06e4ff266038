// SPDX-License-Identifier: MIT
#pragma once

#include "client-cli/report.h"

namespace ferry::client {

/// The tutorial's lines as data, the rest on standard error. Bytes are printed as
/// they are, except on a terminal, where they are made safe to show.
class TextReport final : public Report
{
public:
    enum class Data { ToOutput, ToErrors };
    TextReport(bool quiet, Data data);
    ~TextReport() override;

    void connected(const ClientConfig &config, const ConnectionStatus &status) override;
    void progress(const Download &download, qsizetype ended, qsizetype total) override;
    void ended(const Download &download) override;
    void connectionFailed(const Error &error) override;
    void warning(const QString &text) override;
    void interrupted(const Result<qsizetype> &saved) override;
    void summary(const QList<Download> &downloads, int exitCode) override;

private:
    void uploadEnded(const Download &upload);
    QByteArray shownBytes(const QByteArray &name) const;
    void outputLine(const QByteArray &before, const QByteArray &name, const QByteArray &after);
    void errorLine(const QString &text);
    void clearBar();

    const bool m_quiet;
    const Data m_data;
    const bool m_dataIsForTerminal;
    const bool m_bar; ///< a live line on standard error
    bool m_barShown = false;
};

/// The live line, at most so many columns of a terminal wide.
QString progressLine(const Download &download, qsizetype ended, qsizetype total, int columns);

/// A signal ended it: whether the saved queue has what was left.
QString interruptedText(const Result<qsizetype> &saved);

} // namespace ferry::client
