// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/about.h"

#include <QCoreApplication>
#include <QIcon>
#include <QMessageBox>
#include <QWidget>

namespace ferry::gui {

namespace {
constexpr int pictureSize = 64;

struct About
{
    Q_DECLARE_TR_FUNCTIONS(ferry::gui::About)
};
} // namespace

void showAbout(QWidget *window, const QString &program, const QString &purpose)
{
    QMessageBox box(window);
    box.setObjectName(QStringLiteral("about"));
    box.setWindowTitle(About::tr("About %1").arg(program));
    box.setIconPixmap(window->windowIcon().pixmap(pictureSize));
    box.setTextFormat(Qt::PlainText);
    box.setText(About::tr("%1 %2", "program version").arg(program, QStringLiteral(FERRY_VERSION)));
    box.setInformativeText(purpose + QStringLiteral("\n\n") +
                           About::tr("Free software under the MIT licence. Uses Qt %1.")
                               .arg(QString::fromLatin1(qVersion())));
    box.exec();
}

} // namespace ferry::gui
