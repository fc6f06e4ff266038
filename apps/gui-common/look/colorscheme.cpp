// SPDX-License-Identifier: MIT
#include "gui-common/look/colorscheme.h"

#include "gui-common/desktop/desktopbus.h"
#include "gui-common/look/theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QMenu>

#include <array>
#include <utility>

namespace ferry::gui {

namespace {

const QString portal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString portalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString portalSettings = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");
const QString colorSchemeName = QStringLiteral("color-scheme");

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::ColorScheme)
};

constexpr std::array schemes{std::pair{ColorScheme::System, "system"},
                             std::pair{ColorScheme::Light, "light"},
                             std::pair{ColorScheme::Dark, "dark"}};

/// What was chosen, and what the desktop prefers. Main thread.
class Scheme final : public QObject
{
    Q_OBJECT
public:
    static Scheme &instance()
    {
        static auto *scheme = new Scheme(qApp);
        return *scheme;
    }

    void choose(ColorScheme scheme)
    {
        m_chosen = scheme;
        apply();
    }
    ColorScheme chosen() const { return m_chosen; }

    void follow()
    {
        auto bus = desktopBus();
        if (!bus)
            return;
        bus->connect(portal, portalPath, portalSettings, QStringLiteral("SettingChanged"), this,
                     SLOT(settingChanged(QString, QString, QDBusVariant)));
        auto read = QDBusMessage::createMethodCall(portal, portalPath, portalSettings,
                                                   QStringLiteral("Read"));
        read << appearance << colorSchemeName;
        const auto *watcher = new QDBusPendingCallWatcher(bus->asyncCall(read), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this,
                [this](QDBusPendingCallWatcher *call) {
                    const QDBusPendingReply<QDBusVariant> reply = *call;
                    call->deleteLater();
                    if (!reply.isError())
                        prefer(reply.value().variant());
                });
    }

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &name, const QDBusVariant &value)
    {
        if (group == appearance && name == colorSchemeName)
            prefer(value.variant());
    }

private:
    using QObject::QObject;

    /// 1: dark, 2: light, 0: the desktop does not care. The portal wraps it twice.
    void prefer(QVariant value)
    {
        if (value.canConvert<QDBusVariant>())
            value = value.value<QDBusVariant>().variant();
        m_preferred = value.toUInt() == 1   ? ColorScheme::Dark
                      : value.toUInt() == 2 ? ColorScheme::Light
                                            : ColorScheme::System;
        apply();
    }

    void apply()
    {
        const ColorScheme wanted = m_chosen == ColorScheme::System ? m_preferred : m_chosen;
        if (wanted != std::exchange(m_applied, wanted))
            applyTheme(*qApp, wanted);
    }

    ColorScheme m_chosen = ColorScheme::System;
    ColorScheme m_preferred = ColorScheme::System;
    ColorScheme m_applied = ColorScheme::System;
};

} // namespace

void setColorScheme(ColorScheme scheme)
{
    Scheme::instance().choose(scheme);
}

ColorScheme colorScheme()
{
    return Scheme::instance().chosen();
}

void followDesktop()
{
    Scheme::instance().follow();
}

QString colorSchemeKey(ColorScheme scheme)
{
    return QLatin1StringView(schemes[size_t(scheme)].second);
}

ColorScheme colorSchemeOf(const QString &key)
{
    for (const auto &[scheme, name] : schemes) {
        if (key == QLatin1StringView(name))
            return scheme;
    }
    return ColorScheme::System;
}

QMenu *appearanceMenu(QWidget *parent)
{
    auto *menu = new QMenu(Words::tr("A&ppearance"), parent);
    menu->setObjectName(QStringLiteral("appearanceMenu"));
    auto *group = new QActionGroup(menu);
    const std::array texts{Words::tr("&Follow the system"), Words::tr("&Light"),
                           Words::tr("&Dark")};
    for (const auto &[scheme, name] : schemes) {
        QAction *action = menu->addAction(texts[size_t(scheme)]);
        action->setObjectName(QLatin1StringView(name) + QStringLiteral("Scheme"));
        action->setCheckable(true);
        group->addAction(action);
        QObject::connect(action, &QAction::triggered, menu,
                         [chosen = scheme] { setColorScheme(chosen); });
        QObject::connect(menu, &QMenu::aboutToShow, action,
                         [action, own = scheme] { action->setChecked(own == colorScheme()); });
    }
    return menu;
}

} // namespace ferry::gui

#include "colorscheme.moc"
