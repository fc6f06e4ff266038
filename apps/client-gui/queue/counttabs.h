// SPDX-License-Identifier: MIT
#pragma once

#include <QList>
#include <QString>
#include <QTabBar>

namespace ferry::gui {

/// Tabs of a word and a count each. Where there is little room, a large count is written short: the
/// tabs take no room from what stands beside or below them. Screen readers hear all of it.
class CountTabs final : public QTabBar
{
    Q_OBJECT
public:
    /// Of as many tabs as `tabs`, each to be filled by setCount().
    CountTabs(int tabs, QWidget *parent);

    void setCount(int tab, const QString &word, qint64 count);

    /// With the counts in full.
    QSize sizeHint() const override;
    /// With short ones.
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Texts
    {
        QString whole;
        QString brief;
    };

    QSize sizeWith(QString Texts::*wanted, const QSize &now) const;
    void write();

    QList<Texts> m_texts;
};

/// "950", "1.2k", "99k", "3.4M": never more than there are.
QString briefCount(qint64 count);

} // namespace ferry::gui
