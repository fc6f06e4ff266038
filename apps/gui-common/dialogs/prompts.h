// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

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

    /// True if the person chose `accept`; Esc and the default are the safe answer, no.
    virtual bool confirm(QWidget *parent, const QString &title, const QString &text,
                         const QString &accept);
    virtual void tell(QWidget *parent, const QString &title, const QString &text);

    /// Empty: cancelled.
    virtual QString askFolder(QWidget *parent, const QString &title, const QString &start);
    virtual QString askSaveName(QWidget *parent, const QString &title, const QString &suggested);

    virtual std::optional<QString> askText(QWidget *parent, const QString &title,
                                           const QString &label, const QString &value);

    /// Bytes per second, 0 for none; nothing: cancelled. `about`: what is limited.
    virtual std::optional<qint64> askRateLimit(QWidget *parent, const QString &about,
                                               qint64 bytesPerSecond);
};

} // namespace ferry::gui
