// SPDX-License-Identifier: MIT
/// @file The values that a ring's members take and give: tokens of 128 bits, points, arcs, views of them, the balance.
///
/// A *token* is a position on the ring: std::uint32_t, std::uint64_t or Token128, whose arithmetic wraps as the ring
/// does. Which of them a ring has is its placement's choice (placement.hpp).
#pragma once

#include <perturb/config.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#if PERTURB_CHECKED
#include <memory>
#endif

namespace perturb::inline PERTURB_ABI {

namespace detail::ring {

// How a view of a ring notices, in checked builds, that the ring has changed since. In other builds both classes are
// empty.
#if PERTURB_CHECKED

/// Belongs to what views refer to. A copy has a stamp of its own; a move takes it along, as it does what views refer
/// to.
class ChangeStamp {
 public:
  ChangeStamp() = default;
  ChangeStamp(const ChangeStamp&) { renew(); }
  ChangeStamp(ChangeStamp&&) noexcept = default;
  ChangeStamp& operator=(const ChangeStamp& other) { return *this = ChangeStamp(other); }
  ChangeStamp& operator=(ChangeStamp&& other) noexcept = default;
  ~ChangeStamp() = default;

  /// Makes all views that were made before invalid.
  void renew() { alive_ = std::make_shared<char>(); }

 private:
  friend class ChangeCheck;
  std::shared_ptr<const char> alive_;
};

/// Belongs to a view.
class ChangeCheck {
 public:
  ChangeCheck() = default;
  explicit ChangeCheck(const ChangeStamp& stamp) noexcept : alive_(stamp.alive_) {}

  void assert_unchanged() const noexcept {
    PERTURB_ASSERT(!alive_.expired(),
                   "HashRing: a view or an iterator of points() or arcs() is read after the ring has changed; call "
                   "points() or arcs() again");
  }

 private:
  std::weak_ptr<const char> alive_;
};

#else

class ChangeStamp {
 public:
  void renew() noexcept {}
};

class ChangeCheck {
 public:
  ChangeCheck() = default;
  explicit ChangeCheck(const ChangeStamp&) noexcept {}
  void assert_unchanged() const noexcept {}
};

#endif

/// A view of numbers of 16 or of 32 bits.
class NumberSpan {
 public:
  NumberSpan() = default;
  NumberSpan(const std::uint16_t* narrow, const std::uint32_t* wide) noexcept : narrow_(narrow), wide_(wide) {}

  [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t operator[](std::size_t i) const noexcept {
    return wide_ == nullptr ? narrow_[i] : wide_[i];
  }
  /// Loads the number with this index into the cache.
  PERTURB_ALWAYS_INLINE void prefetch(std::size_t i) const noexcept {
    wide_ == nullptr ? detail::prefetch(narrow_ + i) : detail::prefetch(wide_ + i);
  }

 private:
  const std::uint16_t* narrow_ = nullptr;
  const std::uint32_t* wide_ = nullptr;
};

inline constexpr std::size_t kTokensPerBase = 8;

/// A view of sorted tokens, packed or not.
template <class Token>
class TokenSpan {
 public:
  TokenSpan() = default;
  TokenSpan(const Token* tokens, std::size_t size) noexcept : tokens_(tokens), size_(size) {}
  TokenSpan(const std::uint64_t* bases, const std::uint16_t* middle, const std::uint32_t* low,
            std::size_t size) noexcept
      : bases_(bases), middle_(middle), low_(low), size_(size) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Pre: i < size().
  [[nodiscard]] PERTURB_ALWAYS_INLINE Token operator[](std::size_t i) const noexcept {
    if constexpr (std::same_as<Token, std::uint64_t>) {
      if (bases_ != nullptr) return bases_[i / kTokensPerBase] + (std::uint64_t{middle_[i]} << 32 | low_[i]);
    }
    return tokens_[i];
  }
  /// Pre: not empty.
  [[nodiscard]] Token back() const noexcept { return (*this)[size_ - 1]; }
  /// Calls f with the tokens as an array, or with this view if they are packed. For loops over all tokens.
  template <class Function>
  decltype(auto) visit(Function&& f) const {
    if constexpr (std::same_as<Token, std::uint64_t>) {
      if (bases_ != nullptr) return f(*this);
    }
    return f(std::span<const Token>(tokens_, size_));
  }

  /// The index of the first token from number `first` on, before number `last`, that is not less than `token`; else
  /// `last`. Complexity: O(log(last - first)).
  [[nodiscard]] std::size_t lower_bound(Token token, std::size_t first, std::size_t last) const noexcept {
    return partition_point(first, last, [&](Token other) { return other < token; });
  }
  /// As lower_bound(), of the first token that is not before; those that are come first.
  template <class Predicate>
  [[nodiscard]] std::size_t partition_point(std::size_t first, std::size_t last, Predicate is_before) const noexcept {
    return visit([&](const auto& tokens) {
      // Far apart, tokens are loaded ahead of the branches on them; close together, these cost more than the loads.
      while (last - first > 32) {
        const std::size_t middle = first + (last - first) / 2;
        if (is_before(tokens[middle])) {
          first = middle + 1;
        } else {
          last = middle;
        }
      }
      for (std::size_t count = last - first; count > 0;) {
        const std::size_t half = (count + 1) / 2;
        first += is_before(tokens[first + half - 1]) ? half : 0;
        count -= half;
      }
      return first;
    });
  }

  friend bool operator==(const TokenSpan& a, const TokenSpan& b) noexcept {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }

 private:
  const Token* tokens_ = nullptr;
  const std::uint64_t* bases_ = nullptr;
  const std::uint16_t* middle_ = nullptr;
  const std::uint32_t* low_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace detail::ring

/// A position on a ring of 2^128, for instance a whole MD5 digest.
struct Token128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend constexpr auto operator<=>(const Token128&, const Token128&) noexcept = default;
  friend constexpr Token128 operator+(Token128 a, Token128 b) noexcept {
    const std::uint64_t low_sum = a.low + b.low;
    return {a.high + b.high + (low_sum < a.low ? 1 : 0), low_sum};
  }
  friend constexpr Token128 operator-(Token128 a, Token128 b) noexcept {
    return {a.high - b.high - (a.low < b.low ? 1 : 0), a.low - b.low};
  }
};

/// A part of the ring: the tokens in (after, upto], wrapping. The arc of a ring with one point has after == upto and is
/// the whole ring.
template <class Token>
struct Arc {
  Token after;
  Token upto;

  friend constexpr bool operator==(const Arc&, const Arc&) noexcept = default;
};

/// A point of a ring: a token, and the node that has a point there.
template <class Node, class Token>
struct RingPoint {
  using node_type = Node;
  using token_type = Token;

  Token token;
  const Node& node;
};

/// The end of an arc: the last token of the arc, and the node that owns the arc. The arc begins after the end before
/// it; the first arc begins after the last end. An end that equals the one before it closes an empty arc.
template <class Node, class Token>
struct ArcEnd {
  using node_type = Node;
  using token_type = Token;

  Token upto;
  const Node& node;
};

/// A random-access range of RingPoint or ArcEnd in ring order, as HashRing::points() and arcs() give it. Its elements
/// are made when they are read. Valid until the ring changes; checked builds abort when it is read later.
template <class Element>
class RingView {
  using Node = typename Element::node_type;
  using Token = typename Element::token_type;

 public:
  using value_type = Element;
  using size_type = std::size_t;

  class iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using reference = Element;
    using pointer = void;
    // C++17's forward iterators must give references, which there are none of; C++20's concept does not require that.
    using iterator_category = std::input_iterator_tag;
    using iterator_concept = std::random_access_iterator_tag;

    iterator() = default;

    [[nodiscard]] Element operator*() const noexcept { return (*this)[0]; }
    [[nodiscard]] Element operator[](difference_type n) const noexcept {
      check_.assert_unchanged();
      const std::size_t i = i_ + static_cast<std::size_t>(n);
      return {tokens_[i], nodes_[numbers_[i]]};
    }
    iterator& operator++() noexcept { return *this += 1; }
    iterator& operator--() noexcept { return *this -= 1; }
    iterator operator++(int) noexcept {
      const iterator before = *this;
      ++*this;
      return before;
    }
    iterator operator--(int) noexcept {
      const iterator before = *this;
      --*this;
      return before;
    }
    iterator& operator+=(difference_type n) noexcept {
      i_ += static_cast<std::size_t>(n);
      return *this;
    }
    iterator& operator-=(difference_type n) noexcept { return *this += -n; }
    friend iterator operator+(iterator it, difference_type n) noexcept { return it += n; }
    friend iterator operator+(difference_type n, iterator it) noexcept { return it += n; }
    friend iterator operator-(iterator it, difference_type n) noexcept { return it -= n; }
    friend difference_type operator-(const iterator& a, const iterator& b) noexcept {
      return static_cast<difference_type>(a.i_ - b.i_);
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.i_ == b.i_; }
    friend auto operator<=>(const iterator& a, const iterator& b) noexcept { return a.i_ <=> b.i_; }

   private:
    friend RingView;
    explicit iterator(const RingView& view) noexcept
        : tokens_(view.tokens_), numbers_(view.numbers_), nodes_(view.nodes_), check_(view.check_) {}

    detail::ring::TokenSpan<Token> tokens_;
    detail::ring::NumberSpan numbers_;
    const Node* nodes_ = nullptr;
    std::size_t i_ = 0;
    PERTURB_NO_UNIQUE_ADDRESS detail::ring::ChangeCheck check_;
  };
  using const_iterator = iterator;

  /// For the ring: element i is made of `tokens[i]` and `nodes[numbers[i]]`.
  /// Pre: as many numbers as tokens.
  RingView(const detail::ring::TokenSpan<Token>& tokens, const detail::ring::NumberSpan& numbers, const Node* nodes,
           const detail::ring::ChangeCheck& check = {}) noexcept
      : tokens_(tokens), numbers_(numbers), nodes_(nodes), check_(check) {}

  [[nodiscard]] std::size_t size() const noexcept { return tokens_.size(); }
  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }
  [[nodiscard]] iterator begin() const noexcept { return iterator(*this); }
  [[nodiscard]] iterator end() const noexcept { return begin() + static_cast<std::ptrdiff_t>(size()); }
  /// Pre: i < size().
  [[nodiscard]] Element operator[](std::size_t i) const noexcept {
    PERTURB_ASSERT(i < size(), "RingView: the index is not less than the number of elements");
    return begin()[static_cast<std::ptrdiff_t>(i)];
  }

 private:
  detail::ring::TokenSpan<Token> tokens_;
  detail::ring::NumberSpan numbers_;
  const Node* nodes_;
  PERTURB_NO_UNIQUE_ADDRESS detail::ring::ChangeCheck check_;
};

/// How evenly a ring is shared. Each node's share is compared with the share that its weight deserves, weight / sum of
/// weights: 1 means exactly that share. With equal weights the deserved share is the mean share.
struct Balance {
  double peak = 0;       ///< the largest share over deserved share
  double min = 0;        ///< the smallest share over deserved share
  double deviation = 0;  ///< the standard deviation of share over deserved share

  /// What makes the shares uneven, or the keys although the shares are even: messages for people.
  std::vector<std::string> warnings;
};

}  // namespace perturb::inline PERTURB_ABI
