// SPDX-License-Identifier: MIT
#include "client-cli/wildcards.h"
#include "support/testprogram.h"

#include <QHash>
#include <QTest>

using namespace ferry;
using namespace ferry::client;

namespace {

/// A server with a share S.
Result<std::vector<ListedName>> listed(const QByteArray &path)
{
    static const QHash<QByteArray, std::vector<ListedName>> folders{
        {"/", {{"S", true}, {"T", true}}},
        {"/U/", {{"locked", true}}},
        {"/S/",
         {{"b.jpg", false},
          {"a.jpg", false},
          {"a.txt", false},
          {".hidden.jpg", false},
          {"d1.jpg", true},
          {"x[1].txt", false},
          {"x1.txt", false},
          {"gr\xFC\xDF.gif", false}}},
        {"/S/d1.jpg/", {{"c.jpg", false}, {"e", true}}},
        {"/T/", {{"a.jpg", false}}},
        {"S/", {{"a.jpg", false}}},
    };
    const auto found = folders.constFind(path);
    if (found == folders.constEnd())
        return Error{ErrorCode::NotFound, {}};
    return *found;
}

} // namespace

class WildcardsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void seesWildcards();
    void expands_data();
    void expands();
    void aLostConnectionEndsIt();
};

void WildcardsTest::seesWildcards()
{
    for (const char *path : {"*", "/S/?", "/S/[ab]", "/*/x"})
        QVERIFY2(hasWildcard(path), path);
    QVERIFY(!hasWildcard("/S/{a,b}]~\\"));
}

void WildcardsTest::expands_data()
{
    QTest::addColumn<QByteArrayList>("paths");
    const auto row = [](const char *path, const QByteArrayList &paths) {
        QTest::newRow(path) << paths;
    };
    row("/S/*.jpg", {"/S/a.jpg", "/S/b.jpg", "/S/d1.jpg"});
    row("S/*.jpg", {"S/a.jpg"});
    row("/S/?.jpg", {"/S/a.jpg", "/S/b.jpg"});
    row("/S/[!b]*.txt", {"/S/a.txt", "/S/x1.txt", "/S/x[1].txt"});
    row("/S/.*", {"/S/.hidden.jpg"});
    row("/*/a.jpg", {"/S/a.jpg", "/T/a.jpg"});
    row("/*/b.jpg", {"/S/b.jpg"});
    row("/*/none", {});
    row("/*/*/c.*", {"/S/d1.jpg/c.jpg"});
    row("/*", {"/S", "/T"});
    row("/S/*/", {"/S/d1.jpg/"});
    row("/S/d1.jpg/e/*", {});
    row("/U/*/*.jpg", {"/U/locked/*.jpg"}); // it may not be read
    row("/S/gr*", {"/S/gr\xFC\xDF.gif"});
    // Just as it is written, although x1.txt matches.
    row("/S/x[1].txt", {"/S/x[1].txt"});
    row("/S/*.png", {});
    row("/S/a.jpg/*", {});
    row("/S/a*/*", {});
    row("/none/*", {});
    row("/S/[", {});
}

void WildcardsTest::expands()
{
    const auto paths = expandWildcards(QTest::currentDataTag(), listed);
    QVERIFY(paths.ok());
    QByteArrayList names;
    for (const ListedName &path : paths.value())
        names.append(path.name);
    QTEST(names, "paths");
}

void WildcardsTest::aLostConnectionEndsIt()
{
    const auto paths =
        expandWildcards("/S/*", [](const QByteArray &) -> Result<std::vector<ListedName>> {
            return Error{ErrorCode::CutShort, {}};
        });
    QVERIFY(!paths.ok());
    QCOMPARE(paths.error().code, ErrorCode::CutShort);
}

FERRY_TEST(WildcardsTest)
#include "tst_wildcards.moc"
