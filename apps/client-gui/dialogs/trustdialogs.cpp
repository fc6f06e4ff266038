// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/trustdialogs.h"

#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/parts/fields.h"
#include "net/base/displaytext.h"
#include "net/channel/tlsidentity.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

/// So many groups of four in a line, as large as can be compared at a glance. Can be selected
/// with mouse and keys.
QLabel *fingerprintLabel(const QByteArray &fingerprint, int groupsInLine, const QString &name,
                         QWidget *parent)
{
    const QString grouped = groupedFingerprint(fingerprint);
    const QStringList groups = grouped.split(u' ');
    QStringList lines;
    for (qsizetype at = 0; at < groups.size(); at += groupsInLine)
        lines.append(groups.mid(at, groupsInLine).join(u' '));
    QLabel *label = plainLabel(lines.join(u'\n'), parent);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(font.pointSizeF() * 1.15);
    label->setFont(font);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(name.arg(grouped));
    return label;
}

QVBoxLayout *layOut(QDialog *dialog, QLatin1StringView iconName, Tone tone, const QString &headline)
{
    const DialogFrame frame = frameDialog(dialog, iconName, tone, headline);
    frame.headline->setWordWrap(true);
    frame.content->addWidget(frame.headline);
    return frame.content;
}

} // namespace

FirstContactDialog::FirstContactDialog(const QString &server, const QByteArray &fingerprint,
                                       const QStringList &knownAs, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("firstContactDialog"));
    setWindowTitle(tr("Is this the right server?"));
    const QString shown = displayText(server);
    QVBoxLayout *content = layOut(this, QLatin1StringView("lock"), Tone::Accent,
                                  tr("First connection to %1").arg(shown));
    const QString text =
        tr("Check that this fingerprint matches the one in the Ferry Server window. "
           "If it does, Ferry will trust this server from now on.");
    setAccessibleDescription(text);
    content->addWidget(plainLabel(text, this, true));
    QLabel *digits = fingerprintLabel(fingerprint, 8, tr("Fingerprint %1"), this);
    digits->setObjectName(QStringLiteral("offeredFingerprint"));
    content->addWidget(digits);
    if (!knownAs.isEmpty()) {
        QLabel *known = plainLabel(
            tr("Ferry knows this fingerprint as %1. It is the same server at a new address.")
                .arg(displayText(knownAs.join(QStringLiteral(", ")))),
            this, true);
        known->setObjectName(QStringLiteral("knownAs"));
        content->addWidget(known);
    }
    QLabel *otherwise =
        plainLabel(tr("If it doesn't match, someone may be impersonating the server. Nothing "
                      "has been sent yet."),
                   this, true);
    setTone(otherwise, Tone::Quiet);
    content->addWidget(otherwise);

    auto *buttons = new QDialogButtonBox(this);
    QPushButton *same =
        buttons->addButton(tr("It &matches, connect"), QDialogButtonBox::AcceptRole);
    same->setObjectName(QStringLiteral("sameButton"));
    same->setAutoDefault(false);
    QPushButton *cancel = buttons->addButton(QDialogButtonBox::Cancel);
    content->addSpacing(rhythm / 2);
    content->addWidget(buttons);
    cancel->setDefault(true);
    cancel->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ServerChangedDialog::ServerChangedDialog(const QString &server, Expected expected,
                                         const QByteArray &saved, const QByteArray &offered,
                                         QWidget *parent)
    : QDialog(parent)
{
    const bool invited = expected == Expected::Invited;
    setObjectName(QStringLiteral("serverChangedDialog"));
    setWindowTitle(invited ? tr("Not the server of the invitation")
                           : tr("Server identity changed"));
    const QString shown = displayText(server);
    QVBoxLayout *content =
        layOut(this, QLatin1StringView("error"), Tone::Bad,
               invited ? tr("%1 is not the server that the invitation names").arg(shown)
                       : tr("The identity of %1 has changed").arg(shown));
    const QString text =
        invited ? tr("Either the invitation is old or damaged, or someone is impersonating the "
                     "server. Ferry stopped here, and nothing was sent.")
                : tr("Either it was reinstalled, or someone is impersonating it. Ferry stopped "
                     "here, and nothing was sent.");
    setAccessibleDescription(text);
    content->addWidget(plainLabel(text, this, true));

    auto *both = new QHBoxLayout;
    both->setSpacing(4 * rhythm);
    const auto add = [&](const QString &heading, const QByteArray &fingerprint, const QString &name,
                         const QString &objectName) {
        auto *column = new QVBoxLayout;
        column->setSpacing(rhythm / 2);
        QLabel *above = plainLabel(heading, this, true);
        setTone(above, Tone::Quiet);
        column->addWidget(above);
        QLabel *digits = fingerprintLabel(fingerprint, 4, name, this);
        digits->setObjectName(objectName);
        column->addWidget(digits);
        both->addLayout(column);
    };
    add(invited ? tr("In the invitation") : tr("Saved"), saved,
        invited ? tr("Fingerprint in the invitation %1") : tr("Saved fingerprint %1"),
        QStringLiteral("savedFingerprint"));
    add(tr("Offered now"), offered, tr("Offered fingerprint %1"),
        QStringLiteral("offeredFingerprint"));
    both->addStretch(1);
    content->addLayout(both);

    content->addWidget(plainLabel(
        invited ? tr("Ask whoever invited you for a new invitation, and check its fingerprint "
                     "against their Ferry Server window.")
                : tr("Ask the owner of the server. Only if they confirm the change, remove the "
                     "server under File → Servers, connect again, and check the fingerprint "
                     "against their Ferry Server window."),
        this, true));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    buttons->button(QDialogButtonBox::Close)->setFocus();
    content->addSpacing(rhythm / 2);
    content->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace ferry::gui
