// SPDX-License-Identifier: MIT
/// Who uses the windows while their system calls fail: preloaded into ferry-client or ferry-server
/// as they are (LD_PRELOAD), it presses their actions and writes down what they show.
///
/// It speaks with the gauntlet through a shared piece of memory, because whatever it would write to
/// a pipe would be counted among the calls that fail. The file FERRY_PERSON names: one byte, the
/// command (0: none, done with), one that is not 0 while the rest is written, 6 bytes unused, a
/// number that rises with every look (8 bytes, native), and what is shown, a line each, up to a
/// zero byte.
#include <QAbstractItemModel>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QTimer>
#include <QTreeView>

#include <atomic>
#include <cstring>
#include <ctime>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr size_t mapBytes = 64 * 1024;
constexpr int lookMs = 20;

struct Board
{
    std::atomic<char> command;
    std::atomic<char> writing;
    char unused[6];
    std::atomic<quint64> looks;
    char shown[mapBytes - 16];
};
static_assert(sizeof(Board) == mapBytes);

Board *board = nullptr;

void show(const QByteArray &text)
{
    const size_t length = std::min(size_t(text.size()), sizeof board->shown - 1);
    board->writing = 1;
    std::memcpy(board->shown, text.constData(), length);
    board->shown[length] = 0;
    ++board->looks;
    board->writing = 0;
}

QWidget *window()
{
    const QWidgetList widgets = QApplication::topLevelWidgets();
    for (QWidget *widget : widgets) {
        if (widget->inherits("QMainWindow"))
            return widget;
    }
    return nullptr;
}

void addModel(QStringList &lines, const QString &sign, const QString &view)
{
    const auto *tree = window()->findChild<QTreeView *>(view);
    const QAbstractItemModel *model = tree ? tree->model() : nullptr;
    for (int row = 0; model && row < model->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model->columnCount(); ++column)
            cells.append(model->index(row, column).data().toString());
        lines.append(sign + cells.join(u'\t').replace(u'\n', u' '));
    }
}

void press(const char *name)
{
    if (auto *action = window()->findChild<QAction *>(QLatin1StringView(name)))
        action->trigger();
}

void obey()
{
    // Before it is done: a question may come of it, which runs an event loop of its own.
    switch (board->command.exchange(0)) {
    case 'c':
        press("communicateAction");
        break;
    case 'r':
        press("retryFailedAction");
        break;
    case 's':
        press("startAction");
        break;
    case 'q':
        window()->close();
        break;
    default:
        break;
    }
}

void look()
{
    // Anew each time, so that it looks in the event loops of questions too.
    QTimer::singleShot(lookMs, qApp, &look);
    if (!window())
        return;
    static QStringList dialogs; // all there were
    if (auto *dialog = qobject_cast<QDialog *>(QApplication::activeModalWidget())) {
        const auto labels = dialog->findChildren<QLabel *>();
        for (const QLabel *label : labels)
            dialogs.append(QStringLiteral("dialog ") + label->text().replace(u'\n', u' '));
        dialog->accept();
    } else {
        obey();
    }
    QStringList lines = dialogs;
    if (const auto *action = window()->findChild<QAction *>(QStringLiteral("communicateAction")))
        lines.append(QStringLiteral("action ") + action->text());
    const auto labels = window()->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisible() && !label->text().isEmpty())
            lines.append(QStringLiteral("label ") + label->text().replace(u'\n', u' '));
    }
    addModel(lines, QStringLiteral("row "), QStringLiteral("queueTable"));
    addModel(lines, QStringLiteral("log "), QStringLiteral("logView"));
    show(lines.join(u'\n').toUtf8());
}

void openBoard()
{
    const int fd = ::open(qgetenv("FERRY_PERSON").constData(), O_RDWR | O_CLOEXEC);
    void *map = ::mmap(nullptr, mapBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || map == MAP_FAILED)
        qFatal("There is no FERRY_PERSON");
    ::close(fd);
    board = static_cast<Board *>(map);
}

} // namespace

/// Both programs call it when there is a QApplication and nothing of theirs yet: Qt has found its
/// platform, fonts and styles, and whatever fails from here on meets Ferry. Waits for the word.
__attribute__((visibility("default"))) void QGuiApplication::setDesktopFileName(const QString &name)
{
    using Function = void (*)(const QString &);
    const auto original = reinterpret_cast<Function>(
        ::dlsym(RTLD_NEXT, "_ZN15QGuiApplication18setDesktopFileNameERK7QString"));
    openBoard();
    show("begins");
    while (board->command != 'g') {
        const timespec pause = {0, 5'000'000};
        ::nanosleep(&pause, nullptr);
    }
    board->command = 0;
    original(name);
    QMetaObject::invokeMethod(qApp, &look, Qt::QueuedConnection);
}
