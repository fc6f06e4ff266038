// SPDX-License-Identifier: MIT
/// A value, or an error with a code for programs and a text for people.
/// For everything that can fail because of a peer, the file system or the user. Never thrown.
#pragma once

#include <QString>

#include <utility>
#include <variant>

namespace ferry {

/// What went wrong. The command line turns these into its exit codes (ferry(1)), the
/// windows into words and colours.
enum class ErrorCode {
    NotFound,      ///< nothing there at a remote path, or nothing that may be seen
    HostNotFound,  ///< the name does not resolve
    CannotConnect, ///< refused, unreachable
    Protocol,      ///< the peer broke the rules of the wire
    Refused,       ///< the server is full, or does not want us
    LocalFile,     ///< the local disk: read-only, no permission, broken
    DiskFull,      ///< the local disk, or the person's share of it
    TargetExists,  ///< a file of that name is there and must not be replaced
    CutShort,      ///< the connection ended in the middle
    TimedOut,
    ChecksumMismatch,
    RemoteChanged, ///< the file on the server is no longer the one that was begun
    NotTrusted,    ///< the server's identity
    WrongPassword,
    CannotBind, ///< the address or port cannot be listened on
    Cancelled,  ///< closed from our own side: stop, kick, cancel
    Invalid,    ///< a setting or an argument that cannot work
    Damaged,    ///< a file of our own cannot be understood
    InUse,      ///< another program works with it
    Dismissed,  ///< the other side's operator ended it: a person decides whether to come back
    NotTaken,   ///< an upload: nothing may be put there, or not under this name
    OverLimit,  ///< an upload: of the size, or of what an account may put in
    NoRoom,     ///< an upload: the server's disk is full; later, perhaps
};

struct Error
{
    ErrorCode code;
    /// A sentence for a person, translated where it can be, without a password in it.
    QString text;
    /// The errno behind it; 0: none, or not known.
    int systemError = 0;
};

/// Result<T> holds a T or an Error; Result<> holds nothing or an Error.
template <typename T = std::monostate>
class [[nodiscard]] Result
{
public:
    Result() requires std::is_default_constructible_v<T> : m_value(T{}) {}
    Result(T value)
        : m_value(std::move(value))
    {
    }
    Result(Error error)
        : m_value(std::move(error))
    {
    }

    bool ok() const { return std::holds_alternative<T>(m_value); }
    explicit operator bool() const { return ok(); }

    /// Only when ok().
    T &value() { return std::get<T>(m_value); }
    const T &value() const { return std::get<T>(m_value); }
    T take() { return std::move(std::get<T>(m_value)); }

    /// Only when not ok().
    const Error &error() const { return std::get<Error>(m_value); }

private:
    std::variant<T, Error> m_value;
};

} // namespace ferry
