// SPDX-License-Identifier: MIT
#pragma once

#include "client/disk/conflict.h"
#include "client/download.h"

#include <QDialog>
#include <QString>

class QButtonGroup;
class QCheckBox;

namespace ferry::gui {

/// A file of that name is here already, and it is another one.
struct ConflictQuestion
{
    QString name; ///< as it may be shown
    QString folder;
    client::LocalFacts here;
    client::RemoteFacts there;
    qsizetype others = 0; ///< that were added with it and have not ended
};

struct ConflictAnswer
{
    client::ExistingPolicy policy = client::ExistingPolicy::Rename;
    bool forBatch = true; ///< also for all others that were added with it
};

/// Asks what becomes of both. The default loses nothing; Esc decides later.
class ConflictDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ConflictDialog(const ConflictQuestion &question, QWidget *parent = nullptr);

    ConflictAnswer answer() const;

private:
    QWidget *makeComparison(const ConflictQuestion &question);
    QWidget *makeChoices(const QString &name);

    QButtonGroup *m_choices;
    QCheckBox *m_forBatch;
};

} // namespace ferry::gui
