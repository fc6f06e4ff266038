// SPDX-License-Identifier: MIT
#include "common/completions.h"

#include "common/options.h"

#include <algorithm>

namespace ferry::completions {

namespace {

using commands::NamedCommand;

/// What can stand behind an option or as an argument.
struct Value
{
    enum class Kind { Free, File, Folder, Words };
    Kind kind = Kind::Free;
    QByteArrayList words;
    bool named = false; ///< a folder behind an optional `NAME=`
};

Value valueOf(const QByteArray &placeholder)
{
    QByteArray name = placeholder;
    name.replace('<', "").replace('>', "").replace("[NAME=]", "");
    if (name == "DIR" || name == "D")
        return {Value::Kind::Folder, {}, placeholder.contains("[NAME=]")};
    if (name == "FILE" || name == "F")
        return {Value::Kind::File, {}, false};
    Value value;
    for (const QByteArray &word : name.split('|')) {
        // In capitals it stands for something, as ADDR:PORT does.
        if (!word.isEmpty() && word == word.toLower())
            value.words.append(word);
    }
    if (!value.words.isEmpty())
        value.kind = Value::Kind::Words;
    return value;
}

Value operandOf(const NamedCommand &command)
{
    return valueOf(QByteArray(command.operand));
}

/// An option as a row of its own, with what --help says about it.
struct Row
{
    QByteArrayList names;
    bool takesValue = false;
    QByteArray placeholder;
    QByteArray help;
};

QList<Row> rowsOf(const Command &command)
{
    QList<Row> rows;
    QByteArray help;
    // From the end: an empty help is that of the next row.
    for (auto group = command.groups.rbegin(); group != command.groups.rend(); ++group) {
        for (auto option = group->rbegin(); option != group->rend(); ++option) {
            if (!option->help || *option->help != '\0')
                help = QByteArray(option->help).replace('\n', ' ');
            QByteArrayList names = option->nameList();
            names.removeAll("--");
            if (!names.isEmpty())
                rows.prepend({names, option->takesValue(), option->value, help});
        }
    }
    return rows;
}

QList<NamedCommand> commandsOf(const QByteArray &program)
{
    QList<NamedCommand> found;
    for (const NamedCommand &command : commands::all()) {
        if (program == command.program)
            found.append(command);
    }
    return found;
}

/// Those that follow the program's name.
QByteArrayList wordsOf(const QList<NamedCommand> &all)
{
    QByteArrayList words;
    for (const NamedCommand &command : all) {
        if (*command.word != '\0')
            words.append(command.word);
    }
    return words;
}

QByteArray functionName(const QByteArray &program)
{
    return '_' + QByteArray(program).replace('-', '_');
}

QByteArray comment(const QByteArray &program)
{
    return "# SPDX-License-Identifier: MIT\n# What can follow " + program +
           "; made from the table of its options.\n";
}

QByteArray quoted(const QByteArray &text)
{
    return '\'' + QByteArray(text).replace('\'', "'\\''") + '\'';
}

// --- bash ---

QByteArray bashReply(const Value &value)
{
    switch (value.kind) {
    case Value::Kind::File:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); ";
    case Value::Kind::Folder:
        return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\"); ";
    case Value::Kind::Words:
        return "mapfile -t COMPREPLY < <(compgen -W " + quoted(value.words.join(' ')) +
               " -- \"$word\"); ";
    case Value::Kind::Free:
        break;
    }
    return {};
}

QByteArray bashCommand(const NamedCommand &command, const QByteArrayList &words)
{
    QByteArrayList names;
    QByteArray values;
    for (const Row &row : rowsOf(command.command)) {
        names += row.names;
        if (row.takesValue)
            values += "        " + row.names.join('|') + ") " +
                      bashReply(valueOf(row.placeholder)) + "return ;;\n";
    }
    Value operand = operandOf(command);
    if (*command.word == '\0' && !words.isEmpty())
        operand = {Value::Kind::Words, words, false};
    QByteArray reply = bashReply(operand);
    reply.chop(2);
    QByteArray text = "    " + quoted(command.word) + ")\n";
    if (!values.isEmpty())
        text += "        case $option in\n" + values + "        esac\n";
    text += "        if [[ $word == -* ]]; then\n"
            "            mapfile -t COMPREPLY < <(compgen -W " +
            quoted(names.join(' ')) + " -- \"$word\")\n";
    if (!reply.isEmpty() && operand.kind == Value::Kind::Words)
        text += "        elif ((COMP_CWORD == first)); then\n            " + reply + '\n';
    else if (!reply.isEmpty())
        text += "        else\n            " + reply + '\n';
    return text + "        fi\n        ;;\n";
}

// --- zsh ---

/// For _arguments, where brackets and colons mean something.
QByteArray zshText(QByteArray text)
{
    for (const char *c : {"\\", "[", "]", ":"})
        text.replace(c, '\\' + QByteArray(c));
    return text;
}

QByteArray zshAction(const Value &value)
{
    switch (value.kind) {
    case Value::Kind::File:
        return "_files";
    case Value::Kind::Folder:
        return value.named ? "{ compset -P \"*=\"; _files -/ }" : "_files -/";
    case Value::Kind::Words:
        return '(' + value.words.join(' ') + ')';
    case Value::Kind::Free:
        break;
    }
    return " ";
}

QByteArray zshCommand(const NamedCommand &command, const QByteArrayList &words)
{
    QByteArray text = "    (" + quoted(command.word) + ")\n        _arguments -S";
    for (const Row &row : rowsOf(command.command)) {
        for (const QByteArray &name : row.names) {
            QByteArray spec = '*' + name;
            if (row.takesValue)
                spec += name.startsWith("--") ? '=' : '+';
            if (!row.help.isEmpty())
                spec += '[' + zshText(row.help) + ']';
            if (row.takesValue)
                spec += ':' + zshText(row.placeholder) + ':' + zshAction(valueOf(row.placeholder));
            text += " \\\n            " + quoted(spec);
        }
    }
    Value operand = operandOf(command);
    if (*command.word == '\0' && !words.isEmpty())
        operand = {Value::Kind::Words, words, false};
    if (operand.kind == Value::Kind::Words)
        text += " \\\n            " + quoted("1:command:" + zshAction(operand));
    text +=
        " \\\n            " +
        quoted("*:argument:" + zshAction(operand.kind == Value::Kind::Words ? Value() : operand));
    return text + " ;;\n";
}

// --- fish ---

QByteArray fishText(const QByteArray &text)
{
    return '\'' + QByteArray(text).replace('\\', "\\\\").replace('\'', "\\'") + '\'';
}

QByteArray fishArguments(const Value &value)
{
    switch (value.kind) {
    case Value::Kind::File:
        return " -r -F";
    case Value::Kind::Folder:
        return " -x -a '(__fish_complete_directories)'";
    case Value::Kind::Words:
        return " -x -a " + fishText(value.words.join(' '));
    case Value::Kind::Free:
        break;
    }
    return " -x";
}

QByteArray fishCommand(const NamedCommand &command, const QByteArrayList &words)
{
    QByteArray start = "complete -c " + QByteArray(command.program);
    if (*command.word != '\0')
        start += " -n '__fish_seen_subcommand_from " + QByteArray(command.word) + '\'';
    else if (!words.isEmpty())
        start += " -n 'not __fish_seen_subcommand_from " + words.join(' ') + '\'';
    QByteArray text;
    for (const Row &row : rowsOf(command.command)) {
        text += start;
        for (const QByteArray &name : row.names)
            text += name.startsWith("--") ? " -l " + name.sliced(2) : " -s " + name.sliced(1);
        if (row.takesValue)
            text += fishArguments(valueOf(row.placeholder));
        if (!row.help.isEmpty())
            text += " -d " + fishText(row.help);
        text += '\n';
    }
    const Value operand = operandOf(command);
    if (operand.kind == Value::Kind::Words)
        text += start + " -a " + fishText(operand.words.join(' ')) + '\n';
    else if (operand.kind == Value::Kind::File)
        text += start + " -F\n";
    return text;
}

} // namespace

QByteArray forBash(const QByteArray &program)
{
    const QList<NamedCommand> all = commandsOf(program);
    if (all.isEmpty())
        return {};
    const QByteArrayList words = wordsOf(all);
    QByteArray text = comment(program) + functionName(program) + R"(()
{
    local word=${COMP_WORDS[COMP_CWORD]} command='' option='' first=1 i=$COMP_CWORD
    COMPREPLY=()
    # bash parts words at "=".
    while ((i > 1)) && [[ ${COMP_WORDS[i]} == = || ${COMP_WORDS[i - 1]} == = ]]; do
        i=$((i - 1))
    done
    if ((i < COMP_CWORD)) && [[ ${COMP_WORDS[i]} == -* ]]; then
        option=${COMP_WORDS[i]}
    else
        option=${COMP_WORDS[i - 1]}
    fi
    [[ $word == = ]] && word=''
)";
    if (!words.isEmpty())
        text += "    case ${COMP_WORDS[1]} in\n    " + words.join(" | ") +
                ") ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} first=2 ;;\n    esac\n";
    text += "    case $command in\n";
    for (const NamedCommand &command : all)
        text += bashCommand(command, words);
    return text + "    esac\n}\ncomplete -F " + functionName(program) + ' ' + program + '\n';
}

QByteArray forZsh(const QByteArray &program)
{
    const QList<NamedCommand> all = commandsOf(program);
    if (all.isEmpty())
        return {};
    const QByteArrayList words = wordsOf(all);
    QByteArray text = "#compdef " + program + '\n' + comment(program) + functionName(program) +
                      "() {\n    local command=''\n";
    if (!words.isEmpty())
        text += "    case $words[2] in\n    (" + words.join('|') +
                ")\n        if (( CURRENT > 2 )); then\n            command=$words[2]\n"
                "            shift words\n            (( CURRENT-- ))\n        fi ;;\n    esac\n";
    text += "    case $command in\n";
    for (const NamedCommand &command : all)
        text += zshCommand(command, words);
    return text + "    esac\n}\n" + functionName(program) + " \"$@\"\n";
}

QByteArray forFish(const QByteArray &program)
{
    const QList<NamedCommand> all = commandsOf(program);
    if (all.isEmpty())
        return {};
    const QByteArrayList words = wordsOf(all);
    QByteArray text = comment(program) + "complete -c " + program + " -f\n";
    if (!words.isEmpty())
        text += "complete -c " + program + " -n __fish_use_subcommand -a " +
                fishText(words.join(' ')) + '\n';
    for (const NamedCommand &command : all)
        text += fishCommand(command, words);
    return text;
}

} // namespace ferry::completions
