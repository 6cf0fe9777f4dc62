// SPDX-License-Identifier: MIT
/// @file The iterator of a sharded table: through its tables in turn, and through the entries of each.
#pragma once

#include <perturb/config.hpp>

#include <cstddef>
#include <iterator>
#include <type_traits>

namespace perturb::inline PERTURB_ABI::detail::sharded {

/// `Table` is const for a const_iterator.
template <class Table>
class ShardedIterator {
  static constexpr bool kIsConst = std::is_const_v<Table>;
  using Inner =
      std::conditional_t<kIsConst, typename std::remove_const_t<Table>::const_iterator, typename Table::iterator>;

 public:
  using value_type = typename std::remove_const_t<Table>::value_type;
  using reference = typename std::iterator_traits<Inner>::reference;
  using pointer = typename std::iterator_traits<Inner>::pointer;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::forward_iterator_tag;

  ShardedIterator() = default;
  /// The first entry of the tables from `table` up to `last`.
  ShardedIterator(Table* table, Table* last) : table_(table), last_(last) {
    if (table_ != last_) inner_ = table_->begin();
    skip_empty_tables();
  }
  /// A const_iterator from an iterator.
  template <class Other>
    requires(kIsConst && std::is_same_v<const Other, Table>)
  ShardedIterator(const ShardedIterator<Other>& other)  // NOLINT(google-explicit-constructor)
      : table_(other.table_), last_(other.last_), inner_(other.inner_) {}

  [[nodiscard]] reference operator*() const { return *inner_; }
  [[nodiscard]] pointer operator->() const { return inner_.operator->(); }
  ShardedIterator& operator++() {
    ++inner_;
    skip_empty_tables();
    return *this;
  }
  ShardedIterator operator++(int) {
    const ShardedIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const ShardedIterator& a, const ShardedIterator& b) {
    return a.table_ == b.table_ && (a.table_ == a.last_ || a.inner_ == b.inner_);
  }

 private:
  template <class>
  friend class ShardedIterator;

  void skip_empty_tables() {
    while (table_ != last_ && inner_ == table_->end()) {
      ++table_;
      if (table_ != last_) inner_ = table_->begin();
    }
  }

  Table* table_ = nullptr;
  Table* last_ = nullptr;  // the end of the tables; at the end of all entries table_ is there
  Inner inner_{};
};

}  // namespace perturb::inline PERTURB_ABI::detail::sharded
