// SPDX-License-Identifier: MIT
#pragma once

#include "net/base/current.h"
#include "net/base/privatefile.h"
#include "net/base/recordfile.h"
#include "server/files/share.h"
#include "server/limits.h"
#include "server/people/people.h"
#include "server/uploads/uploadreply.h"
#include "wire/extended/extended.h"
#include "wire/extended/party.h"
#include "wire/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace ferry::server {

/// The files that the server keeps, each for one person, until they have it, do not want it, or who
/// gave it takes it back; a day at the most. They are in the folder `gifts` of the data folder,
/// which nobody else can read, each in a folder that its number names; the file `list` beside them
/// says whose they are, so that they outlive a restart. What the list does not know is removed.
///
/// Numbers are never given twice. A person is who logs in to an account and names a mailbox: the
/// list has a digest of both (People::Presence::person()).
///
/// Any thread. One lock, which may be held while the list is written, and under which that of
/// People is taken.
class Gifts : public std::enable_shared_from_this<Gifts>
{
public:
    /// Seconds since the epoch.
    using Clock = std::function<qint64()>;
    /// How much is kept at once, with what is on its way.
    struct Bounds
    {
        qsizetype gifts = limits::gifts;
        qsizetype giftsOfOne = limits::giftsOfOne; ///< by one Presence::giver()
        qint64 bytes = limits::giftBytes;          ///< of one gift
        qint64 bytesOfOne = limits::giftBytesOfOne;
        qint64 bytesOfAll = limits::giftBytesOfAll;
    };

    /// Takes over what is there. LocalFile; Invalid (others may change it); TimedOut (another
    /// server uses the folder).
    static Result<std::shared_ptr<Gifts>>
    open(const QString &dataFolder, std::shared_ptr<People> people, Bounds bounds, Clock clock);
    static Result<std::shared_ptr<Gifts>> open(const QString &dataFolder,
                                               std::shared_ptr<People> people);

    /// Lines of the list that could not be read.
    const QStringList &problems() const { return m_problems; }

    /// The limits of uploads that hold for gifts, too: the size of a file, what is not complete,
    /// the space that stays free.
    void setLimits(const UploadLimits &limits);

    /// What has gifts in it, for whatever sends and receives files: one share, whose name no other
    /// has, and what is put into it.
    const Current<ShareSet> &shares() const { return m_shares; }
    const std::shared_ptr<Uploads> &uploads() const { return m_uploads; }
    static VirtualPath place(qint64 number, const QByteArray &name);

    /// Keeps a gift that is on its way from being cleaned away, until this is destroyed.
    class Hold
    {
    public:
        Hold() = default;
        Hold(std::shared_ptr<Gifts> gifts, qint64 number);
        ~Hold() { release(false); }
        Hold(Hold &&other) noexcept;
        Hold &operator=(Hold &&other) noexcept;

        /// `forget`: nothing came of it, and nothing will.
        void release(bool forget);

    private:
        std::shared_ptr<Gifts> m_gifts;
        qint64 m_number = 0;
    };

    struct Begun
    {
        const char *refusal = nullptr; ///< the token; then the rest means nothing
        /// It came before; the client did not hear it.
        std::optional<extended::Stored> stored;
        qint64 number = 0;
        bool fresh = false; ///< nothing of it came before
        Hold hold;
    };
    /// For a PUT to a place where something is given.
    Begun begin(People::Presence &from, const extended::GiftPath &path,
                const extended::Request &put);

    /// It has come completely, and lies in its place: the receiver is told, and the giver gets this
    /// answer. NotFound: it may not be given any more; that, or errors of the list: it is removed.
    Result<extended::Stored> stored(qint64 number, const extended::Stored &answer,
                                    const People::Presence &from);

    /// Where a gift lies, if it is one of theirs, and complete.
    std::optional<VirtualPath> find(const People::Presence &who,
                                    const extended::GiftPath &path) const;

    /// Its receiver has it. False: it is none of theirs, or no more.
    bool take(const People::Presence &who, const extended::GiftPath &path);
    /// Its receiver does not want it, or its giver takes it back. Likewise.
    bool drop(const People::Presence &who, const extended::GiftPath &path);

    /// They ask for news from the note `since` on, with this mailbox. If it is a new one, or their
    /// program begins anew (0), they are told of all that waits for them.
    void welcome(People::Presence &who, const QByteArray &mailbox, qint64 since);

    /// There may be something to clean. Waits for nothing.
    bool isUsed() const { return m_used; }
    /// Ends what is too old, and removes what the list does not know.
    void clean();

    qsizetype count() const;

private:
    struct Gift
    {
        qint64 number = 0;
        bool there = false;     ///< complete; otherwise on its way
        qint64 since = 0;       ///< when it was begun, or complete; as the clock has it
        qint64 size = 0;        ///< bytes
        qint64 session = 0;     ///< whose place it was put to
        QByteArray account;     ///< of who gave it
        QByteArray name;        ///< what they call themselves; UTF-8
        QByteArray giver;       ///< Presence::person(); may be empty
        QByteArray budget;      ///< Presence::giver()
        QByteArray receiver;    ///< Presence::person()
        QByteArray upload;      ///< the ID that the client gave it
        QByteArray file;        ///< its name
        QByteArray sum;         ///< once it is complete
        QByteArray id;          ///< likewise
        qint64 fromSession = 0; ///< of who gave it; 0: before this program was started
        int holders = 0;
    };
    Gifts(const QString &folder, std::shared_ptr<People> people, Bounds bounds, Clock clock);

    bool hasAnything() const;
    Result<> load();
    bool readLine(const QList<QByteArray> &words);
    Result<> write();
    static extended::GiftPath forGiver(const Gift &gift);
    static extended::GiftPath forReceiver(const Gift &gift);
    static extended::Stored answerOf(const Gift &gift);
    static bool isSame(const Gift &gift, const People::Presence &from,
                       const extended::GiftPath &path, const extended::Request &put);
    const char *refusalOf(const Gift &gift) const;
    std::map<qint64, Gift>::const_iterator found(const People::Presence &who,
                                                 const extended::GiftPath &path) const;
    std::optional<Gift> remove(const People::Presence &who, const extended::GiftPath &path);
    void removeFiles(const Gift &gift) const;
    void removeFolder(qint64 number) const;
    void tell(const Gift &gift);
    void notice(const QByteArray &to, const extended::GiftPath &path, const char *why);
    void leave(qint64 number, bool forget);
    void endOld();
    void removeUnknown();

    const QString m_folder;
    const std::shared_ptr<People> m_people;
    const Bounds m_bounds;
    const Clock m_clock;
    const std::shared_ptr<Uploads> m_uploads = std::make_shared<Uploads>();
    Current<ShareSet> m_shares;
    privatefile::Lock m_only; ///< no other server uses the folder
    QStringList m_problems;
    std::atomic_bool m_used = false; ///< see isUsed(); the main thread must not wait for a disk

    mutable std::mutex m_mutex; ///< guards the rest
    RecordFile m_list;
    std::map<qint64, Gift> m_gifts; ///< by number
    qint64 m_next = 1;              ///< the number of the next gift
    std::deque<Gift> m_gone;        ///< complete ones that are no more; the oldest first
};

} // namespace ferry::server
