// SPDX-License-Identifier: MIT
#pragma once

#include <QObject>

namespace ferry::gui {

/// Where passwords may be remembered. Lives on the main thread; every answer comes later, by a
/// signal, since the system may ask the person first.
class PasswordStore : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    /// Why nothing can be remembered here, as a sentence; empty if it can.
    virtual QString obstacle() const = 0;

    /// `server`: client::serverName().
    virtual void read(const QString &server) = 0;
    virtual void write(const QString &server, const QString &password) = 0;
    virtual void remove(const QString &server) = 0;

Q_SIGNALS:
    void obstacleChanged();
    void found(const QString &server, const QString &password);
    void missing(const QString &server); ///< read(): there is none, or nobody may see it
    void written(const QString &server);
    /// write() did not work; a sentence.
    void notWritten(const QString &server, const QString &why);
};

} // namespace ferry::gui
