// SPDX-License-Identifier: MIT
/// @file Migration: moves the keys of a plan from store to store while they are read and written, and loses none.
///
///   const auto plan = perturb::diff(before, after);
///   perturb::FileJournal journal("add-d.journal");
///   perturb::Migration<Server, Server> migration(plan, server_of, server_of, journal, {.id = version_of_the_ring});
///   while (!migration.is_done()) migration.step();             // or run(); after a crash: the same again
///
/// The plan is cut into ranges (MigrationRanges). Each goes through four phases, in steps of at most `batch` entries:
///
///   copy     The source notes from now on which keys of the range are written. Its entries are put into the sink.
///   verify   The sink is compared with the source in both directions: what differs or is absent is put again, what the
///            source does not have is erased.
///   commit   The noted keys are put until none is left and the sink has everything on its disk. Then the source
///            releases the range: the one moment at which the owner changes.
///   clean    The source erases its entries.
///
/// The protocol. Each range has an owner at every moment, and the source knows which: it is the owner until it has
/// released the range. So whoever reads or writes asks the source, with the operation itself and not before it:
///
///   - A read goes to the source. If it says "released", the read goes to the sink.
///   - A write goes to the source. While the range is copied, the source, in one atomic step, carries out the write,
///     gives it a version higher than all before, notes the key, and returns the new entry with its version, an erased
///     key as an entry that says so. The writer puts this entry into the sink as well: it writes to both. If that
///     fails, or the writer dies before it, nothing is lost: the key is noted, and the mover puts it.
///   - If the source says "released", the write goes to the sink alone.
///   - Everybody must know of a migration before it begins, or be refused. The stores keep a version of
///     the ring, every request carries its sender's, and a store refuses a request with another one. Whoever starts the
///     migration writes the new version to all stores first.
///
/// Why nothing is lost, and nothing rises from the dead:
///
///   - The mover read an entry, then a writer overwrote or erased the key in both stores, then the mover's put arrives:
///     put() leaves a key alone for which the sink has had a later version. For an erased key the sink keeps the
///     version without a value, a tombstone, until it owns the range.
///   - Two writers overtake each other on the way to the sink: likewise, the higher version remains.
///   - release() succeeds only when no key is noted, checked in the same atomic step. So at this moment the sink
///     has had the last version of every key, and a writer's put that is still in flight changes nothing.
///   - The sink held entries from earlier, or lost some in a crash: the comparison in both directions finds them.
///   - A mover that was believed dead goes on: every run has a fencing number higher than all before. It claims all
///     stores first, and a store refuses whatever comes with a lower number than it has seen, with StaleMover.
///   - The mover dies, at any moment: every step can be repeated. The next run reads the journal to skip what is done,
///     but asks the source whether it has released a range, whatever the journal says. A range that was not released is
///     compared again, one that was released is only accepted and cleaned.
///   - A busy key is written so often that some key is always noted: after a release() that fails, a store may
///     delay writes of the range for some milliseconds.
///
/// A store that forgets what it had confirmed, since it has no disk or not that of before, is outside these guarantees.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/migration/progress_log.hpp>
#include <perturb/migration_journal.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/migration_ranges.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI {

/// For stores: thrown when a request comes with a lower fencing number than one before: another run has taken over.
class StaleMover : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Thrown when a sink does not hold what was put into it.
class MigrationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A part of what a scan finds. `Cursor{}` begins a scan; it has an end even while keys come and go.
template <class Entry, class Cursor>
struct MigrationBatch {
  std::vector<Entry> entries;
  Cursor next{};        ///< where the next part begins
  bool is_last = true;  ///< there is no next part
};

/// What an erase() did.
template <class Cursor>
struct MigrationErased {
  std::size_t count = 0;
  Cursor next{};        ///< where the next part begins
  bool is_last = true;  ///< there is no next part
};

/// A store that ranges are moved from. An entry is a key with its value, or the fact that it is erased, and a version.
/// All members may throw, which ends the run. Those with a fencing number throw StaleMover if it is too low.
template <class S, class Range>
concept MigrationSource = std::default_initializable<typename S::cursor_type> &&
                          requires(S s, const Range& range, typename S::cursor_type cursor, std::size_t limit,
                                   std::uint64_t fence, std::span<const typename S::entry_type> entries) {
                            // From now on refuses lower numbers than `fence`.
                            s.claim(fence);
                            // Whether release() has succeeded for the range.
                            { s.has_released(range) } -> std::convertible_to<bool>;
                            // From now on notes the keys of the range that are written. Again: goes on with the same
                            // notes.
                            s.begin_sending(range, fence);
                            // About `limit` entries of the range, or fewer if they are large. All parts together have
                            // each key that was there all the time.
                            {
                              s.scan(range, cursor, limit)
                            } -> std::same_as<MigrationBatch<typename S::entry_type, typename S::cursor_type>>;
                            // Of these keys, those that are not there, as erased entries.
                            { s.missing(range, entries) } -> std::same_as<std::vector<typename S::entry_type>>;
                            // At most `limit` of the noted keys, as they are now.
                            { s.changes(range, limit) } -> std::same_as<std::vector<typename S::entry_type>>;
                            // The sink has these entries of changes(): forgets the notes, except of keys written again
                            // since.
                            s.confirm(range, entries, fence);
                            // In one atomic step: if no key is noted, gives up the range for good, and else returns
                            // false. Again: true.
                            { s.release(range, fence) } -> std::convertible_to<bool>;
                            // Erases about `limit` entries of a range that is released.
                            {
                              s.erase(range, cursor, limit, fence)
                            } -> std::same_as<MigrationErased<typename S::cursor_type>>;
                          };

/// A store that ranges are moved to. See MigrationSource.
template <class T, class Range>
concept MigrationSink = std::default_initializable<typename T::cursor_type> &&
                        requires(T t, const Range& range, typename T::cursor_type cursor, std::size_t limit,
                                 std::uint64_t fence, std::span<const typename T::entry_type> entries) {
                          t.claim(fence);
                          // Takes entries of the range from now on, also from writers. Again: goes on, and forgets no
                          // version.
                          t.begin_receiving(range, fence);
                          // As a source does; the entries need only tell their keys.
                          {
                            t.scan(range, cursor, limit)
                          } -> std::same_as<MigrationBatch<typename T::entry_type, typename T::cursor_type>>;
                          // Stores or erases each entry, except where a later version of the key has been put.
                          t.put(range, entries, fence);
                          // The indices of the entries for which it has neither this nor a later version.
                          { t.compare(range, entries) } -> std::same_as<std::vector<std::size_t>>;
                          // Returns once everything that was put is on the disk, as far as the store has one.
                          t.sync(range);
                          // The range is its own: takes no more puts, and may forget the versions. Again: does nothing.
                          t.accept(range, fence);
                        };

struct MigrationOptions {
  std::size_t batch = 256;       ///< entries that a step handles, about
  std::size_t arcs_at_once = 1;  ///< see MigrationRanges
  /// Tells this migration from others that have the same plan: the version of the ring, for instance.
  std::uint64_t id = 0;
  /// The fencing number of the run. 0: one more than the last in the journal, which is right as long as nobody moves
  /// keys of these stores with another journal.
  std::uint64_t fence = 0;
};

/// What runs of a Migration are doing.
enum class MigrationPhase : std::uint8_t { copy, verify, commit, clean, done };

/// What this run has done.
struct MigrationProgress {
  std::size_t ranges = 0;       ///< of the migration
  std::size_t ranges_done = 0;  ///< also those that earlier runs have done
  std::size_t copied = 0;       ///< entries put by copy
  std::size_t changed = 0;      ///< entries put because they were written meanwhile
  std::size_t repaired = 0;     ///< entries that verify found absent or different, and put again
  std::size_t surplus = 0;      ///< entries that verify erased in the sink
  std::size_t erased = 0;       ///< entries erased by clean
};

/// The id (MigrationOptions::id) of a migration that has begun with this journal and is not done, if there is one.
/// Throws: JournalError.
[[nodiscard]] inline std::optional<std::uint64_t> unfinished_migration(MigrationJournal& journal) {
  return detail::migration::unfinished_id(journal);
}
/// Gives the journal up to another migration. For when this one is over without it, or never began; if it is neither,
/// the next run of it repeats work and loses nothing. Throws: JournalError.
inline void abandon_migration(MigrationJournal& journal) {
  if (unfinished_migration(journal)) journal.append(std::vector<std::byte>{static_cast<std::byte>('A')});
}

/// Moves the keys of a plan of owners. `Source` and `Sink` are the stores; they may be the same type.
/// One object is one run, and is used by one thread; those who read and write talk to the stores and not to it.
template <class Source, class Sink, class Id = std::string, class Token = std::uint64_t>
class Migration {
 public:
  using range_type = MigrationRange<Id, Token>;
  using entry_type = typename Source::entry_type;
  static_assert(MigrationSource<Source, range_type>,
                "perturb::Migration: Source lacks a member, or one has another result; see MigrationSource");
  static_assert(MigrationSink<Sink, range_type>,
                "perturb::Migration: Sink lacks a member, or one has another result; see MigrationSink");
  static_assert(std::same_as<entry_type, typename Sink::entry_type>,
                "perturb::Migration: Source and Sink must have the same entry_type");

  /// Begins a run: goes on where the journal says, and claims all stores of the plan. source_of(id) and sink_of(id)
  /// give references to the stores of a node; these and the journal must outlive the migration. Throws: JournalError,
  /// also if the journal belongs to a migration that has another plan or id and is not done; StaleMover if another run
  /// has a higher fencing number; std::invalid_argument as MigrationRanges, or for a batch of 0; what the stores throw.
  template <class SourceOf, class SinkOf>
    requires std::convertible_to<std::invoke_result_t<SourceOf&, const Id&>, Source&> &&
                 std::convertible_to<std::invoke_result_t<SinkOf&, const Id&>, Sink&>
  Migration(const MigrationPlan<Id, Token>& plan, SourceOf source_of, SinkOf sink_of, MigrationJournal& journal,
            MigrationOptions options = {})
      : batch_(options.batch),
        ranges_(plan, options.arcs_at_once),
        log_(journal, options.id, hash_of(plan, options.arcs_at_once),
             detail::hashing::integer_cast<std::uint32_t>(ranges_.size())) {
    if (batch_ == 0) detail::raise<std::invalid_argument>("perturb::Migration: a batch of 0 entries");
    for (const range_type& range : ranges_) {
      sources_.push_back(&static_cast<Source&>(source_of(range.from())));
      sinks_.push_back(&static_cast<Sink&>(sink_of(range.to())));
    }
    progress_.ranges = ranges_.size();
    if (log_.is_done()) {
      range_ = progress_.ranges_done = ranges_.size();
      return;
    }
    fence_ = options.fence != 0 ? options.fence : log_.last_fence() + 1;
    if (fence_ < log_.last_fence()) {
      detail::raise<StaleMover>("perturb::Migration: the journal has a higher fencing number: another run took over");
    }
    log_.begin_run(fence_);
  }
  Migration(const Migration&) = delete;
  Migration& operator=(const Migration&) = delete;

  /// Does the next piece of work: at most about `batch` entries. Does nothing if the migration is done.
  /// Throws: StaleMover if another run took over; MigrationError; JournalError; what the stores throw. The run is then
  /// over: continue with a new Migration that has the same journal.
  void step() {
    if (is_done()) return;
    PERTURB_ASSERT(!has_failed_, "Migration::step after one that threw: make a new Migration with the same journal");
    has_failed_ = true;
    take_step();
    has_failed_ = false;
  }
  /// Steps until the migration is done. Throws: as step().
  void run() {
    while (!is_done()) step();
  }

  [[nodiscard]] bool is_done() const noexcept { return log_.is_done(); }
  [[nodiscard]] MigrationPhase phase() const noexcept {
    switch (work_) {
      case Work::claim:
      case Work::begin:
      case Work::copy:
        return is_done() ? MigrationPhase::done : MigrationPhase::copy;
      case Work::compare:
      case Work::compare_back:
        return MigrationPhase::verify;
      case Work::commit:
        return MigrationPhase::commit;
      case Work::accept:
      case Work::clean:
      default:
        return MigrationPhase::clean;
    }
  }
  [[nodiscard]] const MigrationProgress& progress() const noexcept { return progress_; }
  [[nodiscard]] const MigrationRanges<Id, Token>& ranges() const noexcept { return ranges_; }
  /// The fencing number of this run.
  [[nodiscard]] std::uint64_t fence() const noexcept { return fence_; }

 private:
  using Stage = detail::migration::Stage;
  enum class Work : std::uint8_t { claim, begin, copy, compare, compare_back, commit, accept, clean };

  [[nodiscard]] static std::uint64_t hash_of(const MigrationPlan<Id, Token>& plan, std::size_t arcs_at_once) {
    const std::vector<std::byte> image = plan.serialize();
    return detail::hashing::xxh3(image.data(), image.size(), arcs_at_once);
  }

  template <class Store>
  [[nodiscard]] static std::vector<Store*> each_once(const std::vector<Store*>& stores) {
    std::vector<Store*> once;
    for (Store* const store : stores) {
      if (std::find(once.begin(), once.end(), store) == once.end()) once.push_back(store);
    }
    return once;
  }

  void take_step() {
    switch (work_) {
      case Work::claim:
        for (Source* const source : each_once(sources_)) source->claim(fence_);
        for (Sink* const sink : each_once(sinks_)) sink->claim(fence_);
        return next_range();
      case Work::begin:
        return begin();
      case Work::copy:
        return copy();
      case Work::compare:
        return compare();
      case Work::compare_back:
        return compare_back();
      case Work::commit:
        return commit();
      case Work::accept:
        sink().accept(range(), fence_);
        return turn_to(Work::clean);
      case Work::clean:
      default:
        return clean();
    }
  }

  void begin() {
    if (range_ == ranges_.size()) return log_.finish();
    // The source and not the journal decides: the run before may have ended between the two.
    if (source().has_released(range())) return turn_to(Work::accept);
    sink().begin_receiving(range(), fence_);
    source().begin_sending(range(), fence_);
    // What an earlier run has copied is found out by comparing.
    if (stage() != Stage::untouched) return turn_to(Work::compare);
    log_.reach(range().number(), Stage::copying);
    turn_to(Work::copy);
  }

  void copy() {
    auto batch = source().scan(range(), from_source_, batch_);
    put(batch.entries, progress_.copied);
    from_source_ = std::move(batch.next);
    if (!batch.is_last) return;
    log_.reach(range().number(), Stage::copied);
    turn_to(Work::compare);
  }

  void compare() {
    auto batch = source().scan(range(), from_source_, batch_);
    std::vector<std::size_t> differing = sink().compare(range(), batch.entries);
    if (!differing.empty()) {
      std::vector<entry_type> again;
      for (const std::size_t i : differing) again.push_back(std::move(batch.entries[i]));
      put(again, progress_.repaired);
      if (!sink().compare(range(), again).empty()) {
        detail::raise<MigrationError>("perturb::Migration: the sink does not hold what was put into it");
      }
    }
    from_source_ = std::move(batch.next);
    if (batch.is_last) turn_to(Work::compare_back);
  }

  void compare_back() {
    auto batch = sink().scan(range(), from_sink_, batch_);
    if (!batch.entries.empty()) put(source().missing(range(), batch.entries), progress_.surplus);
    from_sink_ = std::move(batch.next);
    if (batch.is_last) turn_to(Work::commit);
  }

  void commit() {
    const std::vector<entry_type> changes = source().changes(range(), batch_);
    if (!changes.empty()) {
      put(changes, progress_.changed);
      source().confirm(range(), changes, fence_);
      return;
    }
    sink().sync(range());
    if (!source().release(range(), fence_)) return;
    log_.reach(range().number(), Stage::released);
    turn_to(Work::accept);
  }

  void clean() {
    auto erased = source().erase(range(), from_source_, batch_, fence_);
    progress_.erased += erased.count;
    from_source_ = std::move(erased.next);
    if (!erased.is_last) return;
    log_.reach(range().number(), Stage::done);
    ++range_;
    next_range();
  }

  void put(std::span<const entry_type> entries, std::size_t& counter) {
    if (entries.empty()) return;
    sink().put(range(), entries, fence_);
    counter += entries.size();
  }

  // Skips the ranges that are done.
  void next_range() {
    while (range_ < ranges_.size() && stage() == Stage::done) ++range_;
    progress_.ranges_done = range_;
    turn_to(Work::begin);
  }
  void turn_to(Work work) {
    work_ = work;
    from_source_ = {};
    from_sink_ = {};
  }

  [[nodiscard]] const range_type& range() const noexcept { return ranges_[range_]; }
  [[nodiscard]] Stage stage() const noexcept { return log_.stage(range().number()); }
  [[nodiscard]] Source& source() const noexcept { return *sources_[range_]; }
  [[nodiscard]] Sink& sink() const noexcept { return *sinks_[range_]; }

  std::size_t batch_;
  MigrationRanges<Id, Token> ranges_;
  detail::migration::ProgressLog log_;
  std::vector<Source*> sources_;
  std::vector<Sink*> sinks_;
  std::uint64_t fence_ = 0;
  std::size_t range_ = 0;
  Work work_ = Work::claim;
  typename Source::cursor_type from_source_{};
  typename Sink::cursor_type from_sink_{};
  MigrationProgress progress_;
  bool has_failed_ = false;
};

}  // namespace perturb::inline PERTURB_ABI
