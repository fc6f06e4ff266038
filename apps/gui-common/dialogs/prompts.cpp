// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/prompts.h"

#include "gui-common/dialogs/ratelimitdialog.h"

#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

namespace ferry::gui {

Prompts *Prompts::standard()
{
    static Prompts prompts;
    return &prompts;
}

bool Prompts::confirm(QWidget *parent, const QString &title, const QString &text,
                      const QString &accept)
{
    QMessageBox box(QMessageBox::Question, title, text, QMessageBox::Cancel, parent);
    box.setTextFormat(Qt::PlainText);
    QPushButton *yes = box.addButton(accept, QMessageBox::AcceptRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    return box.clickedButton() == yes;
}

void Prompts::tell(QWidget *parent, const QString &title, const QString &text)
{
    QMessageBox box(QMessageBox::Warning, title, text, QMessageBox::Ok, parent);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

QString Prompts::askFolder(QWidget *parent, const QString &title, const QString &start)
{
    return QFileDialog::getExistingDirectory(parent, title, start);
}

QString Prompts::askSaveName(QWidget *parent, const QString &title, const QString &suggested)
{
    return QFileDialog::getSaveFileName(parent, title, suggested);
}

std::optional<QString> Prompts::askText(QWidget *parent, const QString &title, const QString &label,
                                        const QString &value)
{
    bool accepted = false;
    const QString text =
        QInputDialog::getText(parent, title, label, QLineEdit::Normal, value, &accepted);
    if (!accepted)
        return std::nullopt;
    return text;
}

std::optional<qint64> Prompts::askRateLimit(QWidget *parent, const QString &about,
                                            qint64 bytesPerSecond)
{
    RateLimitDialog dialog(about, bytesPerSecond, parent);
    if (dialog.exec() != QDialog::Accepted)
        return std::nullopt;
    return dialog.bytesPerSecond();
}

} // namespace ferry::gui
