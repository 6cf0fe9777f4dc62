// SPDX-License-Identifier: MIT
/// @file Where a table's elements begin, so that begin() need not look at empty groups.
///
/// `while (!table.empty()) table.erase(table.begin());` has to take O(capacity + size) in all, so an erasure of the
/// first element has to leave the way to the new first one behind. It must not cost the other erasures: a look at
/// whether the group has become empty is a branch that is predicted badly in a thin table, and a walk to the next used
/// group takes O(capacity) where few elements are left. So erasing by iterator, which has the next element at hand,
/// goes as far as needed; erasing by key goes on only from the very first group, and only kFar groups.
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/slots.hpp>

#include <cstddef>

namespace perturb::inline PERTURB_ABI::detail::table {

/// No used group lies before the one that it names; after a rehash and as long as only iterators erase, that one is
/// used itself. Groups are named by their first slots.
class Front {
 public:
  /// Pre: the table is not empty.
  [[nodiscard]] std::size_t group() const noexcept { return group_; }

  /// The table is empty.
  void reset() noexcept { group_ = kNone; }

  /// There is an element in `group` now.
  void used(std::size_t group) noexcept {
    if (group < group_) [[unlikely]]
      group_ = group;
  }

  /// Finds the first used group of `array`. Pre: there is one.
  template <class Slot>
  void find(SlotArray<Slot> array) noexcept {
    group_ = 0;
    while (!array.group(group_).match_full()) group_ += kGroupWidth;
  }

  /// An element of `group` was erased, of those that are left `size`.
  template <class Slot>
  PERTURB_ALWAYS_INLINE void erased(SlotArray<Slot> array, std::size_t group, std::size_t size) noexcept {
    if (group == group_) [[unlikely]]
      go_on(array, size);
  }

  /// An element of `group` was erased. `next()` gives the group of the next element, or `none()`.
  template <class Slot, class Next>
  void erased(SlotArray<Slot> array, std::size_t group, Next next) noexcept {
    while (group_ < group && !array.group(group_).match_full()) group_ += kGroupWidth;
    if (group_ == group && !array.group(group).match_full()) group_ = next();
  }
  static constexpr std::size_t none() noexcept { return kNone; }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};
  static constexpr std::size_t kFar = 64;

  template <class Slot>
  void go_on(SlotArray<Slot> array, std::size_t size) noexcept {
    if (size == 0) return reset();
    for (std::size_t i = 0; i < kFar && !array.group(group_).match_full(); ++i) group_ += kGroupWidth;
  }

  std::size_t group_ = kNone;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
