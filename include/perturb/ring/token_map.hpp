// SPDX-License-Identifier: MIT
/// @file TokenMap: sorted tokens with a number at each, as parallel arrays (token_array.hpp).
///
/// It holds the points of a ring, each with the number of its node, and the ends of the arcs, each with the number of
/// the owner. Copies of a map share the tokens until one of them changes, so a copy of a ring costs no second array of
/// tokens.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_array.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A value that no token has: no node, no arc.
inline constexpr std::uint32_t kNoValue = 0xFFFFFFFF;

/// Tokens that copies share. Beside std::shared_ptr it can tell whether it is the only owner in such a way that it may
/// then change them, whatever other threads did with their copies.
template <TokenType Token>
class SharedTokens {
 public:
  SharedTokens() = default;
  explicit SharedTokens(TokenArray<Token> tokens) : block_(new Block{std::move(tokens)}) {}
  SharedTokens(const SharedTokens& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->owners.fetch_add(1, std::memory_order_relaxed);
  }
  SharedTokens(SharedTokens&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  SharedTokens& operator=(SharedTokens other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~SharedTokens() {
    if (block_ != nullptr && block_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete block_;
  }

  [[nodiscard]] TokenSpan<Token> get() const noexcept {
    return block_ == nullptr ? TokenSpan<Token>() : block_->tokens.span();
  }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return block_ == nullptr ? 0 : block_->tokens.memory_bytes();
  }
  /// The tokens, to be changed, if there are any, they are not packed and no copy shares them; else nullptr.
  [[nodiscard]] std::vector<Token>* own() noexcept {
    return block_ != nullptr && block_->owners.load(std::memory_order_acquire) == 1 ? block_->tokens.unpacked()
                                                                                    : nullptr;
  }

 private:
  struct Block {
    TokenArray<Token> tokens;
    std::atomic<std::size_t> owners = 1;
  };
  Block* block_ = nullptr;
};

template <TokenType Token>
class TokenMap {
 public:
  using Value = std::uint32_t;

  TokenMap() = default;
  /// Pre: `tokens` is sorted, and there are as many values as tokens.
  TokenMap(std::vector<Token> tokens, std::vector<Value> values)
      : tokens_(TokenArray<Token>(std::move(tokens), true)), values_(std::move(values)) {}

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] TokenSpan<Token> tokens() const noexcept { return tokens_.get(); }
  [[nodiscard]] const NumberArray& values() const noexcept { return values_; }
  /// Pre: i < size().
  [[nodiscard]] Token token(std::size_t i) const noexcept { return tokens_.get()[i]; }
  /// Pre: i < size().
  [[nodiscard]] Value value(std::size_t i) const noexcept { return values_[i]; }

  /// A range of at most 4 sqrt(n) indices that has the place of `token` among random tokens: these stand at most
  /// 2 sqrt(n) places from where evenly spaced ones would, which are four deviations.
  [[nodiscard]] std::pair<std::size_t, std::size_t> likely_range(Token token) const noexcept {
    const std::size_t count = size();
    const std::size_t spread = std::size_t{2} << std::bit_width(count) / 2;
    const auto even = static_cast<std::size_t>((ring::high_bits(token) >> 32) * count >> 32);
    return {even - (std::min)(even, spread), (std::min)(even + spread, count)};
  }
  /// The index of the first token at or after `token`; past the last one, of the first.
  /// Pre: not empty. Complexity: O(log n).
  [[nodiscard]] std::size_t first_at_or_after(Token token) const noexcept {
    const std::size_t count = size();
    const TokenSpan<Token> tokens = tokens_.get();
    auto [first, last] = likely_range(token);
    if (first > 0 && !(tokens[first - 1] < token)) std::tie(first, last) = std::pair(std::size_t{0}, first);
    if (last < count && tokens[last] < token) std::tie(first, last) = std::pair(last, count);
    const std::size_t found = tokens.lower_bound(token, first, last);
    return found == count ? 0 : found;
  }

  /// A copy of all tokens and values.
  [[nodiscard]] std::pair<std::vector<Token>, std::vector<Value>> unpacked() const {
    std::pair<std::vector<Token>, std::vector<Value>> copy;
    copy.first.reserve(size());
    copy.second.reserve(size());
    const TokenSpan<Token> tokens = tokens_.get();
    for (std::size_t i = 0; i < size(); ++i) {
      copy.first.push_back(tokens[i]);
      copy.second.push_back(values_[i]);
    }
    return copy;
  }

  /// The bytes allocated; other maps may share those of the tokens.
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return tokens_.memory_bytes() + values_.memory_bytes(); }

  /// Makes room for `count` tokens, and an eighth more, that are not packed and that no other map shares: the members
  /// below then do not throw. Strong guarantee.
  void reserve_own(std::size_t count) {
    std::vector<Token>* const own = tokens_.own();
    const bool has_room = own != nullptr && own->capacity() >= count;
    if (has_room && values_.visit([&](const auto& values) { return values.capacity() >= count; })) return;
    const std::size_t room = count + count / 8;
    values_.visit([&](auto& values) { values.reserve(room); });
    if (has_room) return;
    std::vector<Token> copy;
    copy.reserve(room);
    const TokenSpan<Token> tokens = tokens_.get();
    for (std::size_t i = 0; i < tokens.size(); ++i) copy.push_back(tokens[i]);
    tokens_ = SharedTokens<Token>(TokenArray<Token>(std::move(copy), false));
  }
  /// Removes the tokens at these indices, which ascend. Pre: reserve_own().
  void erase(std::span<const std::uint32_t> indices) noexcept {
    if (indices.empty()) return;
    const auto erase_in = [&](auto& vector) {
      std::size_t end = indices.front();
      for (std::size_t k = 0; k < indices.size(); ++k) {
        const std::size_t first = indices[k] + std::size_t{1};
        const std::size_t last = k + 1 < indices.size() ? indices[k + 1] : vector.size();
        std::copy(vector.begin() + at(first), vector.begin() + at(last), vector.begin() + at(end));
        end += last - first;
      }
      vector.resize(end);
    };
    erase_in(*tokens_.own());
    values_.visit(erase_in);
  }
  /// Adds `by` to the values that are at least `from`. Pre: they keep their width.
  void shift_values(Value from, Value by) noexcept {
    values_.visit([&](auto& values) {
      using Width = std::remove_reference_t<decltype(values[0])>;
      for (Width& value : values) value = static_cast<Width>(value + (value >= from ? by : 0));
    });
  }
  /// Inserts sorted elements {token, node}. Of equal tokens the one with the smaller value comes first.
  /// Pre: reserve_own() for all; the values keep their width.
  template <class Element>
  void insert(std::span<const Element> elements) noexcept {
    std::vector<Token>& tokens = *tokens_.own();
    values_.visit([&](auto& values) {
      std::size_t last = values.size();  // what is from here on stands where it is to stay
      std::size_t to = last + elements.size();
      tokens.resize(to);
      values.resize(to);
      for (std::size_t k = elements.size(); k-- > 0;) {
        const auto& [token, value] = elements[k];
        const auto [equal, greater] = std::equal_range(tokens.begin(), tokens.begin() + at(last), token);
        const auto place = std::upper_bound(values.begin() + (equal - tokens.begin()),
                                            values.begin() + (greater - tokens.begin()), value);
        const auto first = static_cast<std::size_t>(place - values.begin());
        std::copy_backward(tokens.begin() + at(first), tokens.begin() + at(last), tokens.begin() + at(to));
        std::copy_backward(values.begin() + at(first), values.begin() + at(last), values.begin() + at(to));
        to -= last - first + 1;
        tokens[to] = token;
        values[to] = static_cast<std::remove_reference_t<decltype(values[0])>>(value);
        last = first;
      }
    });
  }

  friend bool operator==(const TokenMap& a, const TokenMap& b) noexcept {
    return a.values_ == b.values_ && a.tokens() == b.tokens();
  }

 private:
  static constexpr std::ptrdiff_t at(std::size_t index) noexcept { return static_cast<std::ptrdiff_t>(index); }

  SharedTokens<Token> tokens_;
  NumberArray values_;
};

/// A token map that is being filled in the order of tokens.
template <TokenType Token>
class TokenMapBuilder {
 public:
  explicit TokenMapBuilder(std::size_t count) {
    tokens_.reserve(count);
    values_.reserve(count);
  }
  void append(Token token, std::uint32_t value) {
    tokens_.push_back(token);
    values_.push_back(value);
  }
  /// Appends those of `map` from number `first` on, before number `last`, each with new_value[its value].
  void append_run(const TokenMap<Token>& map, std::size_t first, std::size_t last,
                  std::span<const std::uint32_t> new_value) {
    const std::size_t begin = values_.size();
    tokens_.resize(begin + (last - first));
    values_.resize(begin + (last - first));
    map.tokens().visit([&](const auto& tokens) {
      Token* const to = tokens_.data() + begin;
      for (std::size_t i = first; i < last; ++i) to[i - first] = tokens[i];
    });
    std::uint32_t* const to = values_.data() + begin;
    map.values().visit([&](const auto& values) {
      for (std::size_t i = first; i < last; ++i) to[i - first] = new_value[values[i]];
    });
  }
  [[nodiscard]] bool empty() const noexcept { return tokens_.empty(); }
  /// Pre: not empty, for these three.
  [[nodiscard]] Token last_token() const noexcept { return tokens_.back(); }
  [[nodiscard]] std::uint32_t last_value() const noexcept { return values_.back(); }
  void set_last_value(std::uint32_t value) noexcept { values_.back() = value; }
  [[nodiscard]] TokenMap<Token> finish() && { return {std::move(tokens_), std::move(values_)}; }

 private:
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> values_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
