// SPDX-License-Identifier: MIT
#include "server-gui/setup/sharesmodel.h"
#include "support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QFile>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace ferry;
using namespace ferry::gui;

class SharesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_model = std::make_unique<SharesModel>();
        m_tester = std::make_unique<QAbstractItemModelTester>(
            m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
    }

    void aFolderIsSharedUnderItsOwnName()
    {
        QSignalSpy changed(m_model.get(), &SharesModel::sharesChanged);
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("Photos"))));
        QCOMPARE(m_model->shares()[0].name, QByteArray("Photos"));
        QCOMPARE(changed.size(), 1);
        m_model->removeAt(0);
        QCOMPARE(m_model->rowCount(), 0);
        QCOMPARE(changed.size(), 2);
    }

    void aNameThatIsTakenGetsANumber()
    {
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("a/Photos"))));
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("b/Photos"))));
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("c/Photos"))));
        QCOMPARE(m_model->shares()[1].name, QByteArray("Photos (2)"));
        QCOMPARE(m_model->shares()[2].name, QByteArray("Photos (3)"));
    }

    void whatCannotBeSharedIsRefusedInASentence()
    {
        const QString pipe = m_folder->filePath(QStringLiteral("pipe"));
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        const QString link = m_folder->filePath(QStringLiteral("disk"));
        QVERIFY(QFile::link(QStringLiteral("/"), link));
        const QString shared = makeFolder(QStringLiteral("shared"));
        QVERIFY(m_model->addFolder(shared));
        for (const QString &folder :
             {QStringLiteral("/"), QStringLiteral("/tmp/.."), link, pipe,
              m_folder->filePath(QStringLiteral("missing")), shared, shared + u'/'}) {
            const auto added = m_model->addFolder(folder);
            QVERIFY2(!added, qPrintable(folder));
            QVERIFY(!added.error().text.isEmpty());
        }
        QCOMPARE(m_model->rowCount(), 1);
    }

    void aSingleFileIsSharedUnderItsOwnName()
    {
        const QString file = m_folder->filePath(QStringLiteral("plan.pdf"));
        QVERIFY(QFile(file).open(QIODevice::WriteOnly));
        QVERIFY(m_model->addFolder(file));
        QCOMPARE(m_model->shares()[0].name, QByteArray("plan.pdf"));
        QCOMPARE(m_model->shares()[0].folder, QFile::encodeName(file));
        const QModelIndex shown = m_model->index(0, SharesModel::Folder);
        const QString before = shown.data().toString();
        QVERIFY(QFile::remove(file));
        m_model->refresh();
        QVERIFY(shown.data().toString() != before);
        QVERIFY(!m_model->addFolder(file));
    }

    void aGivenNameReplacesTheFolderOfThatName()
    {
        const QByteArray a = QFile::encodeName(makeFolder(QStringLiteral("a")));
        const QByteArray b = QFile::encodeName(makeFolder(QStringLiteral("b")));
        QVERIFY(m_model->add({"c:", a}));
        QVERIFY(m_model->add({"c:", b}));
        QCOMPARE(m_model->rowCount(), 1);
        QCOMPARE(m_model->shares()[0].folder, b);
        QVERIFY(!m_model->add({"x/y", a}));
        QVERIFY(!m_model->add({"..", a}));
    }

    void aShareCanBeRenamedToWhatAPathCanSay()
    {
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("one"))));
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("two"))));
        QSignalSpy refused(m_model.get(), &SharesModel::refused);
        const QModelIndex first = m_model->index(0, SharesModel::Name);
        QVERIFY(m_model->setData(first, QStringLiteral("c:"), Qt::EditRole));
        QCOMPARE(m_model->shares()[0].name, QByteArray("c:"));
        QCOMPARE(refused.size(), 0);
        for (const QString &name :
             {QString(), QStringLiteral("."), QStringLiteral(".."), QStringLiteral("a/b"),
              QStringLiteral("/a"), QStringLiteral("two"), QString(256, u'x')}) {
            refused.clear();
            QVERIFY2(!m_model->setData(first, name, Qt::EditRole), qPrintable(name));
            QCOMPARE(refused.size(), 1);
            QVERIFY(!refused[0][0].toString().isEmpty());
        }
        QCOMPARE(m_model->shares()[0].name, QByteArray("c:"));
        QVERIFY(!(m_model->flags(m_model->index(0, SharesModel::Folder)) & Qt::ItemIsEditable));
    }

    void whatOthersMayIsChosen()
    {
        using extended::Access;
        QVERIFY(m_model->addFolder(makeFolder(QStringLiteral("in"))));
        QCOMPARE(m_model->shares()[0].access, Access::Read);
        QVERIFY(!m_model->takesFiles());
        QSignalSpy changed(m_model.get(), &SharesModel::sharesChanged);
        const QModelIndex cell = m_model->index(0, SharesModel::Access);
        QSet<QString> sentences;
        for (const Access access : {Access::Inbox, Access::Add, Access::Read}) {
            QVERIFY(m_model->setAccess(0, access));
            QCOMPARE(m_model->shares()[0].access, access);
            QCOMPARE(cell.data().toString(), SharesModel::accessText(access));
            QVERIFY(!cell.data(Qt::DecorationRole).value<QIcon>().isNull());
            QCOMPARE(m_model->takesFiles(), access != Access::Read);
            sentences.insert(cell.data(Qt::ToolTipRole).toString());
        }
        QCOMPARE(sentences.size(), 3);
        QCOMPARE(changed.size(), 3);
        QVERIFY(m_model->setAccess(0, Access::Read)); // as it is
        QCOMPARE(changed.size(), 3);
    }

    void whatCannotTakeFilesSaysWhy()
    {
        const QString file = m_folder->filePath(QStringLiteral("plan.pdf"));
        QVERIFY(QFile(file).open(QIODevice::WriteOnly));
        QVERIFY(m_model->addFolder(file));
        const auto set = m_model->setAccess(0, extended::Access::Inbox);
        QVERIFY(!set && set.error().text.contains(QStringLiteral("is a file")));
        QCOMPARE(m_model->shares()[0].access, extended::Access::Read);
    }

    /// Somebody who shares another folder by that name has not said that others may write there.
    void anotherFolderOfThatNameIsOnlyRead()
    {
        const QByteArray a = QFile::encodeName(makeFolder(QStringLiteral("a")));
        const QByteArray b = QFile::encodeName(makeFolder(QStringLiteral("b")));
        QVERIFY(m_model->add({"x", a}));
        QVERIFY(m_model->setAccess(0, extended::Access::Add));
        QVERIFY(m_model->add({"x", a}));
        QCOMPARE(m_model->shares()[0].access, extended::Access::Add);
        QVERIFY(m_model->add({"x", b}));
        QCOMPARE(m_model->shares()[0].access, extended::Access::Read);
    }

    void pathsThatOthersSeeLeadToThisDisk()
    {
        const QString in = makeFolder(QStringLiteral("in"));
        QVERIFY(m_model->add({"My inbox", QFile::encodeName(in)}));
        QCOMPARE(m_model->localPath(QStringLiteral("/My inbox/a/b (1).txt")),
                 in + QStringLiteral("/a/b (1).txt"));
        QCOMPARE(m_model->localPath(QStringLiteral("/gone/a")), QString());
    }

    void theHomeFolderAndWhatHoldsItAreKnown()
    {
        const QString home = makeFolder(QStringLiteral("home/me"));
        const QByteArray before = qgetenv("HOME");
        qputenv("HOME", QFile::encodeName(home));
        QVERIFY(SharesModel::holdsHome(home));
        QVERIFY(SharesModel::holdsHome(home + u'/'));
        QVERIFY(SharesModel::holdsHome(m_folder->filePath(QStringLiteral("home"))));
        QVERIFY(!SharesModel::holdsHome(makeFolder(QStringLiteral("home/me/Photos"))));
        QVERIFY(!SharesModel::holdsHome(makeFolder(QStringLiteral("home/me2"))));
        QVERIFY(!SharesModel::holdsHome(m_folder->filePath(QStringLiteral("missing"))));
        qputenv("HOME", before);
    }

    void aFolderThatWentAwayIsMarkedInWords()
    {
        const QString folder = makeFolder(QStringLiteral("usb"));
        QVERIFY(m_model->addFolder(folder));
        const QModelIndex shown = m_model->index(0, SharesModel::Folder);
        const QString before = shown.data().toString();
        QVERIFY(QDir(folder).removeRecursively());
        m_model->refresh();
        QVERIFY(shown.data().toString() != before);
        QVERIFY(shown.data().toString().endsWith(before));
    }

    void namesOfThisDiskAreShownSafely()
    {
        const QString evil = makeFolder(QStringLiteral("a\u202Eb\x1b<b>"));
        QVERIFY(m_model->addFolder(evil));
        const QString name = m_model->index(0, SharesModel::Name).data().toString();
        QVERIFY(!name.contains(QChar(0x202E)) && !name.contains(QChar(0x1b)));
        QCOMPARE(m_model->shares()[0].folder, QFile::encodeName(evil));
    }

private:
    QString makeFolder(const QString &name)
    {
        const QString path = m_folder->filePath(name);
        return QDir().mkpath(path) ? path : QString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<SharesModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

FERRY_TEST(SharesTest)
#include "tst_servershares.moc"
