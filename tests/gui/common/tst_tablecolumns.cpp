// SPDX-License-Identifier: MIT
#include "gui-common/look/tablecolumns.h"
#include "gui-common/look/tidytable.h"
#include "support/testprogram.h"

#include <QApplication>
#include <QHeaderView>
#include <QIcon>
#include <QMenu>
#include <QPixmap>
#include <QStandardItemModel>
#include <QTest>
#include <QTreeView>

#include <memory>

using namespace ferry::gui;

/// How wide columns are.
class TableColumnsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_view = std::make_unique<QTreeView>();
        m_model = std::make_unique<QStandardItemModel>();
        m_model->setHorizontalHeaderLabels({QStringLiteral("ID"),
                                            QStringLiteral("Name for other people"),
                                            QStringLiteral("Verified"), QStringLiteral("Account")});
        m_view->setModel(m_model.get());
        tidyTable(m_view.get());
        m_columns = new TableColumns(m_view.get(), {{QStringLiteral("00")},
                                                    {QStringLiteral("a"), 1},
                                                    {QStringLiteral("000 of 000"), 0, true, 1},
                                                    {QStringLiteral("account"), 0, false,
                                                     TableColumns::Column::whenChosen}});
    }
    void cleanup()
    {
        m_view.reset();
        m_model.reset();
    }

    void theyFillTheWidthAndHaveRoomForTitleAndContent_data()
    {
        QTest::addColumn<double>("points");
        QTest::newRow("usual") << QApplication::font().pointSizeF();
        QTest::newRow("large") << 18.0;
    }
    void theyFillTheWidthAndHaveRoomForTitleAndContent()
    {
        QFETCH(double, points);
        show(800);
        QFont font = m_view->font();
        font.setPointSizeF(points);
        m_view->setFont(font);
        QTRY_COMPARE(header()->length(), m_view->viewport()->width());
        const QFontMetrics metrics(font);
        QVERIFY(header()->sectionSize(0) > metrics.horizontalAdvance(QStringLiteral("00")));
        QVERIFY(header()->sectionSize(1) >
                header()->fontMetrics().horizontalAdvance(QStringLiteral("Name for other people")));
        // As much as the view says that a cell with a sign needs.
        QPixmap sign(16, 16);
        sign.fill(Qt::green);
        m_model->setItem(0, 2, new QStandardItem(QIcon(sign), QStringLiteral("000 of 000")));
        QVERIFY(header()->sectionSize(2) >= m_view->sizeHintForIndex(m_model->index(0, 2)).width());
        m_model->removeRow(0);
        m_view->resize(1000, 200);
        QTRY_COMPARE(header()->length(), m_view->viewport()->width());
    }

    void someAreShownWhereThereIsRoom()
    {
        show(800);
        QVERIFY(!m_view->isColumnHidden(2));
        QVERIFY(m_view->isColumnHidden(3));
        m_view->resize(200, 200);
        QTRY_VERIFY(m_view->isColumnHidden(2));
        m_view->resize(800, 200);
        QTRY_VERIFY(!m_view->isColumnHidden(2));
    }

    void aColumnMadeWiderStaysSoWhereThereIsRoom()
    {
        show(200); // narrower than the columns would like to be
        m_view->resize(800, 200);
        QTRY_COMPARE(header()->length(), m_view->viewport()->width());
        header()->resizeSection(1, header()->sectionSize(1) + 100);
        const int wider = header()->sectionSize(1);
        m_view->resize(790, 200);
        QTRY_COMPARE(m_view->width(), 790);
        QCOMPARE(header()->sectionSize(1), wider);
    }

    void whatNobodyChoseIsNotKept()
    {
        QVERIFY(m_columns->save().isEmpty()); // never shown
        show(300);
        QVERIFY(m_columns->save().isEmpty());
    }

    void aChoiceIsKept()
    {
        show(800);
        QVERIFY(m_columns->save().isEmpty());
        QMenu menu;
        m_columns->fillMenu(&menu);
        QCOMPARE(menu.actions().size(), 3); // the first column stays
        menu.actions().last()->trigger();
        QVERIFY(!m_view->isColumnHidden(3));
        const QByteArray state = m_columns->save();
        cleanup();
        init();
        m_columns->restore(state);
        show(800);
        QVERIFY(!m_view->isColumnHidden(3));
    }

private:
    void show(int width)
    {
        m_view->resize(width, 200);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    QHeaderView *header() const { return m_view->header(); }

    std::unique_ptr<QTreeView> m_view;
    std::unique_ptr<QStandardItemModel> m_model;
    TableColumns *m_columns = nullptr;
};

FERRY_TEST(TableColumnsTest)
#include "tst_tablecolumns.moc"
