// SPDX-License-Identifier: MIT
#pragma once

#include "gui-common/dialogs/prompts.h"
#include "support/process.h"

#include <QStringList>
#include <QTcpSocket>
#include <QTest>

namespace ferry::test {

/// Text without the non-breaking spaces that stand between a figure and its unit.
inline QString spaced(QString text)
{
    return text.replace(QChar::Nbsp, u' ');
}

/// Answers a window's questions at once, and remembers them.
class FakePrompts final : public gui::Prompts
{
public:
    int ask(QWidget *, const QString &title, const std::function<QString()> &text,
            const QStringList &answers) override
    {
        asked.append(title);
        told.append(text());
        offered = answers;
        return confirms ? answer : -1;
    }
    void tell(QWidget *, const QString &, const QString &text) override { told.append(text); }
    QString askFolder(QWidget *, const QString &, const QString &) override { return folder; }
    QString askOpenName(QWidget *, const QString &, const QString &) override { return folder; }
    QString askSaveName(QWidget *, const QString &, const QString &) override { return saveName; }
    std::optional<qint64> askRateLimit(QWidget *, const QString &, qint64) override { return rate; }

    bool confirms = true;
    int answer = 0;
    QStringList offered; ///< as answers to the last question
    QString folder;
    QString saveName;
    std::optional<qint64> rate;
    QStringList asked;
    QStringList told;
};

/// A telnet user who leaves the event loop of the window running.
class Peer
{
public:
    explicit Peer(quint16 port) { m_socket.connectToHost(QStringLiteral("127.0.0.1"), port); }

    void send(const QByteArray &bytes) { m_socket.write(bytes); }

    /// Everything that came so far ends with `text`, within the time of a patient person.
    bool gets(const QByteArray &text)
    {
        return QTest::qWaitFor(
            [&] {
                m_read += m_socket.readAll();
                return m_read.endsWith(text);
            },
            patienceMs);
    }
    /// The same of anything that came so far.
    bool hears(const QByteArray &text)
    {
        return QTest::qWaitFor(
            [&] {
                m_read += m_socket.readAll();
                return m_read.contains(text);
            },
            patienceMs);
    }
    bool isGone()
    {
        m_socket.setReadBufferSize(0); // whoever did not read does so now
        return QTest::qWaitFor(
            [&] {
                m_read += m_socket.readAll();
                return m_socket.state() == QAbstractSocket::UnconnectedState;
            },
            patienceMs);
    }
    bool login(const QByteArray &password)
    {
        if (!gets("#Server Ready.\r\n"))
            return false;
        send("AUTH " + password + "\r\n");
        return gets("#You are logged in.\r\n");
    }

    /// Takes nothing more than that from the system, so that the server has to wait.
    void readNoMoreThan(qint64 bytes) { m_socket.setReadBufferSize(bytes); }

private:
    QTcpSocket m_socket;
    QByteArray m_read;
};

} // namespace ferry::test
