// SPDX-License-Identifier: MIT
#include "gui-common/parts/emptynote.h"

#include "gui-common/look/theme.h"

#include <QAbstractItemView>
#include <QVBoxLayout>

namespace ferry::gui {

EmptyNote::EmptyNote(const QString &objectName, QAbstractItemView *view)
    : QLabel(view->viewport())
    , m_view(view)
{
    setObjectName(objectName);
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setAlignment(Qt::AlignCenter);
    setTone(this, Tone::Quiet);
    (new QVBoxLayout(view->viewport()))->addWidget(this);
    hide();
}

void EmptyNote::say(const QString &sentence)
{
    if (text() != sentence)
        setText(sentence);
    setVisible(!sentence.isEmpty());
    if (m_view->accessibleDescription() != sentence)
        m_view->setAccessibleDescription(sentence);
}

} // namespace ferry::gui
