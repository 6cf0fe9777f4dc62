// SPDX-License-Identifier: MIT
/// @file Copying an array: each element goes to the slot that it has in the other one, tombstones are copied too.
///
/// Elements that are bytes are copied without a look at each: the whole array at once where it is small or from 3/8
/// full on, and below that, as far as each group is filled, about a cache line at a time. (In a table that has just
/// grown by four, that is one line of four.)
#pragma once

#include <perturb/config.hpp>
#include <perturb/growth.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/scope_guard.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstring>

namespace perturb::inline PERTURB_ABI::detail::table {

/// Copies `from`, of `size` elements that are bytes, to `to`, of the same shape, whose control bytes are not written
/// yet.
template <class Slot>
void copy_bytes(SlotArray<Slot> from, SlotArray<Slot> to, std::size_t size) noexcept {
  const std::size_t capacity = from.capacity();
  // Slots lie downwards in memory: the last one of a row comes first.
  const auto copy_row = [from, to](std::size_t last, std::size_t count) {
    std::memcpy(static_cast<void*>(to.slot(last)), static_cast<const void*>(from.slot(last)), count * sizeof(Slot));
  };
  const std::size_t controls = from.control_bytes();
  if (from.has_one_group() || size >= capacity / 8 * 3) {
    std::memcpy(static_cast<void*>(to.slot(to.allocated() - 1)),
                static_cast<const void*>(from.slot(from.allocated() - 1)), from.allocated() * sizeof(Slot) + controls);
  } else {
    constexpr std::size_t kInLine = std::bit_ceil(kCacheLine / sizeof(Slot));
    constexpr std::size_t kRow = kInLine < growth::kMinCapacity ? kInLine : growth::kMinCapacity;
    for (std::size_t first = 0; first < capacity; first += kGroupWidth) {
      const auto used = static_cast<std::size_t>(std::bit_width(from.group(first).match_full().packed()));
      for (std::size_t lane = 0; lane < used; lane += kRow) copy_row(first + lane + kRow - 1, kRow);
    }
    std::memcpy(to.controls(), from.controls(), controls);
  }
}

/// Constructs the elements of `from` in `to`, which is empty and of the same shape, by `construct(Slot* to, Slot*
/// from)`. Guarantee: if that throws, the copies are destroyed; the control bytes of `to` are then
/// not valid.
template <class Slot, class Writer, class Construct>
void copy_elements(SlotArray<Slot> from, SlotArray<Slot> to, Writer writer, Construct construct) {
  ScopeGuard undo([&] { to.for_each_full([&](Place<Slot> copied) { writer.destroy(copied.slot); }); });
  from.for_each_full([&](Place<Slot> source) {
    const Place<Slot> target = to.at(static_cast<std::size_t>(source.control - from.controls()));
    detail::prefetch(target.slot - kWalkedAtOnce);  // as the walk prefetches the source
    construct(target.slot, source.slot);
    *target.control = *source.control;
  });
  undo.dismiss();
  std::memcpy(to.controls(), from.controls(), from.control_bytes());
}

}  // namespace perturb::inline PERTURB_ABI::detail::table
