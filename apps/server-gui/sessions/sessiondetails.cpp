// SPDX-License-Identifier: MIT
#include "server-gui/sessions/sessiondetails.h"

#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "net/base/endpointtext.h"
#include "server-gui/run/addresses.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

namespace ferry::gui {

using server::SessionInfo;

namespace {

constexpr int valueWidth = 320;
const QString detailName = QStringLiteral("detail%1"); // by row

QString text(const char *sentence)
{
    return QCoreApplication::translate("ferry::gui::SessionDetails", sentence);
}

QString orDash(const QString &value)
{
    return value.isEmpty() ? QStringLiteral("–") : value;
}

} // namespace

QString encryptionText(const SessionInfo &session)
{
    if (!session.encrypted)
        return text("Unencrypted");
    return session.tlsVersion.isEmpty() ? QStringLiteral("TLS") : session.tlsVersion;
}

QList<std::pair<QString, QString>> sessionDetails(const SessionInfo &session)
{
    QList<std::pair<QString, QString>> details{
        {text("Since"),
         QLocale().toString(QDateTime::fromMSecsSinceEpoch(session.sinceMs), QLocale::ShortFormat)},
        {text("Address"), endpointText(session.address, session.port)},
        {text("Name"), orDash(session.name)},
        {text("Client"), orDash(session.client)},
        {text("Account"), orDash(session.account)},
        {text("Encryption"), encryptionText(session)},
        {text("Cipher"), orDash(session.cipher)},
        {text("Files"), text("%1 sent, %2 of them verified by the client")
                            .arg(formatCount(session.filesSent))
                            .arg(formatCount(session.filesVerified))},
        {text("Sent"), formatSize(session.sent)},
        {text("Last file"), orDash(session.file)},
        {text("Speed limit"),
         session.rateLimit > 0 ? formatSpeed(session.rateLimit) : text("none of its own")},
    };
    details.append({text("Ended"), orDash(session.outcome)});
    return details;
}

QDialog *showSessionDetails(const SessionInfo &session, QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("sessionDetails"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(text("Details of session %1").arg(session.id));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(2 * rhythm);
    form->setVerticalSpacing(rhythm);
    const auto details = sessionDetails(session);
    for (const auto &[what, value] : details) {
        auto *name = plainLabel(what, dialog);
        setTone(name, Tone::Quiet);
        auto *label = namedLabel(detailName.arg(form->rowCount()), dialog, true);
        label->setMinimumWidth(valueWidth);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        form->addRow(name, label);
    }
    refreshSessionDetails(dialog, session);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(2 * rhythm, 2 * rhythm, 2 * rhythm, rhythm);
    layout->setSpacing(2 * rhythm);
    layout->addLayout(form);
    layout->addWidget(buttons);
    dialog->show();
    return dialog;
}

void refreshSessionDetails(QDialog *dialog, const SessionInfo &session)
{
    const auto details = sessionDetails(session);
    for (int row = 0; row < details.size(); ++row) {
        auto *label = dialog->findChild<QLabel *>(detailName.arg(row));
        if (label->text() == details[row].second)
            continue; // what is selected stays so
        label->setText(details[row].second);
        label->setAccessibleName(details[row].first + QStringLiteral(": ") + details[row].second);
    }
}

} // namespace ferry::gui
