// SPDX-License-Identifier: MIT
/// @file What HashRing::points() gives: its points as a random-access range; and what a ring can be built from.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/points.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <iterator>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A point of a ring: a position and the node that stands there.
template <class Node, class Token>
struct PointOf {
  Token token;
  const Node& node;
};

/// A range of nodes, or of pairs of a node and its weight.
template <class Range, class Node>
concept NodeRange = requires(const Range& range) {
  std::begin(range) != std::end(range);
} && !std::convertible_to<const Range&, Node> && (requires(const Range& range) {
  { *std::begin(range) } -> std::convertible_to<Node>;
} || requires(const Range& range) {
  { (*std::begin(range)).first } -> std::convertible_to<Node>;
  { (*std::begin(range)).second } -> std::convertible_to<double>;
});

/// The points of a ring in order. A view: valid until the ring changes.
template <class Node, TokenType Token>
class PointView {
 public:
  using Point = PointOf<Node, Token>;

  class Iterator {
   public:
    using value_type = Point;
    using difference_type = std::ptrdiff_t;
    using reference = Point;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;  // its elements are made when asked for
    using iterator_concept = std::random_access_iterator_tag;

    Iterator() = default;
    Iterator(const PointView* view, difference_type i) noexcept : points_(view->points_), nodes_(view->nodes_), i_(i) {}

    [[nodiscard]] Point operator*() const noexcept { return (*this)[0]; }
    [[nodiscard]] Point operator[](difference_type n) const noexcept {
      const auto i = static_cast<std::size_t>(i_ + n);
      return {points_->token(i), nodes_[points_->node(i)]};
    }
    Iterator& operator++() noexcept { return *this += 1; }
    Iterator& operator--() noexcept { return *this -= 1; }
    Iterator operator++(int) noexcept { return {*this, i_++}; }
    Iterator operator--(int) noexcept { return {*this, i_--}; }
    Iterator& operator+=(difference_type n) noexcept {
      i_ += n;
      return *this;
    }
    Iterator& operator-=(difference_type n) noexcept { return *this += -n; }
    friend Iterator operator+(Iterator it, difference_type n) noexcept { return it += n; }
    friend Iterator operator+(difference_type n, Iterator it) noexcept { return it += n; }
    friend Iterator operator-(Iterator it, difference_type n) noexcept { return it -= n; }
    friend difference_type operator-(Iterator a, Iterator b) noexcept { return a.i_ - b.i_; }
    friend bool operator==(Iterator a, Iterator b) noexcept { return a.i_ == b.i_; }
    friend auto operator<=>(Iterator a, Iterator b) noexcept { return a.i_ <=> b.i_; }

   private:
    Iterator(Iterator other, difference_type i) noexcept : points_(other.points_), nodes_(other.nodes_), i_(i) {}

    const PointArray<Token>* points_ = nullptr;
    const Node* nodes_ = nullptr;
    difference_type i_ = 0;
  };

  PointView(const PointArray<Token>& points, const Node* nodes) noexcept : points_(&points), nodes_(nodes) {}

  [[nodiscard]] std::size_t size() const noexcept { return points_->size(); }
  [[nodiscard]] bool empty() const noexcept { return points_->empty(); }
  [[nodiscard]] Iterator begin() const noexcept { return {this, 0}; }
  [[nodiscard]] Iterator end() const noexcept { return {this, static_cast<std::ptrdiff_t>(size())}; }
  /// Pre: i < size().
  [[nodiscard]] Point operator[](std::size_t i) const noexcept { return begin()[static_cast<std::ptrdiff_t>(i)]; }

 private:
  const PointArray<Token>* points_;
  const Node* nodes_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
