// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <atomic>
#include <memory>

namespace ferry::gui {

/// How much room the disk of a folder has. Asked on a thread of its own, because the disk of
/// another computer may take its time; an answer that never comes holds nobody up.
class FreeSpaceWatch final : public QObject
{
    Q_OBJECT
public:
    explicit FreeSpaceWatch(QObject *parent = nullptr);

    void setFolder(const QString &folder);

    /// Bytes; -1: not known (yet).
    qint64 bytes() const { return m_bytes; }

Q_SIGNALS:
    void changed();

private:
    struct Look
    {
        std::atomic<qint64> bytes;
    };
    void begin();
    void look();
    void show(qint64 bytes);

    QString m_folder;
    qint64 m_bytes = -1;
    std::shared_ptr<Look> m_look; ///< under way
    int m_rest = 0;               ///< ticks until the next look
    QTimer m_timer;
};

} // namespace ferry::gui
