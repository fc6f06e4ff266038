// SPDX-License-Identifier: MIT
#include "common/options.h"

#include "net/base/displaytext.h"

#include <algorithm>

namespace ferry {

QByteArrayList Option::nameList() const
{
    return QByteArray(names).replace(',', "").split(' ');
}

const Option *Command::find(QByteArrayView name) const
{
    for (const std::span<const Option> group : groups) {
        for (const Option &option : group) {
            if (option.isNamed(name))
                return &option;
        }
    }
    return nullptr;
}

QByteArray Command::help() const
{
    QByteArray text = before;
    QByteArray left;
    const QByteArray indent(column, ' ');
    for (const std::span<const Option> group : groups) {
        for (const Option &option : group) {
            if (!option.help)
                continue;
            left += (left.isEmpty() ? "  " : ", ") + QByteArray(option.names);
            if (option.takesValue())
                left += ' ' + QByteArray(option.value);
            if (*option.help == '\0')
                continue;
            text += left.size() < column ? left.leftJustified(column) : left + '\n' + indent;
            text += QByteArray(option.help).replace('\n', '\n' + indent) + '\n';
            left.clear();
        }
    }
    for (const char *paragraphs : after)
        text += paragraphs;
    return text;
}

std::optional<int> wholeNumber(QByteArrayView text)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    bool fits = false;
    const int number = text.toInt(&fits);
    if (!fits || !std::all_of(text.begin(), text.end(), isDigit))
        return std::nullopt;
    return number;
}

QString ParsedLine::Fault::text() const
{
    const QString shown = displayText(QByteArrayView(name));
    switch (kind) {
    case Kind::UnwantedValue:
        return QStringLiteral("%1 takes no value").arg(shown);
    case Kind::MissingValue:
        return QStringLiteral("%1 needs a value: %2").arg(shown, QString::fromUtf8(option->value));
    case Kind::UnknownOption:
        break;
    }
    return QStringLiteral("unknown option: %1").arg(shown);
}

ParsedLine::ParsedLine(const Command &command, const QByteArrayList &words)
{
    for (qsizetype next = 0; next < words.size();) {
        const QByteArray &word = words.at(next++);
        if (word == "--") {
            m_operands += words.sliced(next);
            return;
        }
        if (word.size() < 2 || !word.startsWith('-')) {
            m_operands.append(word);
            continue;
        }
        const bool isLong = word.startsWith("--");
        const qsizetype end = isLong ? word.indexOf('=') : word.size() > 2 ? 2 : -1;
        const QByteArray name = end < 0 ? word : word.first(end);
        const Option *const option = command.find(name);
        QByteArray value;
        if (!option || (!option->takesValue() && end >= 0)) {
            addFault(option ? Fault::Kind::UnwantedValue : Fault::Kind::UnknownOption, name,
                     option);
            continue;
        }
        if (option->takesValue()) {
            if (end < 0 && next == words.size()) {
                addFault(Fault::Kind::MissingValue, name, option);
                return;
            }
            value = end < 0 ? words.at(next++) : word.sliced(isLong ? end + 1 : end);
            if (value.isEmpty()) {
                addFault(Fault::Kind::MissingValue, name, option);
                continue;
            }
        }
        m_given.append({option, value});
        if (option->isNamed("--help") || option->isNamed("--version"))
            return;
    }
}

void ParsedLine::addFault(Fault::Kind kind, const QByteArray &name, const Option *option)
{
    if (!m_fault)
        m_fault = Fault{kind, name, option};
}

std::optional<QByteArray> ParsedLine::value(QByteArrayView name) const
{
    for (qsizetype i = m_given.size(); i-- > 0;) {
        if (m_given.at(i).option->isNamed(name))
            return m_given.at(i).value;
    }
    return std::nullopt;
}

QByteArrayList ParsedLine::values(QByteArrayView name) const
{
    QByteArrayList found;
    for (const Given &given : m_given) {
        if (given.option->isNamed(name))
            found.append(given.value);
    }
    return found;
}

} // namespace ferry
