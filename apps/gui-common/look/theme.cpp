// SPDX-License-Identifier: MIT
#include "gui-common/look/theme.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QStyleOption>
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

QPalette lightPalette()
{
    QPalette p(QColor(0xf4, 0xf5, 0xf7));
    p.setColor(QPalette::Window, QColor(0xf4, 0xf5, 0xf7));
    p.setColor(QPalette::WindowText, QColor(0x1d, 0x21, 0x26));
    p.setColor(QPalette::Base, Qt::white);
    p.setColor(QPalette::AlternateBase, QColor(0xf8, 0xf9, 0xfa));
    p.setColor(QPalette::Text, QColor(0x1d, 0x21, 0x26));
    p.setColor(QPalette::Button, QColor(0xfa, 0xfb, 0xfc));
    p.setColor(QPalette::ButtonText, QColor(0x1d, 0x21, 0x26));
    p.setColor(QPalette::ToolTipBase, Qt::white);
    p.setColor(QPalette::ToolTipText, QColor(0x1d, 0x21, 0x26));
    p.setColor(QPalette::PlaceholderText, QColor(0x68, 0x70, 0x7a));
    p.setColor(QPalette::Highlight, QColor(0x2b, 0x6c, 0xb0));
    p.setColor(QPalette::HighlightedText, Qt::white);
    p.setColor(QPalette::Link, QColor(0x2b, 0x6c, 0xb0));
    const QColor faint(0x8a, 0x92, 0x9c);
    p.setColor(QPalette::Disabled, QPalette::WindowText, faint);
    p.setColor(QPalette::Disabled, QPalette::Text, faint);
    p.setColor(QPalette::Disabled, QPalette::ButtonText, faint);
    return p;
}

QPalette darkPalette()
{
    QPalette p(QColor(0x26, 0x2a, 0x30));
    p.setColor(QPalette::Window, QColor(0x26, 0x2a, 0x30));
    p.setColor(QPalette::WindowText, QColor(0xe6, 0xe9, 0xed));
    p.setColor(QPalette::Base, QColor(0x1c, 0x1f, 0x24));
    p.setColor(QPalette::AlternateBase, QColor(0x21, 0x25, 0x2a));
    p.setColor(QPalette::Text, QColor(0xe6, 0xe9, 0xed));
    p.setColor(QPalette::Button, QColor(0x33, 0x38, 0x40));
    p.setColor(QPalette::ButtonText, QColor(0xe6, 0xe9, 0xed));
    p.setColor(QPalette::BrightText, QColor(0xff, 0x8a, 0x80));
    p.setColor(QPalette::ToolTipBase, QColor(0x33, 0x38, 0x40));
    p.setColor(QPalette::ToolTipText, QColor(0xe6, 0xe9, 0xed));
    p.setColor(QPalette::PlaceholderText, QColor(0x97, 0x9f, 0xaa));
    p.setColor(QPalette::Highlight, QColor(0x3d, 0x7d, 0xc4));
    p.setColor(QPalette::HighlightedText, Qt::white);
    p.setColor(QPalette::Link, QColor(0x7d, 0xb7, 0xf0));
    const QColor faint(0x78, 0x80, 0x8b);
    p.setColor(QPalette::Disabled, QPalette::WindowText, faint);
    p.setColor(QPalette::Disabled, QPalette::Text, faint);
    p.setColor(QPalette::Disabled, QPalette::ButtonText, faint);
    return p;
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

void applyTheme(QApplication &application)
{
    const QString scheme = qEnvironmentVariable("FERRY_COLOR_SCHEME").toLower();
    const bool dark = scheme == QLatin1StringView("dark");
    const bool own = dark || scheme == QLatin1StringView("light");
    // Fusion takes every colour from the palette; the styles of some systems do not.
    application.setStyle(
        new FerryStyle(own ? QStringLiteral("Fusion") : application.style()->name()));
    if (own)
        application.setPalette(dark ? darkPalette() : lightPalette());
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
    if (text.isEmpty())
        return {};
    return QStringLiteral("<qt><span>%1</span></qt>").arg(text.toHtmlEscaped());
}

} // namespace ferry::gui
