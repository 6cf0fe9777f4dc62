// SPDX-License-Identifier: MIT
/// @file A table's hasher and equality, and what happens to them when tables are moved, assigned and swapped.
///
/// The standard lets a moved-from function be of no use, as a std::function is, but a moved-from table has to stay
/// usable. So functions are copied where that cannot throw, moved where only moving cannot, and else copied.
#pragma once

#include <perturb/config.hpp>

#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::table {

template <class Hash, class KeyEqual>
class TableFunctions {
 public:
  TableFunctions(const Hash& hash, const KeyEqual& equal) : hash_(hash), equal_(equal) {}
  TableFunctions(const TableFunctions&) = default;
  TableFunctions(TableFunctions&& other) noexcept(is_nothrow_taken<Hash>() && is_nothrow_taken<KeyEqual>())
      : hash_(take(other.hash_)), equal_(take(other.equal_)) {}
  TableFunctions& operator=(const TableFunctions&) = delete;
  /// Guarantee: basic; the equality may not have been assigned when the hasher has.
  TableFunctions& operator=(TableFunctions&& other) noexcept(std::is_nothrow_move_assignable_v<Hash> &&
                                                             std::is_nothrow_move_assignable_v<KeyEqual>) {
    assign(hash_, other.hash_);
    assign(equal_, other.equal_);
    return *this;
  }
  ~TableFunctions() = default;

  /// Guarantee: basic, as above.
  void swap(TableFunctions& other) noexcept(std::is_nothrow_swappable_v<Hash> &&
                                            std::is_nothrow_swappable_v<KeyEqual>) {
    using std::swap;
    swap(hash_, other.hash_);
    swap(equal_, other.equal_);
  }

  [[nodiscard]] const Hash& hash() const noexcept { return hash_; }
  [[nodiscard]] const KeyEqual& equal() const noexcept { return equal_; }

 private:
  template <class Function>
  static constexpr bool is_nothrow_taken() noexcept {
    return std::is_nothrow_copy_constructible_v<Function> || std::is_nothrow_move_constructible_v<Function>;
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

}  // namespace perturb::inline PERTURB_ABI::table
