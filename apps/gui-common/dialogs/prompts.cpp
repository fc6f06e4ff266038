// SPDX-License-Identifier: MIT
#include "gui-common/dialogs/prompts.h"

#include "gui-common/dialogs/dialogframe.h"
#include "gui-common/dialogs/ratelimitdialog.h"
#include "gui-common/parts/fields.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace ferry::gui {

namespace {

constexpr int refreshMs = 250;

/// A heading, a text and buttons. The buttons that answer are added by the caller.
class QuestionDialog final : public QDialog
{
public:
    QuestionDialog(QWidget *parent, const QString &title, QDialogButtonBox::StandardButton button)
        : QDialog(parent)
        , text(namedLabel(QStringLiteral("questionText"), this, true))
        , buttons(new QDialogButtonBox(button, this))
    {
        setObjectName(QStringLiteral("question"));
        setWindowTitle(title);
        const DialogFrame frame =
            frameDialog(this, QLatin1StringView("warning"), Tone::Caution, title);
        frame.headline->setWordWrap(true);
        text->setMinimumWidth(dialogTextWidth);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        frame.content->addWidget(frame.headline);
        frame.content->addWidget(text);
        frame.content->addWidget(buttons);
        connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
        if (button == QDialogButtonBox::Ok)
            connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    }

    QLabel *text;
    QDialogButtonBox *buttons;
};

} // namespace

Prompts *Prompts::standard()
{
    static Prompts prompts;
    return &prompts;
}

int Prompts::ask(QWidget *parent, const QString &title, const std::function<QString()> &text,
                 const QStringList &answers)
{
    QuestionDialog dialog(parent, title, QDialogButtonBox::Cancel);
    for (int number = 0; number < answers.size(); ++number) {
        const QPushButton *button =
            dialog.buttons->addButton(answers[number], QDialogButtonBox::AcceptRole);
        QObject::connect(button, &QPushButton::clicked, &dialog,
                         [&dialog, number] { dialog.done(QDialog::Accepted + number); });
    }
    dialog.buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
    dialog.buttons->button(QDialogButtonBox::Cancel)->setFocus();
    const auto refresh = [&] {
        const QString now = text();
        if (now.isEmpty())
            dialog.accept();
        else if (now != dialog.text->text())
            dialog.text->setText(now);
    };
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &dialog, refresh);
    timer.start(refreshMs);
    refresh();
    return dialog.exec() - QDialog::Accepted;
}

bool Prompts::confirm(QWidget *parent, const QString &title, const QString &text,
                      const QString &accept)
{
    return ask(parent, title, [&text] { return text; }, {accept}) == 0;
}

void Prompts::tell(QWidget *parent, const QString &title, const QString &text)
{
    QuestionDialog dialog(parent, title, QDialogButtonBox::Ok);
    dialog.text->setText(text);
    dialog.exec();
}

QString Prompts::askFolder(QWidget *parent, const QString &title, const QString &start)
{
    return QFileDialog::getExistingDirectory(parent, title, start);
}

QString Prompts::askOpenName(QWidget *parent, const QString &title, const QString &start)
{
    return QFileDialog::getOpenFileName(parent, title, start);
}

QStringList Prompts::askOpenNames(QWidget *parent, const QString &title, const QString &start)
{
    return QFileDialog::getOpenFileNames(parent, title, start);
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
