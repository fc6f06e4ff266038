// SPDX-License-Identifier: MIT
#pragma once

#include "server/limits.h"
#include "server/uploadlimits.h"
#include "wire/extended/extended.h"

#include <QByteArray>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace ferry::server {

/// Who uploads what in a running server: one holder for each upload, what is promised to those
/// that began, what each account has put in, and what was stored lately. Does no work on a disk.
/// Any thread.
///
/// An upload is known by a key that is made of account, share, path, size and the client's ID, so
/// that nobody can meddle with another's, and no ID ever stands for two files.
class UploadLedger
{
public:
    UploadLedger() = default;

    struct Upload
    {
        QByteArray key;
        QByteArray account; ///< as Part::account
        qint64 size = 0;    ///< bytes, as declared
    };

    /// What a disk has left, as somebody asked it.
    struct Disk
    {
        quint64 id = 0;
        qint64 freeBytes = 0;
        qint64 totalBytes = 0;
        bool hasInodes = true;
    };

private:
    struct Holder;

public:
    /// One session's hold on an upload, from PUT to its end; then what was promised is given back.
    class Lease
    {
    public:
        Lease() = default;
        ~Lease();
        Lease(Lease &&other) noexcept = default;
        Lease &operator=(Lease &&other) noexcept;
        Lease(const Lease &) = delete;

        /// Around each change of the staged file. False: another connection took the upload over,
        /// and the file must not be touched any more.
        bool beginWork();
        void endWork();

        /// So many bytes of it are on the disk.
        void setThere(qint64 bytes);

        /// It has its final name; the same PUT gets this answer from now on.
        void stored(const extended::Stored &answer);

    private:
        friend class UploadLedger;
        void release();
        UploadLedger *m_ledger = nullptr;
        std::shared_ptr<Holder> m_holder;
    };

    void setLimits(const UploadLimits &limits);
    UploadLimits limits() const;

    /// Takes the upload, from whoever holds it: `close` of that one is called, and what it has
    /// under way on the disk is waited for. Nothing if that takes too long. `close` must stay
    /// callable, from any thread, as long as the lease lives.
    std::optional<Lease> take(const Upload &upload, std::function<void()> close);

    /// The answer to an upload that was stored lately.
    std::optional<extended::Stored> answered(const QByteArray &key) const;

    /// Promises room for all of it, `there` bytes of which are on the disk. Null, or the token of
    /// why not: TOOLARGE, QUOTA, NOROOM.
    const char *reserve(Lease &lease, qint64 there, const Disk &disk);

    /// A folder was made. Null or QUOTA; then it must not be.
    const char *countFolder(const QByteArray &account);

    /// A part that is on the disk and nobody uploads just now: found at the start, or left.
    struct Part
    {
        QByteArray key;
        QByteArray account;
        qint64 bytes = 0;
    };
    void addPart(const Part &part);
    void removePart(const QByteArray &key);
    /// Somebody uploads it just now.
    bool isHeld(const QByteArray &key) const;

private:
    struct Holder
    {
        Upload upload;
        std::function<void()> close;
        quint64 disk = 0;
        qint64 there = 0;
        bool reserved = false;
        bool working = false;
        bool lost = false;
        std::shared_ptr<Holder> previous; ///< while it is waited for
        bool isWorking() const { return working || (previous && previous->isWorking()); }
    };
    struct Account
    {
        std::chrono::steady_clock::time_point since;
        qint64 bytes = 0;
        qint64 files = 0;
    };
    /// Of an account: what is stored, promised and left in parts; but for the upload `but`.
    struct Usage
    {
        qint64 bytes = 0;
        qint64 files = 0;
        qint64 parts = 0; ///< of the files
    };
    Usage usage(const QByteArray &account, const QByteArray &but);
    Account &account(const QByteArray &name);

    mutable std::mutex m_mutex; ///< guards all below; m_changed: a holder's work has ended
    std::condition_variable m_changed;
    UploadLimits m_limits;
    std::map<QByteArray, std::shared_ptr<Holder>> m_holders; ///< by key
    std::map<QByteArray, Part> m_parts;                      ///< by key, of those not held
    std::map<QByteArray, Account> m_accounts;
    std::unordered_map<QByteArray, extended::Stored> m_answers;
    std::deque<QByteArray> m_answersInOrder; ///< their keys, oldest first
};

} // namespace ferry::server
