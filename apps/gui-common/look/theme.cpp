// SPDX-License-Identifier: MIT
#include "gui-common/look/theme.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QStyleOption>
#include <QTextDocument>
#include <QToolButton>
#include <QWidget>

namespace ferry::gui {

namespace {

/// The style of the system, but for what looks wrong with it.
class FerryStyle final : public QProxyStyle
{
public:
    explicit FerryStyle(const QString &base)
        : QProxyStyle(base)
        , m_fusion(base.compare(QLatin1StringView("fusion"), Qt::CaseInsensitive) == 0)
    {
    }

    /// Icons of another family on OK and Cancel, and on some of them only.
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
            return 0;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        if (element == PE_IndicatorArrowDown && isMenuButton(widget)) {
            // In the corner it would stand below the line of the text.
            QStyleOption middle = *option;
            middle.rect = QRect(widget->width() - arrowSide - 2,
                                (widget->height() - arrowSide) / 2 + 1, arrowSide, arrowSide);
            QProxyStyle::drawPrimitive(element, &middle, painter, widget);
            return;
        }
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (element == PE_IndicatorCheckBox || element == PE_FrameLineEdit ||
            element == PE_FrameMenu || element == PE_IndicatorRadioButton)
            outline(option, painter, element == PE_IndicatorRadioButton);
    }

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                            QPainter *painter, const QWidget *widget) const override
    {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        if (control == CC_SpinBox)
            outline(option, painter);
    }

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override
    {
        const auto *label = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (element == CE_ToolButtonLabel && label && isMenuButton(widget)) {
            QStyleOptionToolButton beside = *label;
            beside.rect.setRight(beside.rect.right() - arrowSide);
            QProxyStyle::drawControl(element, &beside, painter, widget);
            return;
        }
        QProxyStyle::drawControl(element, option, painter, widget);
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (type == CT_ToolButton && isMenuButton(widget))
            result.rwidth() += arrowSide + rhythm / 2;
        return result;
    }

private:
    static constexpr int arrowSide = 9;

    /// With words, an arrow and a menu.
    bool isMenuButton(const QWidget *widget) const
    {
        const auto *button = qobject_cast<const QToolButton *>(widget);
        return m_fusion && button && button->menu() &&
               button->popupMode() == QToolButton::InstantPopup;
    }

    /// Fusion draws outlines darker than the window, so on a dark one a box to tick is not to be
    /// seen.
    void outline(const QStyleOption *option, QPainter *painter, bool round = false) const
    {
        if (!m_fusion || (option->state & State_HasFocus) || !isDark(option->palette))
            return;
        QColor line = option->palette.color(QPalette::WindowText);
        line.setAlphaF(option->state & State_Enabled ? 0.35F : 0.2F);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(line);
        painter->setBrush(Qt::NoBrush);
        const QRectF edge = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
        if (round)
            painter->drawEllipse(edge);
        else
            painter->drawRoundedRect(edge, 2, 2);
        painter->restore();
    }

    const bool m_fusion;
};

struct RoleColor
{
    QPalette::ColorRole role;
    QRgb light;
    QRgb dark;
};

constexpr RoleColor roleColors[] = {
    {QPalette::Window, 0xf4f5f7, 0x262a30},      {QPalette::WindowText, 0x1d2126, 0xe6e9ed},
    {QPalette::Base, 0xffffff, 0x1c1f24},        {QPalette::AlternateBase, 0xf8f9fa, 0x21252a},
    {QPalette::Text, 0x1d2126, 0xe6e9ed},        {QPalette::Button, 0xfafbfc, 0x333840},
    {QPalette::ButtonText, 0x1d2126, 0xe6e9ed},  {QPalette::ToolTipBase, 0xffffff, 0x333840},
    {QPalette::ToolTipText, 0x1d2126, 0xe6e9ed}, {QPalette::PlaceholderText, 0x68707a, 0x979faa},
    {QPalette::Highlight, 0x2b6cb0, 0x3d7dc4},   {QPalette::HighlightedText, 0xffffff, 0xffffff},
    {QPalette::Link, 0x2b6cb0, 0x7db7f0},
};

QPalette ownPalette(bool dark)
{
    QPalette palette{QColor(dark ? 0x262a30U : 0xf4f5f7U)};
    for (const RoleColor &color : roleColors)
        palette.setColor(color.role, QColor(dark ? color.dark : color.light));
    if (dark)
        palette.setColor(QPalette::BrightText, QColor(0xff8a80U));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, QColor(dark ? 0x78808bU : 0x8a929cU));
    return palette;
}

/// Sets the colour again whenever the palette of the application changes.
class ToneKeeper final : public QObject
{
public:
    ToneKeeper(QWidget *widget)
        : QObject(widget)
        , m_widget(widget)
    {
        setObjectName(QStringLiteral("toneKeeper"));
        widget->installEventFilter(this);
    }

    void set(Tone tone)
    {
        m_tone = tone;
        apply();
    }

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::ApplicationPaletteChange)
            apply();
        return false;
    }

private:
    void apply()
    {
        QPalette changed; // resolves against the application's, so only the text is our own
        if (m_tone != Tone::Normal) {
            const QColor color = toneColor(m_tone, QApplication::palette());
            changed.setColor(QPalette::WindowText, color);
            changed.setColor(QPalette::Text, color);
            changed.setColor(QPalette::ButtonText, color);
        }
        m_widget->setPalette(changed);
    }

    QWidget *m_widget;
    Tone m_tone = Tone::Normal;
};

} // namespace

void applyTheme(QApplication &application, ColorScheme scheme)
{
    static const QString system = application.style()->name();
    const ColorScheme forced = colorSchemeOf(qEnvironmentVariable("FERRY_COLOR_SCHEME").toLower());
    if (forced != ColorScheme::System)
        scheme = forced;
    const bool own = scheme != ColorScheme::System;
    // Fusion takes every colour from the palette; the styles of some systems do not.
    application.setStyle(new FerryStyle(own ? QStringLiteral("Fusion") : system));
    application.setPalette(own ? ownPalette(scheme == ColorScheme::Dark) : QPalette());
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5f;
}

QColor toneColor(Tone tone, const QPalette &palette)
{
    const bool dark = isDark(palette);
    switch (tone) {
    case Tone::Normal:
        break;
    case Tone::Quiet:
        return dark ? QColor(0x9d, 0xa5, 0xb0) : QColor(0x62, 0x6a, 0x74);
    case Tone::Accent:
        return dark ? QColor(0x7d, 0xb7, 0xf0) : QColor(0x24, 0x5e, 0x9c);
    case Tone::Good:
        return dark ? QColor(0x6f, 0xcf, 0x8b) : QColor(0x1f, 0x7a, 0x3d);
    case Tone::Caution:
        return dark ? QColor(0xf0, 0xc0, 0x5a) : QColor(0x8f, 0x5b, 0x00);
    case Tone::Bad:
        return dark ? QColor(0xff, 0x8a, 0x80) : QColor(0xb4, 0x26, 0x1e);
    }
    return palette.color(QPalette::Text);
}

void setTone(QWidget *widget, Tone tone)
{
    auto *keeper = static_cast<ToneKeeper *>(
        widget->findChild<QObject *>(QStringLiteral("toneKeeper"), Qt::FindDirectChildrenOnly));
    if (!keeper)
        keeper = new ToneKeeper(widget);
    keeper->set(tone);
}

QString plainToolTip(const QString &text)
{
    // No markup that wraps it: screen readers read what a tip says.
    constexpr qsizetype widest = 80;
    QString tip;
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        if (!tip.isEmpty())
            tip += u'\n';
        qsizetype width = 0;
        const QStringList words = line.split(u' ');
        for (qsizetype i = 0; i < words.size(); ++i) {
            const bool wraps = i > 0 && width + 1 + words[i].size() > widest;
            if (i > 0)
                tip += wraps ? u'\n' : u' ';
            width = (wraps ? 0 : width + (i > 0)) + words[i].size();
            tip += words[i];
        }
    }
    if (Qt::mightBeRichText(tip)) { // a sign without width between what would be a tag
        tip.replace(u'<', QStringLiteral("<\u2060"));
        tip.replace(QStringLiteral("&lt;"), QStringLiteral("&\u2060lt;"));
    }
    return tip;
}

} // namespace ferry::gui
