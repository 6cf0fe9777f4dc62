// SPDX-License-Identifier: MIT
/// @file Views of a table's keys, values and elements: pairs of iterators.
#pragma once

#include <perturb/config.hpp>
#include <perturb/std_parts.hpp>

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

namespace perturb::inline PERTURB_ABI::detail::facade {

/// Steps like `Iterator`, and gives `Part::of(*it)`.
template <class Iterator, class Part>
class PartIterator {
 public:
  using iterator_category = typename Iterator::iterator_category;
  using reference = decltype(Part::of(*std::declval<const Iterator&>()));
  using value_type = std::remove_cvref_t<reference>;
  using pointer = std::remove_reference_t<reference>*;
  using difference_type = std::ptrdiff_t;

  PartIterator() noexcept = default;
  explicit PartIterator(Iterator it) noexcept : it_(std::move(it)) {}

  [[nodiscard]] reference operator*() const noexcept { return Part::of(*it_); }
  [[nodiscard]] pointer operator->() const noexcept { return std::addressof(Part::of(*it_)); }
  PartIterator& operator++() noexcept {
    ++it_;
    return *this;
  }
  PartIterator operator++(int) noexcept { return PartIterator(it_++); }
  PartIterator& operator--() noexcept
    requires requires(Iterator it) { --it; }
  {
    --it_;
    return *this;
  }
  PartIterator operator--(int) noexcept
    requires requires(Iterator it) { --it; }
  {
    return PartIterator(it_--);
  }
  [[nodiscard]] friend bool operator==(const PartIterator&, const PartIterator&) noexcept = default;

 private:
  Iterator it_;
};

struct FirstPart {
  template <class Pair>
  static auto& of(Pair& pair) noexcept {
    return pair.first;
  }
};
struct SecondPart {
  template <class Pair>
  static auto& of(Pair& pair) noexcept {
    return pair.second;
  }
};
template <class Iterator>
using KeyIterator = PartIterator<Iterator, FirstPart>;
template <class Iterator>
using ValueIterator = PartIterator<Iterator, SecondPart>;

/// A range of elements, or of a part of each; cheap to copy. Valid as long as the table's iterators.
template <class Iterator>
class View {
 public:
  using iterator = Iterator;
  using value_type = typename Iterator::value_type;

  View() noexcept = default;
  template <class TableIterator>
  View(TableIterator first, TableIterator last) noexcept : begin_(std::move(first)), end_(std::move(last)) {}

  [[nodiscard]] Iterator begin() const noexcept { return begin_; }
  [[nodiscard]] Iterator end() const noexcept { return end_; }
  [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }

 private:
  Iterator begin_;
  Iterator end_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::facade

// Both templates are declared in <span>. A View is a view, and its iterators outlive it.
template <class Iterator>
inline constexpr bool std::ranges::enable_view<perturb::detail::facade::View<Iterator>> = true;
template <class Iterator>
inline constexpr bool std::ranges::enable_borrowed_range<perturb::detail::facade::View<Iterator>> = true;
