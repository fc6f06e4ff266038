// SPDX-License-Identifier: MIT
#include "gui-common/keys/rowkeys.h"

#include <QAbstractItemView>
#include <QKeyEvent>

namespace ferry::gui {

namespace {

class RowKeys final : public QObject
{
public:
    explicit RowKeys(QAbstractItemView *view)
        : QObject(view)
        , m_view(view)
    {
        view->installEventFilter(this);
    }

    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return false;
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool step = key->key() == Qt::Key_Up || key->key() == Qt::Key_Down;
        const bool jump = key->key() == Qt::Key_Home || key->key() == Qt::Key_End ||
                          key->key() == Qt::Key_PageUp || key->key() == Qt::Key_PageDown;
        QItemSelectionModel *selection = m_view->selectionModel();
        const QModelIndex current = m_view->currentIndex();
        const int rows = m_view->model() ? m_view->model()->rowCount() : 0;
        if (key->key() == Qt::Key_End && !key->modifiers() && !current.isValid() && rows > 0) {
            m_view->setCurrentIndex(m_view->model()->index(rows - 1, 0)); // else it is the first
            return true;
        }
        if (!(step || jump) || (key->modifiers() & ~Qt::KeypadModifier) || !current.isValid() ||
            !selection || selection->hasSelection())
            return false;
        selection->select(current, QItemSelectionModel::Select | QItemSelectionModel::Rows);
        m_view->scrollTo(current);
        return step; // a jump may well lead elsewhere
    }

private:
    QAbstractItemView *m_view;
};

} // namespace

void selectRowsByKeys(QAbstractItemView *view)
{
    new RowKeys(view);
}

} // namespace ferry::gui
