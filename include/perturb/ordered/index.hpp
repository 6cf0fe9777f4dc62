// SPDX-License-Identifier: MIT
/// @file The index of an ordered table: control bytes as in every table, and in place of slots small integers, the
/// positions of entries.
///
///      position n-1  …  position 1   position 0 │ c0 c1 … c(n-1)
///      ◄────────── downwards, 1 to 8 bytes ──── ▲ ── control bytes, upwards ──►
///
/// A position is less than the capacity, so its width follows from that: one byte up to 256, two up to 65 536, three up
/// to 16 million, then four, then eight. It is read as eight bytes of which the higher ones are masked off: whatever
/// the width, that is one load, and the control bytes after the positions are memory that may be read.
///
/// Positions of three bytes and the control bytes of their group would fill one cache line exactly. Measured side by
/// side, that takes longer: finding u64 in cache 1.07 (hit) and 1.20 (miss), large 1.03 and 1.12, strings 1.02
/// and 1.08. The two lines are read at the same time anyway, and control bytes by themselves stay in a nearer cache.
/// Half of the groups have their positions on two lines; prefetching both takes longer too: hits 1.02 to 1.11, the rest
/// 0.91 to 1.03 (u64 and strings, 1 600 to 1.4 million, g++ 12 -O3 -march=x86-64-v3).
#pragma once

#include <perturb/config.hpp>
#include <perturb/table/control_group.hpp>
#include <perturb/table/probe_groups.hpp>
#include <perturb/table/probe_sequence.hpp>
#include <perturb/table/slots.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::ordered {

using table::Control;
using table::ControlGroup;
using table::kGroupWidth;

/// The bytes of a position in an index of `capacity` slots.
constexpr unsigned position_width(std::size_t capacity) noexcept {
  constexpr unsigned kWordBytes = 8;
  const unsigned bytes = (static_cast<unsigned>(std::bit_width(capacity - 1)) + 7) / 8;
  return bytes <= 4 ? bytes : kWordBytes;
}
static_assert(position_width(16) == 1 && position_width(256) == 1 && position_width(512) == 2 &&
              position_width(65'536) == 2 && position_width(131'072) == 3 && position_width(std::size_t{1} << 24) == 3);

/// Calls `visit` with `width`, one of position_width(), as a std::integral_constant.
template <class Visit>
auto with_width(std::size_t width, Visit visit) {
  switch (width) {
    case 1:
      return visit(std::integral_constant<std::size_t, 1>());
    case 2:
      return visit(std::integral_constant<std::size_t, 2>());
    case 3:
      return visit(std::integral_constant<std::size_t, 3>());
    case 4:
      return visit(std::integral_constant<std::size_t, 4>());
    default:
      return visit(std::integral_constant<std::size_t, 8>());
  }
}

/// Reads and writes positions of one width.
class Positions {
 public:
  constexpr Positions() noexcept = default;
  /// For an index of `capacity` slots.
  explicit constexpr Positions(std::size_t capacity) noexcept
      : width_(static_cast<std::uint8_t>(ordered::position_width(capacity))),
        spare_bits_(static_cast<std::uint8_t>(64 - 8 * width_)) {}

  [[nodiscard]] std::size_t width() const noexcept { return width_; }

  /// Where the position in slot `slot` lies in the index whose control bytes begin at `controls`. That of the `lane`-th
  /// slot after it is `lane` widths lower.
  [[nodiscard]] Control* at(Control* controls, std::size_t slot) const noexcept {
    return controls - (slot + 1) * width_;
  }

  [[nodiscard]] PERTURB_ALWAYS_INLINE std::size_t read(const Control* bytes) const noexcept {
    std::uint64_t position = 0;
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(&position, bytes, sizeof position);
      position &= mask();
    } else {
      for (unsigned byte = 0; byte < width_; ++byte) position |= std::uint64_t{bytes[byte]} << (8 * byte);
    }
    return hashing::integer_cast<std::size_t>(position);
  }

  /// Byte for byte, since a write of eight bytes would have to wait until those that stay have been read.
  PERTURB_ALWAYS_INLINE void write(Control* bytes, std::size_t position) const noexcept {
    const auto byte = [&](unsigned i) { return static_cast<Control>(std::uint64_t{position} >> (8 * i)); };
    switch (width_) {
      case 1:
        bytes[0] = byte(0);
        break;
      case 2:
        bytes[0] = byte(0);
        bytes[1] = byte(1);
        break;
      case 3:
        bytes[0] = byte(0);
        bytes[1] = byte(1);
        bytes[2] = byte(2);
        break;
      case 4:
        for (unsigned i = 0; i < 4; ++i) bytes[i] = byte(i);
        break;
      default:
        for (unsigned i = 0; i < 8; ++i) bytes[i] = byte(i);
        break;
    }
  }

 private:
  [[nodiscard]] std::uint64_t mask() const noexcept { return ~std::uint64_t{0} >> spare_bits_; }

  std::uint8_t width_ = 1;
  std::uint8_t spare_bits_ = 56;
};

/// A view of an index and of the entries that it leads to. It owns nothing, and is to a search what a SlotArray is.
template <class Slot>
class Index {
 public:
  using Place = table::Place<Slot>;

  /// `entries`: null if the table has no memory.
  Index(Control* controls, std::size_t capacity, Slot* entries, Positions positions) noexcept
      : controls_(controls), entries_(entries), capacity_(capacity), positions_(positions) {}

  [[nodiscard]] Control* controls() const noexcept { return controls_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::size_t home_mask() const noexcept { return capacity_ < kGroupWidth ? 0 : capacity_ - kGroupWidth; }
  [[nodiscard]] ControlGroup group(std::size_t start) const noexcept { return ControlGroup(controls_ + start); }

  [[nodiscard]] std::size_t position(std::size_t slot) const noexcept {
    return positions_.read(positions_.at(controls_, slot));
  }
  [[nodiscard]] Slot* slot(std::size_t slot) const noexcept { return entries_ + position(slot); }
  [[nodiscard]] Place at(std::size_t slot) const noexcept { return {controls_ + slot, this->slot(slot)}; }

  /// Prefetches the control bytes of the group from `start` on, and its first positions.
  void prefetch_group(std::size_t start) const noexcept {
    detail::prefetch(controls_ + start);
    detail::prefetch(positions_.at(controls_, start));
  }

  /// Prefetches what an insertion into this empty slot writes.
  void prefetch_empty(std::size_t slot) const noexcept { detail::prefetch(positions_.at(controls_, slot)); }

  /// Makes every slot empty.
  void set_all_empty() const noexcept { std::memset(controls_, table::kEmpty, capacity_); }

  /// Calls `visit(Place)` for each full slot.
  template <class Visit>
  void for_each_full(Visit visit) const {
    for (std::size_t start = 0; start < capacity_; start += kGroupWidth) {
      for (auto full = group(start).match_full(); full; full.drop_lowest()) visit(at(start + full.lowest()));
    }
  }

  /// Replaces each position by `renumber(position)`.
  template <class Renumber>
  void renumber(Renumber renumber) const {
    ordered::with_width(positions_.width(), [&](auto width) {
      for (std::size_t start = 0; start < capacity_; start += table::kWalkedAtOnce) {
        // The full slots of four groups as one set: the end of a set is a mispredicted branch.
        std::uint64_t full = 0;
        for (std::size_t i = 0; i < table::kWalkedAtOnce && start + i < capacity_; i += kGroupWidth) {
          full |= std::uint64_t{group(start + i).match_full().packed()} << i;
        }
        Control* const first = controls_ - (start + 1) * width;
        for (; full != 0; full &= full - 1) {
          Control* const bytes = first - static_cast<std::size_t>(std::countr_zero(full)) * width;
          // Exactly its bytes: a longer load would wait for the position that was written just before.
          std::uint64_t position = 0;
          for (std::size_t i = 0; i < width; ++i) position |= std::uint64_t{bytes[i]} << (8 * i);
          position = renumber(hashing::integer_cast<std::size_t>(position));
          for (std::size_t i = 0; i < width; ++i) bytes[i] = static_cast<Control>(position >> (8 * i));
        }
      }
    });
  }

  /// Puts `position` of an entry with this hash into the first empty slot. Pre: there are no tombstones.
  void insert(std::uint64_t hash, std::size_t position) const noexcept {
    table::probe_groups(controls_, home_mask(), hash, [&](ControlGroup group, std::size_t start) {
      const auto empty = group.match_empty();
      if (!empty) return false;
      const std::size_t slot = start + empty.lowest();
      controls_[slot] = table::tag_of(hash);
      positions_.write(positions_.at(controls_, slot), position);
      return true;
    });
  }

 private:
  Control* controls_;
  Slot* entries_;
  std::size_t capacity_;
  Positions positions_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ordered
