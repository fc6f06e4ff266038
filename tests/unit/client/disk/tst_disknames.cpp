// SPDX-License-Identifier: MIT
#include "client/disk/disknames.h"
#include "client/disk/localname.h"
#include "net/base/filedescriptor.h"
#include "support/testprogram.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>

using namespace ferry;
using namespace ferry::client;

namespace {

/// Each %XX as its byte; any other % stays.
QByteArray decoded(const QByteArray &name)
{
    QByteArray bytes;
    for (qsizetype i = 0; i < name.size(); ++i) {
        bool isHex = false;
        const int byte = name.mid(i + 1, 2).toInt(&isHex, 16);
        const bool escape = name[i] == '%' && i + 2 < name.size() && isHex;
        bytes += escape ? char(byte) : name[i];
        i += escape ? 2 : 0;
    }
    return bytes;
}

} // namespace

class DiskNamesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsRefusedIsEncoded_data();
    void whatIsRefusedIsEncoded();
    void decodingGivesTheNameAgain();
    void onlyWhatTheDiskRefusesIsEncoded();
    void anOrdinaryDiskRefusesNothing();
    void nothingIsEncodedUnasked();
};

void DiskNamesTest::whatIsRefusedIsEncoded_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("encoded");
    const auto row = [](const char *name, const char *encoded) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(encoded);
    };
    row("plain.txt", "plain.txt");
    row("a:b", "a%3Ab");
    row("q?", "q%3F");
    row("\"*:<>?\\|", "%22%2A%3A%3C%3E%3F%5C%7C");
    row("tab\there", "tab%09here");
    row("end.", "end%2E");
    row("ends..", "ends.%2E");
    row("blank ", "blank%20");
    row(". a", ". a");
    row("100%", "100%");
    row("50%off", "50%off");
    row("a%3Ab", "a%253Ab");
    row("%2", "%2");
    row("5%:", "5%25%3A");
    row("\xC3\xA4\xF0\x9F\x98\x80", "\xC3\xA4\xF0\x9F\x98\x80");
    row("latin1 \xE4", "latin1 %E4");
}

void DiskNamesTest::whatIsRefusedIsEncoded()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, encoded);
    QCOMPARE(localBytes(encodedName(localText(name), RefusedNames::all())), encoded);
}

/// Two names of one or two odd parts never become one.
void DiskNamesTest::decodingGivesTheNameAgain()
{
    const QByteArrayList parts{"a", "%", "%3A", ":", "%253A", "3A", ".", " ", "\xE4", "?", "25"};
    for (const QByteArray &first : parts) {
        for (const QByteArray &second : parts) {
            const QByteArray name = first + second;
            const QByteArray encoded =
                localBytes(encodedName(localText(name), RefusedNames::all()));
            QCOMPARE(decoded(encoded), name);
        }
    }
}

void DiskNamesTest::onlyWhatTheDiskRefusesIsEncoded()
{
    RefusedNames refused;
    QCOMPARE(encodedName(QStringLiteral("a:b?%41 "), refused), QStringLiteral("a:b?%41 "));
    refused.characters = u':';
    QCOMPARE(encodedName(QStringLiteral("a:b?%41 "), refused), QStringLiteral("a%3Ab?%2541 "));
}

void DiskNamesTest::anOrdinaryDiskRefusesNothing()
{
    QTemporaryDir folder;
    const FileDescriptor opened(::open(localBytes(folder.path()).constData(), O_RDONLY));
    QVERIFY(refusedBy(opened.get()) == RefusedNames());
    QVERIFY(QDir(folder.path()).isEmpty());
    DiskNames names;
    names.setEnabled(true);
    QCOMPARE(names.encoded(folder.path(), QStringLiteral("d:/a%3A?")), QStringLiteral("d:/a%3A?"));
}

void DiskNamesTest::nothingIsEncodedUnasked()
{
    DiskNames names;
    QCOMPARE(names.encoded(QStringLiteral("/nowhere"), QStringLiteral("a:b")),
             QStringLiteral("a:b"));
}

FERRY_TEST(DiskNamesTest)
#include "tst_disknames.moc"
