// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/settings/preferences.h"
#include "client-gui/settings/savedservers.h"

#include <QByteArray>
#include <QList>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <memory>

namespace ferry::gui {

/// What the client window remembers between two runs, in one file of the data folder. A password
/// is never part of it. A file that cannot be understood is set aside, and the program goes on
/// with its defaults.
class ClientSettings
{
public:
    /// Makes the folder if it is missing.
    explicit ClientSettings(const QString &dataDir);
    ~ClientSettings();

    /// FERRY_DATA_DIR, else the system's place for this program.
    static QString defaultDataDir();

    /// A sentence for a person if the file was damaged or cannot be read or written; else empty.
    QString problem() const { return m_problem; }
    QString fileName() const { return m_fileName; }

    /// Whose certificate belongs to which server: of client::KnownServers.
    QString knownServersFile() const;

    /// The downloads: of client::QueueStore.
    QString queueFile() const;

    /// Bytes per second of all downloads together; 0: no limit.
    qint64 rateLimit() const;
    void setRateLimit(qint64 v) { set(QStringLiteral("queue/bytesPerSecond"), v); }

    /// The latest first.
    QList<SavedServer> servers() const;
    void setServers(const QList<SavedServer> &servers);
    /// Those that nobody gave a name or a folder.
    void forgetRecentServers();

    /// With rateLimit(). Figures that make no sense are bounded.
    Preferences preferences() const;
    void setPreferences(const Preferences &preferences);

    /// The servers (client::serverName()) whose password is in the system's keychain.
    QStringList passwordsRemembered() const
    {
        return m_settings->value(QStringLiteral("connect/remembered")).toStringList();
    }
    bool isPasswordRemembered(const QString &server) const;
    void setPasswordRemembered(const QString &server, bool remembered);

    /// The folder that new files go to; the system's download folder unless chosen.
    QString destination() const;
    void setDestination(const QString &v) { set(QStringLiteral("queue/destination"), v); }

    QByteArray windowGeometry() const { return bytes(QStringLiteral("window/geometry")); }
    QByteArray windowState() const { return bytes(QStringLiteral("window/state")); }
    QByteArray panes() const { return bytes(QStringLiteral("window/panes")); }
    /// Not "queue/columns": 0.1 kept its five columns there, and Qt would show all that are new.
    QByteArray queueColumns() const { return bytes(QStringLiteral("queue/table")); }
    QByteArray browser() const { return bytes(QStringLiteral("browser/layout")); }
    QByteArray logColumns() const { return bytes(QStringLiteral("conversation/columns")); }
    void setWindowGeometry(const QByteArray &v) { set(QStringLiteral("window/geometry"), v); }
    void setWindowState(const QByteArray &v) { set(QStringLiteral("window/state"), v); }
    void setPanes(const QByteArray &v) { set(QStringLiteral("window/panes"), v); }
    void setQueueColumns(const QByteArray &v) { set(QStringLiteral("queue/table"), v); }
    void setBrowser(const QByteArray &v) { set(QStringLiteral("browser/layout"), v); }
    void setLogColumns(const QByteArray &v) { set(QStringLiteral("conversation/columns"), v); }

    /// Names that begin with a dot.
    bool hiddenShown() const { return flag(QStringLiteral("browser/hidden")); }
    bool conversationShown() const { return flag(QStringLiteral("conversation/shown")); }
    bool peopleShown() const { return flag(QStringLiteral("people/shown")); }
    void setPeopleShown(bool v) { set(QStringLiteral("people/shown"), v); }
    QByteArray columns() const { return bytes(QStringLiteral("window/columns")); }
    void setColumns(const QByteArray &v) { set(QStringLiteral("window/columns"), v); }
    bool plotShown() const { return flag(QStringLiteral("window/plot")); }
    void setHiddenShown(bool v) { set(QStringLiteral("browser/hidden"), v); }
    void setConversationShown(bool v) { set(QStringLiteral("conversation/shown"), v); }
    void setPlotShown(bool v) { set(QStringLiteral("window/plot"), v); }

    /// To the disk, now.
    void save();

private:
    QByteArray bytes(const QString &key) const { return m_settings->value(key).toByteArray(); }
    bool flag(const QString &key) const { return m_settings->value(key).toBool(); }
    void set(const QString &key, const QVariant &value);
    void open();
    void startAfresh(const QString &suffix, const char *why);
    void closeToOthers();

    QString m_fileName;
    QString m_problem;
    std::unique_ptr<QSettings> m_settings;
};

} // namespace ferry::gui
