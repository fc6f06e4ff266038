// SPDX-License-Identifier: MIT
#include "server-gui/dialogs/invitationdialog.h"

#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"
#include "gui-common/parts/qrcode.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
constexpr int smallestWidth = 380;
}

InvitationDialog::InvitationDialog(QWidget *parent)
    : QDialog(parent)
    , m_headline(heading({}, this))
    , m_code(new QrCode(this))
    , m_link(new QLineEdit(this))
{
    setObjectName(QStringLiteral("invitationDialog"));
    setWindowTitle(tr("Invitation"));
    m_code->setObjectName(QStringLiteral("invitationCode"));
    m_link->setObjectName(QStringLiteral("invitationLink"));
    m_link->setAccessibleName(tr("Link"));
    m_link->setReadOnly(true);
    QLabel *words =
        plainLabel(tr("Scan the code with another computer or a phone, and open the link with "
                      "Ferry Client. It holds the address and the fingerprint. The password isn't "
                      "in it: tell people that separately."),
                   this, true);
    setTone(words, Tone::Quiet);
    words->setMinimumWidth(smallestWidth);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = pushButton(QLatin1StringView("copy"), tr("Copy in&vitation"),
                                   QStringLiteral("copyFromDialog"), this);
    buttons->addButton(copy, QDialogButtonBox::ActionRole);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    auto *layout = tightLayout<QVBoxLayout>(this, rhythm, 2 * rhythm);
    layout->addWidget(m_headline);
    layout->addWidget(m_code, 1);
    layout->addWidget(m_link);
    layout->addWidget(words);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(copy, &QPushButton::clicked, this, &InvitationDialog::copyRequested);
}

void InvitationDialog::setInvitation(const QString &address, const QString &link)
{
    m_headline->setText(tr("Invitation to %1").arg(address));
    m_code->setText(link);
    m_link->setText(link);
    m_link->setCursorPosition(0);
}

} // namespace ferry::gui
