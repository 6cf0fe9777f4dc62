// SPDX-License-Identifier: MIT
/// @file The first-used-group hint: a lower bound on the first non-empty group, so that begin() need not look at the
/// empty groups before it.
///
/// `while (!table.empty()) table.erase(table.begin());` and `table.erase(table.begin()->first)` have to take
/// O(capacity + size) in all, so an erasure that empties the first group has to move the hint on to the next used one.
/// That walk is long where the table is sparse, and an insertion before the hint sets it back; if every erasure walked
/// as far as needed, inserting and erasing one low element again and again would cost O(capacity) each time.
///
/// So walks are paid for from a credit in groups, SlotArray::walk_credit(). It begins with the number of groups when
/// the array is made or cleared, which costs as much, and each erasure that walks adds kPerErasure: O(1) amortized, and
/// a drain is linear. An erasure that runs out of credit leaves the hint at an empty group; in a sparse table, where
/// that can happen, every erasure goes on with the walk. Elsewhere an erasure pays one comparison. An array that ends
/// in its first group has no credit and needs none.
#pragma once

#include <perturb/config.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>
#include <cstdint>

namespace perturb::inline PERTURB_ABI::detail::table {

/// The hint. Groups are named by their first slots, and those from 2^32 on by the last one before: a lower bound too.
class FirstUsedGroup {
 public:
  static constexpr std::uint32_t kPerErasure = kGroupWidth;

  /// The array was made, cleared or rehashed. If it has elements, find() follows.
  template <class Slot>
  void reset(SlotArray<Slot> array) noexcept {
    reset();
    if (!array.ends_in_first_group()) array.walk_credit() = at_most(kMost, array.capacity() / kGroupWidth + 1);
  }

  /// No used group lies before this one. Pre: the table is not empty.
  [[nodiscard]] std::size_t start() const noexcept { return start_; }

  /// Whether it is the group from `start` on. If so, an erasure there has to walk().
  [[nodiscard]] bool is(std::size_t start) const noexcept { return start == start_; }

  /// The table is empty.
  void reset() noexcept { start_ = kNone; }

  /// There is an element in the group from `start` on now.
  void used(std::size_t start) noexcept {
    if (start < start_) [[unlikely]]
      start_ = hashing::integer_cast<std::uint32_t>(start);
  }

  /// Finds the first used group of `array`. Pre: there is one.
  template <class Slot>
  void find(SlotArray<Slot> array) noexcept {
    start_ = 0;
    if (array.has_one_group()) return;  // at once: its control bytes have just been written one by one
    while (start_ != kNone && !array.group(start_).match_full()) start_ += kStep;
  }

  /// An element of the group from `start` on was erased; `next()` gives the start of the next element's group, or
  /// `none()`.
  template <class Slot, class Next>
  void erased(SlotArray<Slot> array, std::size_t start, Next next) noexcept {
    while (start_ < start && start_ != kNone && !array.group(start_).match_full()) start_ += kStep;
    if (start_ == start && !array.group(start).match_full()) start_ = at_most(kNone, next());
  }
  static constexpr std::size_t none() noexcept { return kNone; }

  /// Goes on to the first used group, as far as the credit goes. `size`: elements of the table.
  template <class Slot>
  void walk(SlotArray<Slot> array, std::size_t size) noexcept {
    if (size == 0) return reset();
    if (array.ends_in_first_group()) return;
    std::uint32_t& credit = array.walk_credit();
    credit = at_most(kMost - kPerErasure, credit) + kPerErasure;
    for (; credit != 0 && start_ != kNone && !array.group(start_).match_full(); --credit) start_ += kStep;
  }

 private:
  static constexpr std::uint32_t kStep = kGroupWidth;
  static constexpr std::uint32_t kMost = ~std::uint32_t{0};
  static constexpr std::uint32_t kNone = kMost / kStep * kStep;

  static constexpr std::uint32_t at_most(std::uint32_t most, std::size_t number) noexcept {
    return number < most ? hashing::integer_cast<std::uint32_t>(number) : most;
  }

  std::uint32_t start_ = kNone;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
