// SPDX-License-Identifier: MIT
// A look at a file of the server before it is downloaded.
#include "gui/client/browsing_fixture.h"

#include "client-gui/browser/previewcontent.h"
#include "client-gui/browser/previewdialog.h"
#include "client-gui/browser/remotesession.h"
#include "support/testprogram.h"

#include <QAction>
#include <QBuffer>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTcpServer>

using namespace ferry;
using namespace ferry::gui;

namespace {

QByteArray pictureFile(QSize size, const char *format)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::red);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

QString wordsOf(const PreviewDialog *dialog)
{
    QStringList texts;
    const auto labels =
        dialog->findChild<QWidget *>(QStringLiteral("previewWords"))->findChildren<QLabel *>();
    for (const QLabel *label : labels)
        texts.append(label->text());
    return texts.join(u' ').trimmed();
}

struct Previewing : Browsing
{
    void put(const char *name, const QByteArray &content) const
    {
        writeFile(QDir(share()).filePath(QString::fromLatin1(name)), content);
    }
    bool look(const char *name)
    {
        if (window->findChild<PreviewDialog *>())
            return false;
        navigator()->refresh();
        const QString wanted = QString::fromLatin1(name);
        if (!QTest::qWaitFor([&] { return complete() && names().contains(wanted); }, 20000))
            return false;
        select(wanted);
        auto *action = find<QAction>("previewAction");
        if (!action->isEnabled())
            return false;
        action->trigger();
        return dialog() != nullptr;
    }
    PreviewDialog *dialog() const { return window->findChild<PreviewDialog *>(); }
    template <typename T>
    bool shows(const char *page) const
    {
        return QTest::qWaitFor(
            [&] {
                return dialog() && dialog()->findChild<T *>(QString::fromLatin1(page))->isVisible();
            },
            20000);
    }
    bool says(const QString &text) const
    {
        return QTest::qWaitFor([&] { return dialog() && wordsOf(dialog()) == text; }, 20000);
    }
    bool close() const
    {
        const QPointer<PreviewDialog> old = dialog();
        old->reject();
        return QTest::qWaitFor([&] { return old.isNull(); }, 20000);
    }
};

} // namespace

class ClientPreviewTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void aTextIsShownAndDownloaded();
    void ofALongTextTheBeginning();
    void aPictureFits();
    void whatIsNeitherIsSaid();
    void onlyAFileIsLookedAt();
    void aClosedConnectionEndsTheWaiting();
    void whatIsTextAndWhatIsNot();
    void onlyTrustedPicturesAreRead();
};

void ClientPreviewTest::aTextIsShownAndDownloaded()
{
    Previewing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.put("letter.txt", "Dear reader,\n\xc3\xa4 <b>not bold</b>\n");
    QVERIFY(f.look("letter.txt"));
    QVERIFY(f.shows<QPlainTextEdit>("previewText"));
    auto *text = f.dialog()->findChild<QPlainTextEdit *>();
    QCOMPARE(text->toPlainText(), QString::fromUtf8("Dear reader,\n\xc3\xa4 <b>not bold</b>\n"));
    QVERIFY(text->isReadOnly());
    QVERIFY(!QFile::exists(f.target() + QStringLiteral("/letter.txt"))); // kept nowhere
    f.dialog()->findChild<QPushButton *>(QStringLiteral("previewDownload"))->click();
    QVERIFY(f.allDone(1));
    QVERIFY(QFile::exists(f.target() + QStringLiteral("/letter.txt")));
    QTRY_VERIFY(!f.dialog());
}

void ClientPreviewTest::ofALongTextTheBeginning()
{
    Previewing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    // The last character that is fetched is cut.
    f.put("long.txt", QByteArray(previewTextBytes - 1, 'x') + "\xc3\xa4 and so on");
    QVERIFY(f.look("long.txt"));
    QVERIFY(f.shows<QPlainTextEdit>("previewText"));
    QCOMPARE(f.dialog()->findChild<QPlainTextEdit *>()->toPlainText().size(),
             qsizetype(previewTextBytes - 1));
    QVERIFY(!f.dialog()->findChild<QLabel *>(QStringLiteral("previewNote"))->text().isEmpty());
    QVERIFY(f.close());
}

void ClientPreviewTest::aPictureFits()
{
    Previewing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.put("red.png", pictureFile({3000, 1000}, "png"));
    QVERIFY(f.look("red.png"));
    QVERIFY(f.shows<QLabel>("previewPicture"));
    auto *picture = f.dialog()->findChild<QLabel *>(QStringLiteral("previewPicture"));
    const auto fits = [picture] {
        const QSizeF shown = picture->pixmap().deviceIndependentSize();
        return !shown.isEmpty() && shown.width() <= picture->width() &&
               shown.height() <= picture->height() && qAbs(shown.width() - 3 * shown.height()) <= 3;
    };
    QTRY_VERIFY(fits());
    f.dialog()->resize(400, 300);
    QTRY_VERIFY(fits());
    QVERIFY(f.close());
}

void ClientPreviewTest::whatIsNeitherIsSaid()
{
    Previewing f;
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.put("program", QByteArray("\x7f"
                                "ELF\0\0\0",
                                7));
    QVERIFY(f.look("program"));
    QVERIFY(f.says(QStringLiteral("There is no preview for this kind of file.")));
    QVERIFY(f.close());
    f.put("empty.txt", {});
    QVERIFY(f.look("empty.txt"));
    QVERIFY(f.says(QStringLiteral("The file is empty.")));
    QVERIFY(f.close());
    f.put("broken.png", "no picture at all");
    QVERIFY(f.look("broken.png")); // it is the text that it is
    QVERIFY(f.shows<QPlainTextEdit>("previewText"));
    QVERIFY(f.close());
    f.put("huge.png", QByteArray(previewPictureBytes + 1, 'x'));
    QVERIFY(f.look("huge.png"));
    QVERIFY(
        wordsOf(f.dialog()).startsWith(QStringLiteral("The picture is too large for a preview")));
    QVERIFY(f.close());
}

void ClientPreviewTest::onlyAFileIsLookedAt()
{
    Previewing f;
    auto *action = f.find<QAction>("previewAction");
    QVERIFY(!action->isEnabled());
    QVERIFY(f.connectTo(f.serverAddress()));
    QVERIFY(f.go("/S"));
    f.select(QStringLiteral("photos"));
    QVERIFY(!action->isEnabled());
    f.select(QStringLiteral("notes.txt"));
    QVERIFY(action->isEnabled());
    f.list()->selectAll();
    QVERIFY(!action->isEnabled());
}

void ClientPreviewTest::aClosedConnectionEndsTheWaiting()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    client::ClientConfig config;
    config.host = QStringLiteral("127.0.0.1");
    config.port = silent.serverPort();
    config.password = "never asked for";
    config.trustNew = true;
    RemoteSession session;
    session.open(config, std::make_shared<sasl::SaltedPasswords>());
    const QPointer<PreviewDialog> dialog =
        new PreviewDialog(&session, {"/S/notes.txt", false, 5}, nullptr);
    QCOMPARE(wordsOf(dialog), QStringLiteral("Loading…"));
    session.close();
    QCOMPARE(wordsOf(dialog), QStringLiteral("Not connected."));
    dialog->reject();
    QTRY_VERIFY(dialog.isNull());
}

void ClientPreviewTest::whatIsTextAndWhatIsNot()
{
    QCOMPARE(textOf("a\tb\r\nc", true), QStringLiteral("a\tb\r\nc"));
    QVERIFY(!textOf(QByteArray("a\0b", 3), true));
    QVERIFY(!textOf("a\x1b[31m", true));
    QVERIFY(!textOf("latin \xe4 one", true));
    QVERIFY(!textOf("cut \xc3", true));
    QCOMPARE(textOf("cut \xc3", false), QStringLiteral("cut "));
    QCOMPARE(textOf("cut \xf0\x9f\x98", false), QStringLiteral("cut "));
    QVERIFY(textOf("whole \xf0\x9f\x98\x80", false));
}

void ClientPreviewTest::onlyTrustedPicturesAreRead()
{
    QCOMPARE(pictureOf(pictureFile({3, 2}, "png")).size(), QSize(3, 2));
    QCOMPARE(pictureOf(pictureFile({3, 2}, "jpeg")).size(), QSize(3, 2));
    QVERIFY(pictureOf(pictureFile({5000, 10}, "png")).width() <= 1600);
    QVERIFY(
        pictureOf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>").isNull());
    QVERIFY(pictureOf("P6 100000 100000 255\n").isNull()); // 30 GB, it says
    QVERIFY(isPictureName(QStringLiteral("a.JPG")));
    QVERIFY(!isPictureName(QStringLiteral("a.svg")));
    QVERIFY(!isPictureName(QStringLiteral("a.txt")));
}

FERRY_TEST(ClientPreviewTest)
#include "client_preview.moc"
