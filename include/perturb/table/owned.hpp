// SPDX-License-Identifier: MIT
/// @file What happens to a table's members when tables are copied, moved, assigned, swapped and destroyed, whatever
/// their storage.
///
/// The memory changes hands together with everything that is known of it (the State). Hasher and equality go their own
/// way (TableFunctions), and so does the allocator, as its propagation traits say. Where allocators differ and do not
/// propagate, elements are moved one by one.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>
#include <perturb/table/generation.hpp>

#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

/// `Storage` derives from TableMembers and has these members for tables without memory and with it:
///
///     copy_elements(other)   Pre: this table has no memory. Guarantee: strong.
///     move_elements(other)   the same, with an `other` of another allocator, which has no memory afterwards
///     free_memory()          destroys the elements; the state is not valid any more
template <class Storage>
class Owned : public Storage {
  using typename Storage::Allocator;
  using typename Storage::Functions;
  using Traits = std::allocator_traits<Allocator>;

 protected:
  using Storage::allocator_;
  using Storage::functions_;
  using Storage::generation_;
  using Storage::state_;

 public:
  template <class Hash, class KeyEqual>
  Owned(const Hash& hash, const KeyEqual& equal, const Allocator& allocator)
      : Storage(Functions(hash, equal), allocator) {}

  Owned(const Owned& other, const Allocator& allocator) : Storage(other.functions_, allocator) {
    static_assert(Storage::Element::is_copyable(),
                  "perturb: this table cannot be copied, because its key or value type cannot be copied: move the "
                  "table, or give the type a copy constructor");
    this->copy_elements(other);
  }

  /// Takes the memory of `other`, which is empty and usable afterwards.
  Owned(Owned&& other) noexcept(Functions::kMovesWithoutThrowing)
      : Storage(std::move(other.functions_), std::move(other.allocator_)) {
    take_memory(other);
  }

  /// Takes the memory where `allocator` can free it, else moves element by element.
  Owned(Owned&& other, const Allocator& allocator) : Storage(std::move(other.functions_), allocator) {
    if (allocator_ == other.allocator_) {
      take_memory(other);
    } else {
      this->move_elements(other);
    }
  }

  ~Owned() { this->free_memory(); }

  Owned& operator=(const Owned& other) {
    if (this == std::addressof(other)) return *this;
    constexpr bool kPropagates = Traits::propagate_on_container_copy_assignment::value;
    Owned copy(other, kPropagates ? other.allocator_ : allocator_);
    adopt(copy);
    if constexpr (kPropagates) {
      // The memory that goes with `copy` came from this table's old allocator.
      const Allocator old = allocator_;
      allocator_ = other.allocator_;
      copy.allocator_ = old;
    }
    return *this;
  }

  Owned& operator=(Owned&& other) noexcept((Traits::propagate_on_container_move_assignment::value ||
                                            Traits::is_always_equal::value) &&
                                           Functions::kAssignsWithoutThrowing) {
    if (this == std::addressof(other)) return *this;
    if constexpr (!Traits::propagate_on_container_move_assignment::value) {
      if (allocator_ != other.allocator_) {
        Owned moved(std::move(other), allocator_);
        adopt(moved);
        return *this;
      }
    }
    generation_.check_idle();
    other.generation_.check_idle();
    functions_ = std::move(other.functions_);
    // `other` may be part of an element of this table: it is not used any more when these are destroyed.
    auto state = std::exchange(other.state_, {});
    Generation counters;
    counters.swap(other.generation_);
    if constexpr (Traits::propagate_on_container_move_assignment::value) {
      Allocator allocator = std::move(other.allocator_);
      this->drop_memory();
      allocator_ = std::move(allocator);
    } else {
      this->drop_memory();
    }
    state_ = std::move(state);
    generation_.swap(counters);
    return *this;
  }

  void swap(Owned& other) noexcept(Functions::kSwapsWithoutThrowing) {
    swap_functions(other);
    if constexpr (Traits::propagate_on_container_swap::value) {
      using std::swap;
      swap(allocator_, other.allocator_);
    } else {
      PERTURB_ASSERT(allocator_ == other.allocator_,
                     "swap of two tables with unequal allocators that do not propagate: assign by move instead");
    }
    swap_memory(other);
  }

 private:
  // Pre: this table has no memory.
  void take_memory(Owned& other) noexcept {
    other.generation_.check_idle();
    state_ = std::exchange(other.state_, {});
    generation_.swap(other.generation_);
  }

  void swap_memory(Owned& other) noexcept {
    generation_.check_idle();
    other.generation_.check_idle();
    std::swap(state_, other.state_);
    generation_.swap(other.generation_);
  }

  // Exchanges everything but the allocators with `other`, which is about to be destroyed.
  void adopt(Owned& other) {
    if constexpr (!Functions::kSwapsWithoutThrowing) {
      // A swap that throws half-way must not leave elements that were placed by another hasher.
      this->drop_memory();
    }
    swap_functions(other);
    swap_memory(other);
  }

  void swap_functions(Owned& other) noexcept(Functions::kSwapsWithoutThrowing) {
    functions_.swap(other.functions_, [&] {
      this->drop_memory();
      other.drop_memory();
    });
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
