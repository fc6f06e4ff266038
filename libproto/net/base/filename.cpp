// SPDX-License-Identifier: MIT
#include "net/base/filename.h"

#include "wire/limits.h"

#include <cerrno>

#include <sys/stat.h>

namespace ferry {

QByteArrayView cutName(QByteArrayView name, qsizetype most)
{
    if (name.size() <= most)
        return name;
    while (most > 0 && (uchar(name[most]) & 0xC0) == 0x80)
        --most;
    return name.first(most);
}

QByteArray numberedFileName(QByteArrayView name, int n)
{
    const qsizetype dot = name.lastIndexOf('.');
    const qsizetype split = dot > 0 ? dot : name.size();
    const QByteArray number = " (" + QByteArray::number(n) + ")";
    // An extension that leaves no room for the name is none.
    const QByteArrayView extension = name.size() - split + number.size() < limits::nameBytes / 2
                                         ? name.sliced(split)
                                         : QByteArrayView();
    const QByteArrayView base = extension.isEmpty() ? name : name.first(split);
    const QByteArrayView kept = cutName(base, limits::nameBytes - number.size() - extension.size());
    return kept.toByteArray() + number + extension.toByteArray();
}

QString foldedName(QByteArrayView name)
{
    const QString text = QString::fromUtf8(name);
    return text.normalized(QString::NormalizationForm_C)
        .toCaseFolded()
        .normalized(QString::NormalizationForm_C);
}

bool isNameRefused(int folder, int errnoValue)
{
    struct stat status = {};
    return errnoValue == EINVAL || errnoValue == EILSEQ ||
           // Unless the folder itself has been removed.
           (errnoValue == ENOENT && ::fstat(folder, &status) == 0 && status.st_nlink > 0);
}

} // namespace ferry
