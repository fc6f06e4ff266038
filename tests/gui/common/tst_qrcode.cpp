// SPDX-License-Identifier: MIT
#include "gui-common/parts/qrcode.h"
#include "support/testprogram.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace ferry::gui;

namespace {

const QString invitation = QStringLiteral("ferry://[fe80::1%25eth0]:65535/?fp=sha256:") +
                           QStringLiteral("0123456789abcdef").repeated(4);

/// What a reader makes of it that knows nothing of us.
QString readBack(const QImage &image)
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("code.png"));
    if (!image.save(file))
        return QStringLiteral("(not saved)");
    QProcess reader;
    reader.start(QStringLiteral("zbarimg"), {QStringLiteral("--quiet"), QStringLiteral("--raw"),
                                             QStringLiteral("--nodbus"), file});
    if (!reader.waitForFinished(60000))
        return QStringLiteral("(zbarimg does not run: %1)").arg(reader.errorString());
    return QString::fromUtf8(reader.readAllStandardOutput()).trimmed();
}

QPalette darkPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Window, Qt::black);
    palette.setColor(QPalette::WindowText, Qt::white);
    return palette;
}

} // namespace

class QrCodeTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aReaderReadsIt_data();
    void aReaderReadsIt();
    void whatIsTooLongIsNone();
    void readersFindItsEdge();
    void aScreenReaderHearsIt();
};

void QrCodeTest::aReaderReadsIt_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("dark");
    const QSize smallest = QrCode().minimumSizeHint();
    QTest::newRow("usual") << QSize(400, 400) << false;
    QTest::newRow("dark, wide") << QSize(501, 303) << true;
    QTest::newRow("smallest") << smallest << true;
}

void QrCodeTest::aReaderReadsIt()
{
    QFETCH(const QSize, size);
    QFETCH(const bool, dark);
    QrCode code;
    if (dark)
        code.setPalette(darkPalette());
    code.setText(invitation);
    code.resize(size.expandedTo(code.minimumSizeHint()));
    const QImage shown = code.grab().toImage();
    QCOMPARE(readBack(shown), invitation);
}

void QrCodeTest::whatIsTooLongIsNone()
{
    QVERIFY(qrCode({}).isNull());
    QVERIFY(qrCode(QString(10000, u'x')).isNull());
    QVERIFY(!qrCode(QString(2000, u'x')).isNull());
    QrCode code;
    code.setText(QString(10000, u'x'));
    QVERIFY(!code.grab().isNull()); // paints nothing, and no harm is done
}

void QrCodeTest::readersFindItsEdge()
{
    const QImage code = qrCode(invitation);
    QCOMPARE(code.width(), code.height());
    for (int at = 0; at < code.width(); ++at) {
        for (const int edge : {0, 3, code.width() - 4, code.width() - 1}) {
            QCOMPARE(code.pixelColor(at, edge), QColor(Qt::white));
            QCOMPARE(code.pixelColor(edge, at), QColor(Qt::white));
        }
    }
    QCOMPARE(code.pixelColor(4, 4), QColor(Qt::black));
}

void QrCodeTest::aScreenReaderHearsIt()
{
    QrCode code;
    code.setText(invitation);
    QCOMPARE(code.accessibleName(), QStringLiteral("QR code"));
    QCOMPARE(code.accessibleDescription(), invitation);
}

FERRY_TEST(QrCodeTest)
#include "tst_qrcode.moc"
