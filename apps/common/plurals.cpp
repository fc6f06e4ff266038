// SPDX-License-Identifier: MIT
#include "common/plurals.h"

#include <QCoreApplication>
#include <QTranslator>

namespace ferry {

void loadPlurals()
{
    auto *plurals = new QTranslator(QCoreApplication::instance());
    if (plurals->load(QStringLiteral(":/i18n/ferry_en.qm")))
        QCoreApplication::installTranslator(plurals);
}

} // namespace ferry
