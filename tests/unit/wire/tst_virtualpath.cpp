// SPDX-License-Identifier: MIT
#include "support/testprogram.h"
#include "wire/virtualpath.h"

#include <QTest>

using namespace ferry;

class TestVirtualPath : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void goodPathsAreTakenApart_data();
    void goodPathsAreTakenApart();
    void badPathsAreNoPaths_data();
    void badPathsAreNoPaths();
    void typedPathsMayEndInASlash();
};

void TestVirtualPath::goodPathsAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("share");
    QTest::addColumn<QByteArray>("below");
    const auto row = [](const char *name, const QByteArray &path, const QByteArray &share,
                        const QByteArray &below) { QTest::newRow(name) << path << share << below; };
    row("share and file", "/pub/a.txt", "pub", "a.txt");
    row("without the slash", "pub/a.txt", "pub", "a.txt");
    row("share alone", "pub", "pub", "");
    row("folders", "/pub/a/b/c", "pub", "a/b/c");
    // Names are bytes: nothing below is decoded or translated into a way out.
    row("backslash is an ordinary byte", "c:\\..\\x", "c:\\..\\x", "");
    row("backslash parent below a share", "/pub/..\\..\\etc", "pub", "..\\..\\etc");
    row("percent-encoded", "/pub/%2e%2e/%2Fetc", "pub", "%2e%2e/%2Fetc");
    row("overlong UTF-8", "/pub/\xC0\xAE\xC0\xAE/\xC0\xAF", "pub", "\xC0\xAE\xC0\xAE/\xC0\xAF");
    row("full-width dots", "/pub/\xEF\xBC\x8E\xEF\xBC\x8E/x", "pub", "\xEF\xBC\x8E\xEF\xBC\x8E/x");
    row("tilde", "~root/x", "~root", "x");
    row("three dots, dots and a space", "/pub/.../.. ", "pub", ".../.. ");
    row("dot files", "/pub/.a/..b", "pub", ".a/..b");
    row("CR, LF, ESC", "/pub/a\r\n\x1B[2J", "pub", "a\r\n\x1B[2J");
    row("invalid UTF-8", "/\xFF/\x80", "\xFF", "\x80");
    row("space", " / ", " ", " ");
    row("255 bytes", "/pub/" + QByteArray(255, 'x'), "pub", QByteArray(255, 'x'));
}

void TestVirtualPath::goodPathsAreTakenApart()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, share);
    QFETCH(QByteArray, below);
    const auto parsed = VirtualPath::parse(path);
    QVERIFY(parsed);
    QCOMPARE(parsed->share(), share);
    QCOMPARE(parsed->below(), below);
    QCOMPARE(parsed->toBytes(), (path.startsWith('/') ? "" : "/") + path);
    const auto again = VirtualPath::parse(parsed->toBytes());
    QVERIFY(again);
    QCOMPARE(again->names(), parsed->names());
}

void TestVirtualPath::badPathsAreNoPaths_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"",
                             "/",
                             "//",
                             "//pub",
                             "/pub/",
                             "pub//a",
                             "/pub/a/",
                             ".",
                             "..",
                             "/.",
                             "/..",
                             "../pub",
                             "/../etc/passwd",
                             "/pub/..",
                             "/pub/../x",
                             "/pub/a/../../x",
                             "/pub/.",
                             "/pub/./a",
                             "./pub",
                             "/pub/a/..",
                             "///"})
        QTest::newRow(path) << QByteArray(path);
    QTest::newRow("NUL") << QByteArray("/pub/a\0b", 8);
    QTest::newRow("NUL in the share") << QByteArray("p\0", 2);
    QTest::newRow("256 bytes") << "/pub/" + QByteArray(256, 'x');
    QTest::newRow("256 bytes in the middle") << "/pub/" + QByteArray(256, 'x') + "/a";
}

void TestVirtualPath::badPathsAreNoPaths()
{
    QFETCH(QByteArray, path);
    QVERIFY(!VirtualPath::parse(path));
}

void TestVirtualPath::typedPathsMayEndInASlash()
{
    for (const char *root : {"", "/", "//"})
        QVERIFY(VirtualPath::fromTyped(root)->isRoot());
    QCOMPARE(VirtualPath::fromTyped("/pub/a//")->toBytes(), "/pub/a");
    QVERIFY(!VirtualPath::fromTyped("/pub//a"));
}

FERRY_TEST(TestVirtualPath)
#include "tst_virtualpath.moc"
