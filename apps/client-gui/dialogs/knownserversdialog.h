// SPDX-License-Identifier: MIT
#pragma once

#include "client/connect/knownservers.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace ferry::gui {

class EmptyNote;
class Prompts;

/// The servers whose fingerprint is saved, and the deliberate way to forget one.
class KnownServersDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `file`: of client::KnownServers.
    KnownServersDialog(const QString &file, Prompts *prompts, QWidget *parent = nullptr);

private:
    void load();
    void forget();
    void refresh();

    client::KnownServers m_known;
    Prompts *m_prompts;
    QTreeWidget *m_list;
    EmptyNote *m_empty;
    QLabel *m_words;
    QPushButton *m_forget;
};

} // namespace ferry::gui
