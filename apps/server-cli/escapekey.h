// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

namespace ferry::servercli {

/// The Escape key of the terminal that is standard input, while the program is in its foreground.
/// Keys are neither echoed nor collected to lines meanwhile; the terminal is as before when the
/// program ends or is stopped. One object at a time, on the main thread.
class EscapeKey final : public QObject
{
    Q_OBJECT
public:
    /// Whether a person sits there, who also reads standard error, and did not start the program in
    /// the background.
    static bool isThere();

    EscapeKey();
    ~EscapeKey() override;

    /// The part of `keys` that may still become a longer key: Escape is the start of those that the
    /// arrow keys and others send.
    static QByteArray unfinished(const QByteArray &keys);

Q_SIGNALS:
    void pressed();

private:
    void look();
    void read();
    void decide();

    QByteArray m_keys;
    QSocketNotifier m_notifier;
    QTimer m_looking;
    QTimer m_waiting; ///< for the rest of a longer key
};

} // namespace ferry::servercli
