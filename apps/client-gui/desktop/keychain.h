// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/desktop/passwordstore.h"

namespace ferry::gui {

/// The keychain of the person's desktop (Secret Service or KWallet), and no file in its place
/// where there is none.
class Keychain final : public PasswordStore
{
    Q_OBJECT
public:
    explicit Keychain(QObject *parent = nullptr);

    QString obstacle() const override { return m_obstacle; }
    void read(const QString &server) override;
    void write(const QString &server, const QString &password) override;
    void remove(const QString &server) override;

private:
    void look();
    void setObstacle(const QString &text);

    QString m_obstacle;
};

} // namespace ferry::gui
