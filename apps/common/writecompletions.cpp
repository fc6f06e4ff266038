// SPDX-License-Identifier: MIT
/// Run by the build: writes the completions of a program for each shell.
///
///     ferry_write_completions FOLDER PROGRAM…
#include "common/completions.h"

#include <QDir>
#include <QFile>

#include <cstdio>

namespace {

bool write(const QString &folder, const QString &name, const QByteArray &text)
{
    QFile file(folder + u'/' + name);
    if (!text.isEmpty() && QDir().mkpath(folder) && file.open(QIODevice::WriteOnly) &&
        file.write(text) == text.size() && file.flush())
        return true;
    std::fprintf(stderr, "cannot write %s\n", qPrintable(file.fileName()));
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    const QString folder = QFile::decodeName(argv[1]);
    for (int i = 2; i < argc; ++i) {
        const QString program = QFile::decodeName(argv[i]);
        if (!write(folder + QStringLiteral("/bash"), program,
                   ferry::completions::forBash(argv[i])) ||
            !write(folder + QStringLiteral("/zsh"), u'_' + program,
                   ferry::completions::forZsh(argv[i])) ||
            !write(folder + QStringLiteral("/fish"), program + QStringLiteral(".fish"),
                   ferry::completions::forFish(argv[i])))
            return 1;
    }
    return 0;
}
