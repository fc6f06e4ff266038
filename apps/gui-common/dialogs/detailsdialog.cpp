// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/detailsdialog.h"

#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {
constexpr int valueWidth = 320;
}

DetailsDialog::DetailsDialog(const QString &title, const Details &details, QWidget *parent)
    : QDialog(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(2 * rhythm);
    form->setVerticalSpacing(rhythm);
    for (const auto &[what, value] : details) {
        auto *name = plainLabel(what, this);
        setTone(name, Tone::Quiet);
        auto *label = plainLabel({}, this, true);
        label->setMinimumWidth(valueWidth);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        form->addRow(name, label);
        m_values.append(label);
    }
    refresh(details);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = tightLayout<QVBoxLayout>(this, 2 * rhythm, 2 * rhythm);
    layout->addLayout(form);
    layout->addWidget(buttons);
    fitToContent(this);
}

void DetailsDialog::refresh(const Details &details)
{
    Q_ASSERT(details.size() == m_values.size());
    for (int row = 0; row < details.size(); ++row) {
        const auto &[what, value] = details[row];
        const QString shown = value.isEmpty() ? QStringLiteral("–") : value;
        if (m_values[row]->text() == shown)
            continue; // what is selected stays so
        m_values[row]->setText(shown);
        m_values[row]->setAccessibleName(what + QStringLiteral(": ") + shown);
    }
}

} // namespace ferry::gui
