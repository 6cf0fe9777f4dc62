// SPDX-License-Identifier: MIT
/// @file The block of an ordered table's entries beside a plain list of which of them are there, and its memory.
#include "support/allocators.hpp"

#include <perturb/ordered/entries.hpp>
#include <perturb/table/element.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace perturb::detail::ordered;  // NOLINT(google-build-using-namespace): the header under test is this
                                           // namespace
using perturb::detail::table::Control;
using perturb::detail::table::SetElement;

template <class Key, bool kKeepsHashes>
using Memory = BlockMemory<Entry<SetElement<Key>>, std::allocator<Key>, kKeepsHashes>;

// A block of bytes, of which nothing is constructed, with hashes below its holes that must not change.
class Beside {
 public:
  explicit Beside(std::size_t capacity) : block_(Bytes::allocate({}, capacity, false)), hashes_(capacity) {
    for (std::size_t i = 0; i < capacity; ++i) block_->hash(i) = hashes_[i] = ~std::uint64_t{i};
  }
  ~Beside() { Bytes::deallocate({}, block_, false); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  [[nodiscard]] std::size_t size() const { return there_.size(); }
  [[nodiscard]] bool is_full() const { return block_->end == block_->limit; }
  [[nodiscard]] bool begins_at_zero() const { return block_->first == 0; }

  void append() {
    there_.push_back(block_->end);
    block_->appended();
  }
  void prepend() {
    block_->prepended();
    there_.insert(there_.begin(), block_->first);
  }
  void erase(std::size_t rank) {
    block_->erased(there_[rank]);
    there_.erase(there_.begin() + static_cast<std::ptrdiff_t>(rank));
  }
  void forget_all() {
    block_->forget_all();
    there_.clear();
  }
  void restart(std::size_t from, std::size_t count) {
    forget_all();
    block_->reset(from, count);
    for (std::size_t i = 0; i < count; ++i) there_.push_back(from + i);
  }

  /// Counts what is free as a table does before it moves the entries up.
  void expect_moved_up() {
    if (!Block<Entry<SetElement<std::uint8_t>>>::has_counts(block_->capacity)) return;
    std::size_t rank = 0;
    for (std::size_t word = block_->first / 64; word * 64 < block_->end; ++word) {
      const std::size_t begin = std::max(word * 64, block_->first);
      // The counts of words without entries are needed afterwards.
      if (block_->entries_in_word(word) != 0) block_->count(word) = begin - rank;
      while (rank != there_.size() && there_[rank] < word * 64 + 64) ++rank;
    }
    const auto moved_up = block_->moved_up();
    for (rank = 0; rank != there_.size(); ++rank) ASSERT_EQ(moved_up(there_[rank]), rank);
  }

  void expect_equal() const {
    for (std::size_t i = 0; i < hashes_.size(); ++i) ASSERT_EQ(block_->hash(i), hashes_[i]) << i;
    const std::size_t room = block_->capacity - block_->end;
    ASSERT_TRUE(block_->limit == block_->capacity || (block_->limit + 1 == block_->capacity && room != 0));
    if (there_.empty()) {
      ASSERT_EQ(block_->first, block_->end);
      return;
    }
    ASSERT_EQ(block_->first, there_.front());
    ASSERT_EQ(block_->end, there_.back() + 1);
    std::size_t rank = 0;
    for (std::size_t position = block_->first; position < block_->end; ++position) {
      const bool is_there = there_[rank] == position;
      ASSERT_EQ(block_->is_hole(position), !is_there) << position;
      const auto is_hole = [&](std::size_t other) {
        return other >= block_->first && other < block_->end && block_->is_hole(other);
      };
      if (!is_hole(position - 1)) {
        ASSERT_EQ(block_->next(position), there_[rank]) << position;
      }
      if (!is_hole(position + 1)) {
        ASSERT_EQ(block_->previous(position), is_there ? position : there_[rank - 1]) << position;
      }
      if (!is_there) {
        ASSERT_LE(block_->plain(), position);
        continue;
      }
      ASSERT_EQ(block_->rank_of(position), rank);
      ASSERT_EQ(block_->position_of_rank(rank), position);
      ++rank;
    }
    ASSERT_LE(block_->plain(), block_->end);
  }

 private:
  using Bytes = Memory<std::uint8_t, true>;

  Block<Entry<SetElement<std::uint8_t>>>* block_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::size_t> there_;  // positions in order
};

TEST(OrderedBlock, KnowsWhichEntriesAreThereThroughRandomHistories) {
  for (const std::size_t capacity : {1U, 63U, 64U, 65U, 200U, 320U, 1500U}) {
    std::mt19937_64 random(capacity);
    const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    Beside block(capacity);
    for (int step = 0; step < 2500 && !HasFatalFailure(); ++step) {
      const bool is_growing = step / 400 % 2 == 0;
      switch (below(is_growing ? 3 : 6)) {
        case 0:
        case 1:
          if (!block.is_full()) block.append();
          break;
        case 2:
          if (!block.begins_at_zero()) block.prepend();
          break;
        default:
          // Half of them beside one another, so that whole words are holes.
          for (std::size_t count = 1 + below(2) * below(150), rank = below(block.size() + 1); count > 0; --count) {
            if (rank < block.size()) block.erase(rank);
          }
      }
      if (below(400) == 0) block.restart(below(capacity), 0);
      if (below(200) == 0) {
        const std::size_t from = below(capacity);
        block.restart(from, below(capacity - from + 1));
      }
      if (step % 5 == 0) block.expect_moved_up();
      if (step % 5 == 0) block.expect_equal();
    }
  }
}

TEST(OrderedBlock, StepsOverAllEntriesByAdditionUntilThereIsAHole) {
  auto* const memory = Memory<std::uint8_t, false>::allocate({}, 100, false);
  for (int i = 0; i < 50; ++i) memory->appended();
  EXPECT_EQ(memory->plain(), 50U);
  memory->erased(49);
  EXPECT_EQ(memory->plain(), 49U);
  memory->appended();
  EXPECT_EQ(memory->plain(), 50U);
  memory->erased(20);
  EXPECT_EQ(memory->plain(), 20U);
  memory->appended();
  EXPECT_EQ(memory->plain(), 20U);
  for (std::size_t i = 0; i < 30; ++i) {
    if (i != 20) memory->erased(i);
  }
  EXPECT_EQ(memory->plain(), 30U) << "only entry 30, the first one now, is known to be there";
  Memory<std::uint8_t, false>::deallocate({}, memory, false);
}

// Every part of a block is inside of what was allocated, aligned, and apart from the others.
template <class Key, bool kKeepsHashes>
void expect_laid_out_well() {
  using KeyMemory = Memory<Key, kKeepsHashes>;
  for (const bool is_small : {false, true}) {
    for (std::size_t entries = 1; entries <= (is_small ? kSmallCapacity : 200); ++entries) {
      auto* const block = KeyMemory::allocate({}, entries, is_small);
      ASSERT_EQ(block->capacity, entries);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block->entry(0)) % (sizeof(Key) % 16 == 0 ? 16 : alignof(Key)), 0U);
      const auto address = [](const void* there) { return reinterpret_cast<std::uintptr_t>(there); };
      const std::size_t words_for_holes = entries <= 64 ? 1 : 2 * ((entries + 63) / 64);
      ASSERT_EQ(block->words_for_holes(entries), words_for_holes);
      const std::size_t words = words_for_holes + (kKeepsHashes ? entries : 0);
      const std::uintptr_t lowest = address(block) - 8 * words;
      if (kKeepsHashes) {
        ASSERT_EQ(address(&block->hash(entries - 1)), lowest);
        ASSERT_EQ(address(&block->hash(0)), address(block) - 8 * (words_for_holes + 1));
      }
      if (block->has_counts(entries)) {
        ASSERT_EQ(address(&block->count(0)), address(block) - 8 * (block->hole_words(entries) + 1));
      }
      std::size_t index = 0;
      if (is_small) {
        const Control* const controls = KeyMemory::small_controls(block);
        ASSERT_EQ(address(controls) % kGroupWidth, 0U);
        ASSERT_LE(address(controls) + kGroupWidth, lowest);
        index = 2 * kGroupWidth;  // its positions of one byte lie below the control bytes
      }
      // What is not padding, and at most what aligns the header and the whole.
      const std::size_t used = index + 8 * words + sizeof(*block) + entries * sizeof(Key);
      const std::size_t unit = alignof(Key) > kGroupWidth ? alignof(Key) : kGroupWidth;
      ASSERT_GE(KeyMemory::bytes(entries, is_small), used);
      ASSERT_LT(KeyMemory::bytes(entries, is_small),
                used + unit + alignof(std::remove_reference_t<decltype(*block)>) - 8);
      ASSERT_EQ(KeyMemory::bytes(entries, is_small) % unit, 0U);
      for (std::size_t i = 0; i < entries; ++i) ASSERT_FALSE(block->is_hole(i));
      ASSERT_EQ(block->distance_to(block->entry(entries)), block->offset_of(entries));
      ASSERT_EQ(block->at_offset(block->offset_of(entries)), block->entry(entries));
      ASSERT_EQ(block->position_of(block->entry(entries)), entries);
      KeyMemory::deallocate({}, block, is_small);
    }
  }
}

struct alignas(64) Aligned {
  char bytes[64];
};

TEST(OrderedBlockMemory, HoldsHolesHashesIndexAndEntries) {
  expect_laid_out_well<std::uint8_t, false>();
  expect_laid_out_well<std::uint8_t, true>();
  expect_laid_out_well<std::uint64_t, false>();
  expect_laid_out_well<std::string, true>();
  expect_laid_out_well<Aligned, false>();
}

TEST(OrderedBlockMemory, OfTheMostEntriesIsWithinWhatTheAllocatorHas) {
  using LittleMemory = BlockMemory<Entry<SetElement<std::uint64_t>>, kit::LittleRoom, true>;
  constexpr std::size_t kStep = 64;
  std::size_t before = 0;
  for (std::size_t room = 0; room < 40'000; room += kStep) {
    const std::size_t most = LittleMemory::max_entries(kit::LittleRoom(room));
    ASSERT_LE(LittleMemory::bytes(most, true), room + (most == 0 ? 128 : 0)) << "for " << room << " bytes";
    ASSERT_GE(most, before);
    ASSERT_LE(most, before + kStep / sizeof(std::uint64_t)) << "more room for a few entries gives many";
    before = most;
  }
  EXPECT_GT(before, 40'000U / (4 * sizeof(std::uint64_t)));
  const std::size_t unbounded = LittleMemory::max_entries(kit::LittleRoom(std::numeric_limits<std::size_t>::max()));
  EXPECT_LE(unbounded, std::numeric_limits<std::size_t>::max() / 2 / (3 * sizeof(std::uint64_t)));
  EXPECT_THROW(static_cast<void>(LittleMemory::allocate(kit::LittleRoom(1000), 1000, false)), std::length_error);
}

}  // namespace
