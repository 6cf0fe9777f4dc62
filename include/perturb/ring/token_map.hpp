// SPDX-License-Identifier: MIT
/// @file TokenMap: sorted tokens with a number at each, as two parallel arrays.
///
/// It holds the points of a ring, each with the number of its node, and the ends of the arcs, each with the number of
/// the owner. Copies of a map share the tokens until one of them changes, so a copy of a ring costs no second array of
/// tokens.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
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
  explicit SharedTokens(std::vector<Token> tokens) : block_(new Block{std::move(tokens)}) {}
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

  [[nodiscard]] std::span<const Token> get() const noexcept {
    return block_ == nullptr ? std::span<const Token>() : std::span<const Token>(block_->tokens);
  }
  [[nodiscard]] std::size_t capacity() const noexcept { return block_ == nullptr ? 0 : block_->tokens.capacity(); }
  /// The tokens, to be changed, if there are any and no copy shares them; else nullptr.
  [[nodiscard]] std::vector<Token>* own() noexcept {
    return block_ != nullptr && block_->owners.load(std::memory_order_acquire) == 1 ? &block_->tokens : nullptr;
  }

 private:
  struct Block {
    std::vector<Token> tokens;
    std::atomic<std::size_t> owners = 1;
  };
  Block* block_ = nullptr;
};

template <TokenType Token>
class TokenMapBuilder;

template <TokenType Token>
class TokenMap {
 public:
  using Value = std::uint32_t;

  TokenMap() = default;
  /// Pre: `tokens` is sorted, and there are as many values as tokens.
  TokenMap(std::vector<Token> tokens, std::vector<Value> values)
      : tokens_(std::move(tokens)), values_(std::move(values)) {}

  /// The same tokens, shared, with other values.
  /// Pre: as many values as tokens.
  [[nodiscard]] TokenMap with_values(std::vector<Value> values) const {
    TokenMap result;
    result.tokens_ = tokens_;
    result.values_ = std::move(values);
    return result;
  }

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  [[nodiscard]] std::span<const Token> tokens() const noexcept { return tokens_.get(); }
  [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }
  /// Pre: i < size().
  [[nodiscard]] Token token(std::size_t i) const noexcept { return tokens_.get()[i]; }
  /// Pre: i < size().
  [[nodiscard]] Value value(std::size_t i) const noexcept { return values_[i]; }

  /// The index of the first token at or after `token`; past the last one, of the first.
  /// Pre: not empty. Complexity: O(log n).
  [[nodiscard]] std::size_t first_at_or_after(Token token) const noexcept {
    const std::span<const Token> tokens = tokens_.get();
    const auto it = std::lower_bound(tokens.begin(), tokens.end(), token);
    return it == tokens.end() ? 0 : static_cast<std::size_t>(it - tokens.begin());
  }

  /// The bytes allocated for the tokens, which other maps may share.
  [[nodiscard]] std::size_t token_bytes() const noexcept { return tokens_.capacity() * sizeof(Token); }
  /// The bytes allocated for the values.
  [[nodiscard]] std::size_t value_bytes() const noexcept { return values_.capacity() * sizeof(Value); }

  /// Makes room for `count` tokens, and some more, that no other map shares: the members below then do not throw.
  /// Strong guarantee.
  void reserve_own(std::size_t count) {
    std::vector<Token>* const own = tokens_.own();
    if (own != nullptr && own->capacity() >= count && values_.capacity() >= count) return;
    TokenMapBuilder<Token> larger(count + count / 8);
    larger.append_run(tokens(), values(), [](Value value) { return value; });
    *this = std::move(larger).finish();
  }
  /// Removes the tokens at these indices, which ascend. Pre: reserve_own().
  void erase(std::span<const std::uint32_t> indices) noexcept {
    if (indices.empty()) return;
    std::vector<Token>& tokens = *tokens_.own();
    std::size_t end = indices.front();
    for (std::size_t k = 0; k < indices.size(); ++k) {
      const std::size_t first = indices[k] + std::size_t{1};
      const std::size_t last = k + 1 < indices.size() ? indices[k + 1] : values_.size();
      std::copy(tokens.begin() + at(first), tokens.begin() + at(last), tokens.begin() + at(end));
      std::copy(values_.begin() + at(first), values_.begin() + at(last), values_.begin() + at(end));
      end += last - first;
    }
    tokens.resize(end);
    values_.resize(end);
  }
  /// Adds `by` to the values that are at least `from`.
  void shift_values(Value from, Value by) noexcept {
    for (Value& value : values_) value += value >= from ? by : 0;
  }
  /// Inserts sorted elements {token, node}. Of equal tokens the one with the smaller value comes first.
  /// Pre: reserve_own() for all.
  template <class Element>
  void insert(std::span<const Element> elements) noexcept {
    std::vector<Token>& tokens = *tokens_.own();
    std::size_t last = values_.size();  // what is from here on stands where it is to stay
    std::size_t to = last + elements.size();
    tokens.resize(to);
    values_.resize(to);
    for (std::size_t k = elements.size(); k-- > 0;) {
      const auto& [token, value] = elements[k];
      auto first =
          static_cast<std::size_t>(std::upper_bound(tokens.begin(), tokens.begin() + at(last), token) - tokens.begin());
      while (first > 0 && tokens[first - 1] == token && values_[first - 1] > value) --first;
      std::copy_backward(tokens.begin() + at(first), tokens.begin() + at(last), tokens.begin() + at(to));
      std::copy_backward(values_.begin() + at(first), values_.begin() + at(last), values_.begin() + at(to));
      to -= last - first + 1;
      tokens[to] = token;
      values_[to] = value;
      last = first;
    }
  }

  friend bool operator==(const TokenMap& a, const TokenMap& b) noexcept {
    return std::ranges::equal(a.tokens(), b.tokens()) && a.values_ == b.values_;
  }

 private:
  static constexpr std::ptrdiff_t at(std::size_t index) noexcept { return static_cast<std::ptrdiff_t>(index); }

  SharedTokens<Token> tokens_;
  std::vector<Value> values_;
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
  /// Appends many tokens, each with value_of(its old value). Pre: as many values as tokens.
  template <class ValueOf>
  void append_run(std::span<const Token> tokens, std::span<const std::uint32_t> values, ValueOf value_of) {
    tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
    const std::size_t begin = values_.size();
    values_.resize(begin + values.size());
    std::uint32_t* const to = values_.data() + begin;
    for (std::size_t i = 0; i < values.size(); ++i) to[i] = value_of(values[i]);
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
