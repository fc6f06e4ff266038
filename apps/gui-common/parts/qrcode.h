// SPDX-License-Identifier: MIT
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

namespace ferry::gui {

/// The text as a QR code of one pixel per square, black on white, with the four squares of white
/// around it that readers need. Null if it is too long (about 2,300 bytes) or empty.
QImage qrCode(const QString &text);

/// Shows one as large as there is room for, in whole pixels per square. Black on white also where
/// the window is dark: most readers want it so.
class QrCode final : public QWidget
{
    Q_OBJECT
public:
    explicit QrCode(QWidget *parent = nullptr);

    /// `text`: see qrCode(). Screen readers hear it.
    void setText(const QString &text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QImage m_code;
};

} // namespace ferry::gui
