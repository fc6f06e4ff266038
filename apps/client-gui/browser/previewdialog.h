// SPDX-License-Identifier: MIT
#pragma once

#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/browser/remotesession.h"
#include "client/browse/remotebrowser.h"

#include <QDialog>
#include <QImage>
#include <QPointer>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace ferry::gui {

class EmptyState;

/// A look at a file of the server before it is downloaded: how a text begins, or a picture. It is
/// kept in memory and nowhere else. Deletes itself when it is closed.
class PreviewDialog final : public QDialog
{
    Q_OBJECT
public:
    PreviewDialog(RemoteSession *session, const RemoteItem &file, QWidget *parent);
    ~PreviewDialog() override;

Q_SIGNALS:
    void downloadRequested(const ferry::gui::RemoteItem &file);

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void ask();
    void giveUp();
    void take(const client::RemoteBrowser::Batch &batch);
    void present(const QByteArray &bytes, qint64 size);
    void fit();
    void say(const QString &words, bool failed = false);

    const QPointer<RemoteSession> m_session; ///< a window that ends destroys it first
    const RemoteItem m_file;
    quint64 m_request = 0;
    QStackedWidget *m_pages;
    EmptyState *m_words;
    QPlainTextEdit *m_text;
    QLabel *m_picture;
    QLabel *m_note;
    QImage m_image; ///< null: it is no picture
};

} // namespace ferry::gui
