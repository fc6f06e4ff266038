// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

class QWidget;

namespace ferry::gui {

/// Whatever a window asks or tells in a dialog of its own. The windows hold a pointer to one of
/// these, so that tests answer in its place. All texts are plain, never HTML.
class Prompts
{
public:
    virtual ~Prompts() = default;

    /// The one that opens real dialogs. Lives as long as the program.
    static Prompts *standard();

    /// The number of the answer that was chosen; -1: none, which Esc and the default are. `text` is
    /// called again while the question is open. Once it is empty there is nothing left to ask, and
    /// the first answer is taken.
    virtual int ask(QWidget *parent, const QString &title, const std::function<QString()> &text,
                    const QStringList &answers);

    /// Whether `accept` was chosen.
    bool confirm(QWidget *parent, const QString &title, const QString &text, const QString &accept);
    virtual void tell(QWidget *parent, const QString &title, const QString &text);

    /// Empty: cancelled.
    virtual QString askFolder(QWidget *parent, const QString &title, const QString &start);
    virtual QString askOpenName(QWidget *parent, const QString &title, const QString &start);
    /// Existing files; none: cancelled.
    virtual QStringList askOpenNames(QWidget *parent, const QString &title, const QString &start);
    virtual QString askSaveName(QWidget *parent, const QString &title, const QString &suggested);

    virtual std::optional<QString> askText(QWidget *parent, const QString &title,
                                           const QString &label, const QString &value);

    /// Bytes per second, 0 for none; nothing: cancelled. `about`: what is limited.
    virtual std::optional<qint64> askRateLimit(QWidget *parent, const QString &about,
                                               qint64 bytesPerSecond);
};

} // namespace ferry::gui
