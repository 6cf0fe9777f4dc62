// SPDX-License-Identifier: MIT
/// @file The entries of an ordered table: one block of memory with the elements in their order.
///
///      index of a small table │ hashes │ counts │ holes │ header │ entry 0   entry 1   entry 2 …
///                                                       ▲
///                                               the block's pointer
///
/// The entries are at [first, end). One that was erased from between others leaves a hole, which is marked by a bit.
/// Erasing at an end leaves none: `first` or `end` moves, past holes too. So the first and the last entry are found at
/// once, and every hole has an entry before it and one after it. All entries before `plain` are there: up to it, a step
/// to the next entry is an addition.
///
/// The holes are in words of 64 bits, and with each word goes a count (but for a block of one word, which is never all
/// holes). Where words that follow one another are all holes, the first and the last one's count is how many there are.
/// So a step to the next or the previous entry is O(1) however many holes lie between, and so is keeping the counts:
/// only the ends of a run change when it gets longer or joins another. (Counting like that is known from the
/// jump-counting skipfield of Matthew Bentley's plf::colony.)
///
/// Hashes are kept where hashing a key again would have to read other memory, or may throw. They are apart from the
/// entries, which can therefore be given out as a span of elements; and a rehash reads nothing but them.
///
/// When the entries move up, each position in the index is lowered by the number of free ones before it: the holes, and
/// the positions before the first entry. Those before the entries of each word are its count while that happens; the
/// holes in the word are counted then. A block of one word has no count; its few entries are put into the index anew.
///
/// A table of kSmallCapacity slots has its index, which is a single group, in the block too: one allocation for all.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/ordered/index.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/aligned_memory.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::ordered {

/// The least capacity of an index: one group.
inline constexpr std::size_t kSmallCapacity = kGroupWidth;

/// Room for one element, and for nothing else.
template <class Element>
struct Entry : table::BasicSlot<Element, table::KeptHash<false>> {};

/// The header of a block. Below it in memory lie words of 64 bits: the holes, one bit for each entry; if that is more
/// than one word, a count for each of them; and the hashes.
template <class Slot>
struct alignas(alignof(Slot) > alignof(std::uint64_t) ? alignof(Slot) : alignof(std::uint64_t)) Block {
  std::size_t first = 0;
  std::size_t end = 0;
  /// Where the next entry does not fit any more: the capacity, or one less, which leaves room to construct an element
  /// while the others move up. (Between two counts that an insertion changes: side by side, g++ would add to both as a
  /// vector, for which the next insertion waits.)
  std::size_t limit;
  /// Where the first entry from `plain` on lies, as a distance in bytes from here: what a step compares with.
  std::size_t plain_offset = offset_of(0);
  std::size_t capacity;

  explicit Block(std::size_t entries) noexcept : limit(entries), capacity(entries) { clear_holes(); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;

  static constexpr std::size_t hole_words(std::size_t entries) noexcept { return (entries + 63) / 64; }
  /// Those for the holes and for the counts.
  static constexpr std::size_t words_for_holes(std::size_t entries) noexcept {
    return has_counts(entries) ? 2 * hole_words(entries) : hole_words(entries);
  }
  /// Whether a block of `entries` entries has a count for each word of holes.
  static constexpr bool has_counts(std::size_t entries) noexcept { return entries > 64; }

  static constexpr std::size_t offset_of(std::size_t position) noexcept {
    return sizeof(Block) + position * sizeof(Slot);
  }
  [[nodiscard]] std::size_t plain() const noexcept { return (plain_offset - sizeof(Block)) / sizeof(Slot); }

  [[nodiscard]] Slot* at_offset(std::size_t offset) noexcept {
    return reinterpret_cast<Slot*>(reinterpret_cast<std::byte*>(this) + offset);
  }
  [[nodiscard]] std::size_t distance_to(const Slot* slot) noexcept {
    return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(slot) - reinterpret_cast<std::byte*>(this));
  }
  [[nodiscard]] Slot* entries() noexcept { return reinterpret_cast<Slot*>(this + 1); }
  [[nodiscard]] Slot* entry(std::size_t position) noexcept { return entries() + position; }
  [[nodiscard]] std::size_t position_of(const Slot* slot) noexcept {
    return static_cast<std::size_t>(slot - entries());
  }
  /// Pre: hashes are kept.
  [[nodiscard]] std::uint64_t& hash(std::size_t position) noexcept {
    return *(words() - words_for_holes(capacity) - 1 - position);
  }

  [[nodiscard]] bool is_hole(std::size_t position) noexcept {
    return (holes(position / 64) >> (position % 64) & 1) != 0;
  }
  /// Which of the 64 positions from 64 * `word` on are no holes, as bits. Outside of [first, end) there are no holes,
  /// and so ones.
  [[nodiscard]] std::uint64_t entries_in_word(std::size_t word) noexcept { return ~holes(word); }
  /// The count of a word. At the first and the last one of a run of words that are all holes: the words of the run.
  /// While entries move up, in a word that has entries: how many positions before its first entry are free, which is
  /// `first` in the word of `first`. Pre: has_counts(capacity).
  [[nodiscard]] std::uint64_t& count(std::size_t word) noexcept { return *(words() - hole_words(capacity) - 1 - word); }
  /// A function that gives the position to which the entry at one moves up. Pre: count() is that of the free positions,
  /// for all words that have entries.
  [[nodiscard]] auto moved_up() noexcept {
    return [words = words() - 1, words_to_counts = hole_words(capacity)](std::size_t position) {
      const std::uint64_t* const word = words - position / 64;
      const std::uint64_t holes_before = *word & ~(~std::uint64_t{0} << position % 64);
      return position - static_cast<std::size_t>(*(word - words_to_counts)) -
             static_cast<std::size_t>(std::popcount(holes_before));
    };
  }
  /// The first entry at `position` or after it. Pre: there is one, and it is in the same word, or the position before
  /// is not a hole. Complexity: O(1).
  [[nodiscard]] std::size_t next(std::size_t position) noexcept {
    return position < plain() ? position : next_by_holes(position);
  }
  /// The same, quicker for a position that is not before plain().
  [[nodiscard]] std::size_t next_by_holes(std::size_t position) noexcept {
    std::size_t word = position / 64;
    std::uint64_t there = ~holes(word) & ~std::uint64_t{0} << position % 64;
    if (there == 0) {
      if (!is_all_holes(word)) ++word;
      if (is_all_holes(word)) word += static_cast<std::size_t>(count(word));
      there = ~holes(word);
    }
    return word * 64 + static_cast<std::size_t>(std::countr_zero(there));
  }
  /// The last entry at `position` or before it. Pre: there is one, and it is in the same word, or the position after is
  /// not a hole. Complexity: O(1).
  [[nodiscard]] std::size_t previous(std::size_t position) noexcept {
    std::size_t word = position / 64;
    std::uint64_t there = ~holes(word) & ~std::uint64_t{0} >> (63 - position % 64);
    if (there == 0) {
      if (!is_all_holes(word)) --word;
      if (is_all_holes(word)) word -= static_cast<std::size_t>(count(word));
      there = ~holes(word);
    }
    return word * 64 + 63 - static_cast<std::size_t>(std::countl_zero(there));
  }
  /// The entry with `rank` others before it. Pre: it is there. Complexity: O(1) without holes before it.
  [[nodiscard]] std::size_t position_of_rank(std::size_t rank) noexcept {
    if (first + rank < plain()) return first + rank;
    std::size_t position = first < plain() ? plain() : first;
    for (rank -= position - first; !is_rank_in_word(position, rank); position = (position / 64 + 1) * 64) {
    }
    for (position = next(position); rank != 0; --rank) position = next(position + 1);
    return position;
  }
  /// How many entries are before the one at `position`.
  [[nodiscard]] std::size_t rank_of(std::size_t position) noexcept {
    if (position < plain()) return position - first;
    std::size_t rank = position - first;
    for (std::size_t word = first / 64; word <= position / 64; ++word) {
      std::uint64_t before = holes(word);
      if (word == position / 64) before &= ~(~std::uint64_t{0} << position % 64);
      rank -= static_cast<std::size_t>(std::popcount(before));
    }
    return rank;
  }

  /// An entry was constructed at `end`.
  void appended() noexcept {
    if (plain_offset == offset_of(end)) [[likely]]
      plain_offset += sizeof(Slot);
    ++end;
  }
  /// An entry was constructed before the first one.
  void prepended() noexcept { --first; }

  /// The entry at `position` is gone.
  void erased(std::size_t position) noexcept {
    if (position == first) {
      ++first;
      if (first == end) return reset(0, 0);
      if (is_hole(first)) {
        const std::size_t begin = std::exchange(first, next_by_holes(first));
        fill_holes(begin, first);
      }
      if (plain_offset < offset_of(first)) plain_offset = offset_of(first);
    } else if (position + 1 == end) {
      --end;
      if (is_hole(end - 1)) {
        const std::size_t end_of_holes = std::exchange(end, previous(end - 1) + 1);
        fill_holes(end, end_of_holes);
      }
      lower_plain(end);
    } else {
      holes(position / 64) |= std::uint64_t{1} << position % 64;
      if (is_all_holes(position / 64)) [[unlikely]]
        lengthen_run(position / 64);
      lower_plain(position);
    }
    limit = end < capacity ? capacity - 1 : capacity;
  }

  /// All entries are gone.
  void forget_all() noexcept {
    clear_holes();
    reset(0, 0);
  }
  /// There are `count` entries, from `from` on, and no holes.
  void reset(std::size_t from, std::size_t count) noexcept {
    first = from;
    end = from + count;
    plain_offset = offset_of(end);
    limit = capacity;
  }

 private:
  // The first word of the header; those that belong to it lie below.
  std::uint64_t* words() noexcept { return reinterpret_cast<std::uint64_t*>(this); }
  std::uint64_t& holes(std::size_t word) noexcept { return *(words() - 1 - word); }
  void clear_holes() noexcept {
    std::memset(words() - hole_words(capacity), 0, hole_words(capacity) * sizeof(std::uint64_t));
  }
  void lower_plain(std::size_t position) noexcept {
    if (plain_offset > offset_of(position)) plain_offset = offset_of(position);
  }
  [[nodiscard]] bool is_all_holes(std::size_t word) noexcept { return ~holes(word) == 0; }
  // This word has become all holes. Since there is an entry before each hole and one after it, there is a word on
  // either side.
  PERTURB_NEVER_INLINE void lengthen_run(std::size_t word) noexcept {
    const std::size_t before = is_all_holes(word - 1) ? static_cast<std::size_t>(count(word - 1)) : 0;
    const std::size_t after = is_all_holes(word + 1) ? static_cast<std::size_t>(count(word + 1)) : 0;
    count(word - before) = count(word + after) = before + 1 + after;
  }
  // The positions from `begin` to `end` are holes no more.
  void fill_holes(std::size_t begin, std::size_t end_of_holes) noexcept {
    const std::size_t last = (end_of_holes - 1) / 64;
    std::uint64_t bits = ~std::uint64_t{0} << begin % 64;
    for (std::size_t word = begin / 64; word != last; ++word) {
      holes(word) &= ~bits;
      bits = ~std::uint64_t{0};
    }
    holes(last) &= ~(bits & ~std::uint64_t{0} >> (63 - (end_of_holes - 1) % 64));
  }

  // Whether the entry with this rank, counted from `position` on, is in the same word; if not, takes those off `rank`.
  bool is_rank_in_word(std::size_t position, std::size_t& rank) noexcept {
    const std::uint64_t there = ~holes(position / 64) & ~std::uint64_t{0} << position % 64;
    const auto count = static_cast<std::size_t>(std::popcount(there));
    if (rank < count) return true;
    rank -= count;
    return false;
  }
};

/// How `Allocator` gets and gives back the memory of blocks.
template <class Slot, class Allocator, bool kKeepsHashes>
class BlockMemory {
  using Header = Block<Slot>;
  static constexpr std::size_t kAlignment = alignof(Header) > kGroupWidth ? alignof(Header) : kGroupWidth;
  using Memory = table::AlignedMemory<kAlignment, Allocator>;
  // The control bytes of an index in the block begin here, behind its positions of one byte.
  static constexpr std::size_t kSmallIndex = 2 * kGroupWidth;

 public:
  /// A block for `entries` entries, with room for an index if `is_small`.
  /// Throws: std::length_error if no allocation can be that large; what the allocator throws.
  static Header* allocate(const Allocator& allocator, std::size_t entries, bool is_small) {
    if (entries > max_entries(allocator)) {
      detail::raise<std::length_error>(
          "perturb: a table of that many elements does not fit into memory; reserve fewer");
    }
    std::byte* const begin = Memory::allocate(allocator, bytes(entries, is_small));
    return ::new (static_cast<void*>(begin + front(entries, is_small))) Header(entries);
  }

  static void deallocate(const Allocator& allocator, Header* block, bool is_small) noexcept {
    if (block == nullptr) return;
    Memory::deallocate(allocator, begin_of(block, is_small), bytes(block->capacity, is_small));
  }

  /// The control bytes of the index in a small block.
  static Control* small_controls(Header* block) noexcept {
    return reinterpret_cast<Control*>(begin_of(block, true) + kGroupWidth);
  }

  static constexpr std::size_t bytes(std::size_t entries, bool is_small) noexcept {
    return Memory::up(front(entries, is_small) + sizeof(Header) + entries * sizeof(Slot));
  }

  static std::size_t max_entries(const Allocator& allocator) noexcept {
    constexpr std::size_t kEach = sizeof(Slot) + 2 * sizeof(std::uint64_t);
    const std::size_t most = Memory::max_bytes(allocator) / kEach;
    return most > 2 * kAlignment ? most - 2 * kAlignment : 0;
  }

 private:
  // The bytes before the header. Entries of 16 bytes, or a multiple of that, begin at such a multiple: otherwise one in
  // four of 16 bytes would lie on two cache lines.
  static constexpr std::size_t front(std::size_t entries, bool is_small) noexcept {
    constexpr std::size_t kAligned = sizeof(Slot) % 16 == 0 ? kAlignment : alignof(Header);
    const std::size_t words = Header::words_for_holes(entries) + (kKeepsHashes ? entries : 0);
    const std::size_t used = (is_small ? kSmallIndex : 0) + words * sizeof(std::uint64_t) + sizeof(Header);
    return table::AlignedMemory<kAligned, Allocator>::up(used) - sizeof(Header);
  }
  static std::byte* begin_of(Header* block, bool is_small) noexcept {
    return reinterpret_cast<std::byte*>(block) - front(block->capacity, is_small);
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
