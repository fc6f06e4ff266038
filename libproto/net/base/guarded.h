// SPDX-License-Identifier: MIT
#pragma once

#include "wire/result.h"

#include <QCoreApplication>

#include <chrono>
#include <exception>
#include <new>
#include <thread>
#include <type_traits>

namespace ferry {

/// What is said when work was given up because of an exception. CannotConnect, because it may pass.
inline Error givenUp(const char *what) noexcept
{
    try {
        return {ErrorCode::CannotConnect,
                what ? QCoreApplication::translate("ferry", "Something went wrong here: %1")
                           .arg(QString::fromLocal8Bit(what))
                     : QCoreApplication::translate("ferry", "This computer has no memory left.")};
    } catch (...) {
        return {ErrorCode::CannotConnect, QStringLiteral("This computer has no memory left.")};
    }
}

/// Does `work`; an exception becomes an error. One that left a thread or a destructor would end
/// the program, and nothing that one piece of work meets may do that, not even a lack of memory.
/// `work` returns nothing or a Result.
template <typename Work>
auto guarded(Work &&work) noexcept
    -> std::conditional_t<std::is_void_v<decltype(work())>, Result<>, decltype(work())>
{
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const std::bad_alloc &) {
        // What the work had taken is given back by now, so there is room for a sentence.
        return givenUp(nullptr);
    } catch (const std::exception &exception) {
        return givenUp(exception.what());
    } catch (...) {
        return givenUp("?");
    }
}

/// Repeats `work` until it succeeds, or `stop()`: for a notification that somebody waits for.
template <typename Work, typename Stop>
void guardedUntilDone(Work &&work, Stop &&stop)
{
    while (!guarded(work) && !stop())
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

} // namespace ferry
