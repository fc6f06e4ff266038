// SPDX-License-Identifier: MIT
// Compiled into each test program, with an application object of the kind that it links.
#include "support/testprogram.h"

#ifdef QT_WIDGETS_LIB
#include "common/plurals.h"

#include <QApplication>
using Application = QApplication;
#else
#include <QCoreApplication>
using Application = QCoreApplication;
#endif

int main(int argc, char **argv)
{
    Application::setAttribute(Qt::AA_Use96Dpi, true);
    const Application application(argc, argv);
#ifdef QT_WIDGETS_LIB
    ferry::loadPlurals();
#endif
    return ferry::test::runTestProgram(argc, argv);
}
