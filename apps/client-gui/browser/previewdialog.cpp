// SPDX-License-Identifier: MIT
#include "client-gui/browser/previewdialog.h"

#include "client-gui/browser/previewcontent.h"
#include "client-gui/browser/remotesession.h"
#include "gui-common/look/format.h"
#include "gui-common/look/icon.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/emptystate.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/pagearea.h"
#include "net/base/displaytext.h"

#include <QDialogButtonBox>
#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace ferry::gui {

using client::RemoteBrowser;

namespace {

constexpr QSize usual(720, 520);

QString nameOf(const RemoteItem &file)
{
    return displayText(QByteArrayView(file.path).sliced(file.path.lastIndexOf('/') + 1));
}

} // namespace

PreviewDialog::PreviewDialog(RemoteSession *session, const RemoteItem &file, QWidget *parent)
    : QDialog(parent)
    , m_session(session)
    , m_file(file)
    , m_pages(new QStackedWidget(this))
    , m_words(new EmptyState(this))
    , m_text(new QPlainTextEdit(this))
    , m_picture(new QLabel(this))
    , m_note(namedLabel(QStringLiteral("previewNote"), this, true))
{
    setObjectName(QStringLiteral("previewDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(nameOf(m_file));
    m_words->setObjectName(QStringLiteral("previewWords"));
    m_text->setObjectName(QStringLiteral("previewText"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("The beginning of %1").arg(nameOf(m_file)));
    m_picture->setObjectName(QStringLiteral("previewPicture"));
    m_picture->setAlignment(Qt::AlignCenter);
    m_picture->setAccessibleName(tr("The picture %1").arg(nameOf(m_file)));
    setTone(m_note, Tone::Quiet);
    m_note->hide();
    m_words->setBackgroundRole(QPalette::Base);
    m_words->setAutoFillBackground(true);
    m_picture->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    m_picture->installEventFilter(this);
    m_pages->setFrameStyle(QFrame::StyledPanel | QFrame::Sunken);
    m_text->setFrameShape(QFrame::NoFrame);
    m_pages->addWidget(m_words);
    m_pages->addWidget(m_text);
    m_pages->addWidget(m_picture);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *download = buttons->addButton(tr("&Download"), QDialogButtonBox::AcceptRole);
    download->setObjectName(QStringLiteral("previewDownload"));
    download->setIcon(icon(QLatin1StringView("download")));
    download->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT downloadRequested(m_file);
        accept();
    });
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_note);
    layout->addWidget(buttons);
    resize(firstSize(this, usual));
    connect(session, &RemoteSession::arrived, this, &PreviewDialog::take);
    connect(session, &RemoteSession::closed, this, &PreviewDialog::giveUp);
    ask();
}

PreviewDialog::~PreviewDialog()
{
    if (m_request != 0 && m_session)
        m_session->cancel(m_request);
}

void PreviewDialog::ask()
{
    const bool picture = isPictureName(nameOf(m_file));
    if (picture && m_file.size > previewPictureBytes)
        return say(tr("The picture is too large for a preview: %1.").arg(formatSize(m_file.size)));
    m_request = m_session->read(m_file.path, picture ? previewPictureBytes : previewTextBytes);
    say(m_request != 0 ? tr("Loading…") : tr("Not connected."), m_request == 0);
}

void PreviewDialog::giveUp()
{
    if (std::exchange(m_request, 0) != 0)
        say(tr("Not connected."), true);
}

void PreviewDialog::take(const RemoteBrowser::Batch &batch)
{
    if (m_request == 0 || batch.request != m_request || !batch.ended)
        return;
    m_request = 0;
    if (batch.failed())
        say(displayText(batch.error.text), true);
    else
        present(batch.content, batch.size);
}

void PreviewDialog::present(const QByteArray &bytes, qint64 size)
{
    const bool whole = bytes.size() >= size;
    m_image = whole ? pictureOf(bytes) : QImage();
    if (!m_image.isNull()) {
        m_pages->setCurrentWidget(m_picture);
        return fit();
    }
    const auto text = textOf(bytes, whole);
    if (!text)
        return say(tr("There is no preview for this kind of file."));
    if (size == 0)
        return say(tr("The file is empty."));
    m_text->setPlainText(*text);
    m_pages->setCurrentWidget(m_text);
    m_note->setVisible(!whole);
    if (!whole)
        m_note->setText(tr("The first %1 of %2.").arg(formatSize(bytes.size()), formatSize(size)));
}

/// As much of it as there is room for, and never larger than it is.
void PreviewDialog::fit()
{
    const qreal ratio = devicePixelRatioF();
    const QSize room = m_picture->size() * ratio;
    const bool large = m_image.width() > room.width() || m_image.height() > room.height();
    QPixmap pixmap = QPixmap::fromImage(
        large ? m_image.scaled(room, Qt::KeepAspectRatio, Qt::SmoothTransformation) : m_image);
    pixmap.setDevicePixelRatio(ratio);
    m_picture->setPixmap(pixmap);
}

bool PreviewDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_picture && event->type() == QEvent::Resize && !m_image.isNull())
        fit();
    return QDialog::eventFilter(watched, event);
}

void PreviewDialog::say(const QString &words, bool failed)
{
    m_words->setIcon(icon(QLatin1StringView(failed ? "error" : "file")));
    m_words->setText(words);
    m_pages->setCurrentWidget(m_words);
}

} // namespace ferry::gui
