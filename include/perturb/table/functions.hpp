// SPDX-License-Identifier: MIT
/// @file A table's hasher and equality, and what happens to them when tables are moved, assigned and swapped.
///
/// The standard lets a moved-from function be of no use, as a std::function is, but a moved-from table has to stay
/// usable. So functions are copied where that cannot throw, moved where only moving cannot, and else copied.
#pragma once

#include <perturb/config.hpp>

#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::table {

template <class Hash, class KeyEqual>
class TableFunctions {
  template <class Function>
  static constexpr bool kIsNothrowTaken =
      std::is_nothrow_copy_constructible_v<Function> || std::is_nothrow_move_constructible_v<Function>;

 public:
  static constexpr bool kSwapsWithoutThrowing =
      std::is_nothrow_swappable_v<Hash> && std::is_nothrow_swappable_v<KeyEqual>;
  static constexpr bool kMovesWithoutThrowing = kIsNothrowTaken<Hash> && kIsNothrowTaken<KeyEqual>;
  static constexpr bool kAssignsWithoutThrowing =
      (std::is_nothrow_move_assignable_v<Hash> && std::is_nothrow_move_assignable_v<KeyEqual>) ||
      (kMovesWithoutThrowing && kSwapsWithoutThrowing);

  TableFunctions(const Hash& hash, const KeyEqual& equal) : hash_(hash), equal_(equal) {}
  TableFunctions(const TableFunctions&) = default;
  TableFunctions(TableFunctions&& other) noexcept(kMovesWithoutThrowing)
      : hash_(take(other.hash_)), equal_(take(other.equal_)) {}
  TableFunctions& operator=(const TableFunctions&) = delete;
  /// Guarantee: strong, as swap.
  TableFunctions& operator=(TableFunctions&& other) noexcept(kAssignsWithoutThrowing) {
    if constexpr (std::is_nothrow_move_assignable_v<Hash> && std::is_nothrow_move_assignable_v<KeyEqual>) {
      assign_each(other);
    } else {
      // One that throws half-way would leave a hasher of one table with the equality of another.
      TableFunctions taken(std::move(other));
      swap(taken, [] {});
    }
    return *this;
  }
  ~TableFunctions() = default;

  /// Guarantee: strong; but if a function throws again while it is put back, calls `give_up()`, since one of the two
  /// may then hold functions of both.
  template <class GiveUp>
  void swap(TableFunctions& other, [[maybe_unused]] GiveUp give_up) noexcept(kSwapsWithoutThrowing) {
#if PERTURB_EXCEPTIONS
    if constexpr (!kSwapsWithoutThrowing) {
      TableFunctions mine(*this);
      TableFunctions theirs(other);
      try {
        swap_each(other);
      } catch (...) {
        try {
          assign_each(mine);
          other.assign_each(theirs);
        } catch (...) {
          give_up();
        }
        throw;
      }
      return;
    }
#endif
    swap_each(other);
  }

  [[nodiscard]] const Hash& hash() const noexcept { return hash_; }
  [[nodiscard]] const KeyEqual& equal() const noexcept { return equal_; }

 private:
  void assign_each(TableFunctions& other) noexcept(std::is_nothrow_move_assignable_v<Hash> &&
                                                   std::is_nothrow_move_assignable_v<KeyEqual>) {
    assign(hash_, other.hash_);
    assign(equal_, other.equal_);
  }

  void swap_each(TableFunctions& other) noexcept(kSwapsWithoutThrowing) {
    using std::swap;
    swap(hash_, other.hash_);
    swap(equal_, other.equal_);
  }

  template <class Function>
  static decltype(auto) take(Function& function) noexcept {
    if constexpr (std::is_nothrow_copy_constructible_v<Function> || !std::is_nothrow_move_constructible_v<Function>) {
      return static_cast<const Function&>(function);
    } else {
      return static_cast<Function&&>(function);
    }
  }

  template <class Function>
  static void assign(Function& to, Function& from) noexcept(std::is_nothrow_move_assignable_v<Function>) {
    if constexpr (std::is_nothrow_copy_assignable_v<Function>) {
      to = static_cast<const Function&>(from);
    } else {
      to = std::move(from);
    }
  }

  PERTURB_NO_UNIQUE_ADDRESS Hash hash_;
  PERTURB_NO_UNIQUE_ADDRESS KeyEqual equal_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::table
