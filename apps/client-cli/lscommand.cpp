// SPDX-License-Identifier: MIT
#include "client-cli/lscommand.h"

#include "client-cli/console.h"
#include "client-cli/exitcodes.h"
#include "client-cli/jsonline.h"
#include "client-cli/listing.h"
#include "common/terminationsignals.h"
#include "net/base/displaytext.h"
#include "net/base/guarded.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <vector>

#include <unistd.h>

namespace ferry::client {

namespace {

QString timeText(qint64 ns)
{
    return QDateTime::fromMSecsSinceEpoch(ns / 1'000'000).toString(Qt::ISODate);
}

/// How many are listed before the next look whether anybody reads them.
constexpr qint64 entriesBetweenLooks = 1024;

class Printer
{
public:
    explicit Printer(const Arguments &arguments)
        : m_arguments(arguments)
        , m_terminal(::isatty(STDOUT_FILENO) == 1)
    {
    }

    /// Before the path of each entry.
    void setPrefix(const QByteArray &prefix) { m_prefix = prefix; }

    /// A folder is read in the disk's order, and shown by name.
    void add(const extended::Entry &entry)
    {
        m_entries.push_back({m_paths.size(), entry.path.size(), entry.size, entry.mtimeNs,
                             entry.folder, entry.id == "-"});
        m_paths += entry.path;
    }

    void print()
    {
        std::sort(m_entries.begin(), m_entries.end(), [this](const Entry &a, const Entry &b) {
            return comesBefore(pathOf(a), pathOf(b));
        });
        for (const Entry &entry : m_entries) {
            const QByteArray path = m_prefix + pathOf(entry).toByteArray();
            write(m_arguments.json ? json(entry, path) : text(entry, path));
        }
        m_entries.clear();
        m_paths.clear();
        m_output.flush();
    }

    StandardOutput &output() { return m_output; }

private:
    /// There may be millions: the paths stand in one array.
    struct Entry
    {
        qsizetype path; ///< where it begins
        qsizetype pathBytes;
        qint64 size;
        qint64 mtimeNs;
        bool folder;
        bool timeless;
    };

    QByteArrayView pathOf(const Entry &entry) const
    {
        return QByteArrayView(m_paths).sliced(entry.path, entry.pathBytes);
    }

    /// By bytes; what is in a folder directly behind it.
    static bool comesBefore(QByteArrayView a, QByteArrayView b)
    {
        const auto rank = [](char c) { return c == '/' ? 0 : int(uchar(c)) + 1; };
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                            [rank](char x, char y) { return rank(x) < rank(y); });
    }

    QByteArray text(const Entry &entry, const QByteArray &path) const
    {
        QByteArray name = path;
        if (m_terminal && !m_arguments.nulls)
            name = displayText(QByteArrayView(name)).toLocal8Bit();
        QByteArray line;
        if (m_arguments.longListing)
            line = (entry.folder ? "d " : "f ") +
                   QByteArray::number(entry.size).rightJustified(14) + "  " +
                   (entry.timeless ? QByteArray(19, ' ') : timeText(entry.mtimeNs).toLatin1()) +
                   "  ";
        return line + name + (entry.folder ? "/" : "");
    }

    static QByteArray json(const Entry &entry, const QByteArray &path)
    {
        QJsonObject fields{{QStringLiteral("event"), QStringLiteral("entry")},
                           {QStringLiteral("kind"),
                            entry.folder ? QStringLiteral("folder") : QStringLiteral("file")},
                           {QStringLiteral("size"), entry.size},
                           {QStringLiteral("mtimeNs"), QString::number(entry.mtimeNs)}};
        addBytes(fields, QStringLiteral("path"), path);
        return QJsonDocument(fields).toJson(QJsonDocument::Compact);
    }

    void write(const QByteArray &line)
    {
        m_output.write(line);
        m_output.write(m_arguments.nulls ? "" : "\n", 1);
    }

    const Arguments &m_arguments;
    const bool m_terminal;
    QByteArray m_prefix;
    std::vector<Entry> m_entries;
    QByteArray m_paths;
    StandardOutput m_output;
};

} // namespace

int runLs(Arguments arguments)
{
    auto connected = connectLister(arguments);
    if (!connected && connected.error().code == ErrorCode::Cancelled)
        return TerminationSignals::exitBase + TerminationSignals::first();
    if (!connected) {
        complain(connected.error().text);
        return exitCodeFor(connected.error().code);
    }
    const std::unique_ptr<Lister> lister = connected.take();
    const auto paths = expandPaths(arguments.paths, *lister);
    if (!paths) {
        complain(paths.error().text);
        return exitCodeFor(paths.error().code);
    }

    Printer printer(arguments);
    const auto complainOf = [](const QByteArray &path, const Error &why) {
        complain(QStringLiteral("%1: %2").arg(displayText(QByteArrayView(path)), why.text));
    };
    int failures = 0;
    qint64 entries = 0;
    bool whole = true;
    int code = exitcode::success;
    for (const auto &[path, prefix, leftOut] : paths.value()) {
        if (!printer.output().canBeWritten())
            break;
        if (leftOut) {
            whole = false;
            complainOf(path, *leftOut);
            continue;
        }
        printer.setPrefix(prefix);
        const auto listed = guarded([&, &path = path] {
            return lister->list(
                path, arguments.wholeTree,
                [&](const extended::Entry &entry) {
                    printer.add(entry);
                    if (++entries % entriesBetweenLooks == 0 && !printer.output().canBeWritten())
                        lister->close();
                },
                [&](const QByteArray &missing, const Error &why) {
                    whole = false;
                    complainOf(missing, why);
                });
        });
        printer.print();
        if (listed || !printer.output().intact())
            continue;
        complainOf(path, listed.error());
        ++failures;
        if (code == exitcode::success)
            code = exitCodeFor(listed.error().code);
        if (!lister->isOpen())
            break;
    }
    if (failures < paths.value().size() && (failures > 0 ? lister->isOpen() : !whole))
        code = exitcode::mixed;
    return endOutput(printer.output(), code);
}

} // namespace ferry::client
