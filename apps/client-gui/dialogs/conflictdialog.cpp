// SPDX-License-Identifier: MIT
#include "client-gui/dialogs/conflictdialog.h"

#include "client/disk/localname.h"
#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/look/format.h"
#include "gui-common/look/theme.h"
#include "gui-common/parts/fields.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

namespace ferry::gui {

using client::ExistingPolicy;

namespace {

QString shortened(const QString &text, const QWidget *widget)
{
    return widget->fontMetrics().elidedText(text, Qt::ElideMiddle, dialogTextWidth);
}

} // namespace

ConflictDialog::ConflictDialog(const ConflictQuestion &question, QWidget *parent)
    : QDialog(parent)
    , m_choices(new QButtonGroup(this))
    , m_forBatch(new QCheckBox(this))
{
    setObjectName(QStringLiteral("conflictDialog"));
    setWindowTitle(tr("File already exists"));

    const DialogFrame frame = frameDialog(this, QLatin1StringView("file"), Tone::Accent, {});
    frame.headline->setText(
        shortened(tr("“%1” already exists").arg(question.name), frame.headline));
    QLabel *folder = plainLabel({}, this);
    folder->setText(shortened(tr("in %1").arg(question.folder), folder));
    setTone(folder, Tone::Quiet);

    m_forBatch->setObjectName(QStringLiteral("forBatch"));
    m_forBatch->setText(question.others == 1
                            ? tr("Do the same for the other file added with it")
                            : tr("Do the same for the %1 other files added with it")
                                  .arg(formatCount(question.others)));
    m_forBatch->setVisible(question.others > 0);
    m_forBatch->setChecked(question.others > 0);

    auto *buttons = new QDialogButtonBox(this);
    auto *accept = buttons->addButton(tr("Continue"), QDialogButtonBox::AcceptRole);
    accept->setObjectName(QStringLiteral("conflictContinue"));
    accept->setDefault(true);
    auto *later = buttons->addButton(tr("Decide later"), QDialogButtonBox::RejectRole);
    later->setObjectName(QStringLiteral("conflictLater"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);

    // The folder belongs to the headline, so it is nearer than the rest.
    auto *head = new QVBoxLayout;
    head->setSpacing(rhythm / 2);
    head->addWidget(frame.headline);
    head->addWidget(folder);
    QVBoxLayout *content = frame.content;
    content->addLayout(head);
    content->addWidget(makeComparison(question));
    content->addWidget(makeChoices(question.name));
    content->addWidget(m_forBatch);
    content->addWidget(buttons);
    setAccessibleDescription(frame.headline->text());
    m_choices->checkedButton()->setFocus();
}

QWidget *ConflictDialog::makeComparison(const ConflictQuestion &question)
{
    auto *box = new QWidget(this);
    auto *grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(2 * rhythm);
    grid->setVerticalSpacing(rhythm / 2);
    grid->setColumnStretch(3, 1);
    const auto line = [&](int row, const QString &where, qint64 size, qint64 ns,
                          const QString &remark) {
        const QString when = ns > 0 ? formatWhen(ns / 1'000'000) : QString();
        QLabel *place = plainLabel(where, box);
        setTone(place, Tone::Quiet);
        QLabel *bytes = plainLabel(formatSize(size), box);
        bytes->setAlignment(Qt::AlignRight);
        QLabel *note = plainLabel(remark, box);
        note->setObjectName(row == 0 ? QStringLiteral("hereRemark")
                                     : QStringLiteral("thereRemark"));
        grid->addWidget(place, row, 0);
        grid->addWidget(bytes, row, 1);
        grid->addWidget(plainLabel(when, box), row, 2);
        grid->addWidget(note, row, 3);
    };
    QStringList remarks;
    if (question.there.size >= 0 && question.here.size != question.there.size)
        remarks.append(question.there.size > question.here.size ? tr("larger") : tr("smaller"));
    if (question.there.modifiedNs > 0 && question.there.modifiedNs != question.here.modifiedNs)
        remarks.append(question.there.modifiedNs > question.here.modifiedNs ? tr("newer")
                                                                            : tr("older"));
    if (remarks.isEmpty())
        remarks.append(tr("different content"));
    line(0, tr("Here"), question.here.size, question.here.modifiedNs, {});
    line(1, tr("On the server"), question.there.size, question.there.modifiedNs,
         remarks.join(tr(", ", "between remarks")));
    return box;
}

QWidget *ConflictDialog::makeChoices(const QString &name)
{
    auto *box = new QWidget(this);
    auto *layout = tightLayout<QVBoxLayout>(box, rhythm / 2);
    const auto add = [&](ExistingPolicy policy, const char *objectName, const QString &text) {
        auto *choice = new QRadioButton(box);
        choice->setText(QString(text).replace(u'&', QStringLiteral("&&")));
        choice->setObjectName(QString::fromLatin1(objectName));
        m_choices->addButton(choice, int(policy));
        layout->addWidget(choice);
    };
    const QString other = fontMetrics().elidedText(client::numberedName(name.section(u'/', -1), 1),
                                                   Qt::ElideMiddle, dialogTextWidth / 2);
    add(ExistingPolicy::Rename, "choiceRename", tr("Keep both: save it as “%1”").arg(other));
    add(ExistingPolicy::Overwrite, "choiceOverwrite", tr("Replace it"));
    add(ExistingPolicy::OverwriteIfNewer, "choiceIfNewer",
        tr("Replace if the server's file is newer"));
    add(ExistingPolicy::OverwriteIfSizeDiffers, "choiceIfSizeDiffers",
        tr("Replace if the size is different"));
    add(ExistingPolicy::Resume, "choiceResume", tr("Resume: download only what differs"));
    add(ExistingPolicy::Skip, "choiceSkip", tr("Skip: keep the existing file"));
    m_choices->button(int(ExistingPolicy::Rename))->setChecked(true);
    return box;
}

ConflictAnswer ConflictDialog::answer() const
{
    return {ExistingPolicy(m_choices->checkedId()), m_forBatch->isChecked()};
}

} // namespace ferry::gui
