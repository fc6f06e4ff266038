// SPDX-License-Identifier: MIT
#include "client-gui/window/addressdrop.h"

#include "client-gui/browser/remotelistmodel.h"
#include "client-gui/connect/hosttext.h"
#include "client/connect/serverplace.h"
#include "net/channel/invitation.h"

#include <QDropEvent>
#include <QMimeData>
#include <QWidget>

namespace ferry::gui {

namespace {
/// Beyond that it is a document and no address.
constexpr qsizetype longestText = 1000;
} // namespace

QString addressIn(const QMimeData *data)
{
    if (!data->hasText() || data->hasFormat(RemoteListModel::mimeType()))
        return {};
    const QString text = data->text();
    if (text.size() > longestText)
        return {};
    // A damaged one, too: the window says what is wrong with it.
    if (const QString link = hostIn(text); Invitation::isMeant(link))
        return link;
    const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QString address = hostIn(line);
        if (client::parsePlace(address))
            return address;
    }
    return {};
}

AddressDrop::AddressDrop(QWidget *window)
    : QObject(window)
{
    window->setAcceptDrops(true);
    window->installEventFilter(this);
}

bool AddressDrop::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::DragEnter && event->type() != QEvent::Drop)
        return QObject::eventFilter(watched, event);
    auto *drop = static_cast<QDropEvent *>(event);
    const QString address = addressIn(drop->mimeData());
    if (address.isEmpty())
        return QObject::eventFilter(watched, event);
    drop->setDropAction(Qt::CopyAction);
    drop->accept();
    if (event->type() == QEvent::Drop)
        Q_EMIT dropped(address);
    return true;
}

} // namespace ferry::gui
