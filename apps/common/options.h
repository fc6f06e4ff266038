// SPDX-License-Identifier: MIT
/// The options of all programs, once: for parsing, for --help, for what a person pastes into a
/// window, and for the test that compares them with the manual pages.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <array>
#include <optional>
#include <span>

namespace ferry {

struct Option
{
    const char *names; ///< as --help shows them, e.g. "--quiet, -q"
    const char *value; ///< what its value is called; empty: it takes none
    const char *help;  ///< lines; empty: those of the next row; null: accepted, not listed

    QByteArrayList nameList() const;
    bool isNamed(QByteArrayView name) const { return nameList().contains(name); }
    bool takesValue() const { return *value != '\0'; }
};

struct Command
{
    const char *before; ///< the options in its help
    int column;         ///< where what is said about an option begins
    std::array<std::span<const Option>, 4> groups;
    std::array<const char *, 2> after; ///< the options in its help; may be null

    const Option *find(QByteArrayView name) const;

    /// What --help prints.
    QByteArray help() const;
};

namespace commands {
extern const Command ferryTop, ferryGet, ferryPut, ferryLs, ferryQueue, ferryKnown, ferryForget;
extern const Command ferryWho, ferryTell, ferryListen, ferryGive;
extern const Command ferryd, ferrydAccount, ferrydBan, ferrydHistory;
extern const Command ferryClient, ferryServer;

/// How a command is called, and what its first argument is, as the value of an option is written:
/// `list|run`, FILE, or empty.
struct NamedCommand
{
    const char *program;
    const char *word; ///< empty: the program itself
    const Command &command;
    const char *operand;
};
std::span<const NamedCommand> all();
} // namespace commands

/// Digits and nothing else, unlike toInt(), which takes blanks and signs as well.
std::optional<int> wholeNumber(QByteArrayView text);

/// The words of a command, taken apart. Options stand anywhere before `--`, a value behind `=`, in
/// the next word or, for one letter, in the same; an empty value is none. What follows --help or
/// --version is not looked at.
class ParsedLine
{
public:
    ParsedLine(const Command &command, const QByteArrayList &words);

    struct Fault
    {
        enum class Kind { UnknownOption, UnwantedValue, MissingValue };
        Kind kind = Kind::UnknownOption;
        QByteArray name;
        const Option *option = nullptr; ///< null: there is none of that name

        /// For a person, without a full stop.
        QString text() const;
    };
    /// The first one. An unknown option is passed over.
    const std::optional<Fault> &fault() const { return m_fault; }

    bool has(QByteArrayView name) const { return value(name).has_value(); }
    /// Of the last one; empty for an option without a value.
    std::optional<QByteArray> value(QByteArrayView name) const;
    QByteArrayList values(QByteArrayView name) const;
    const QByteArrayList &operands() const { return m_operands; }

private:
    void addFault(Fault::Kind kind, const QByteArray &name, const Option *option);

    struct Given
    {
        const Option *option;
        QByteArray value;
    };
    QList<Given> m_given;
    QByteArrayList m_operands;
    std::optional<Fault> m_fault;
};

} // namespace ferry
