// SPDX-License-Identifier: MIT
/// @file TokenMap: sorted tokens with a number at each, as two parallel arrays.
///
/// It holds the points of a ring, each with the number of its node, and the ends of the arcs, each with the number of
/// the owner. The tokens never change once they are made, so maps share them: a copy of a
/// ring costs no second array of tokens.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// A value that no token has: no node, no arc.
inline constexpr std::uint32_t kNoValue = 0xFFFFFFFF;

template <TokenType Token>
class TokenMap {
 public:
  using Value = std::uint32_t;

  TokenMap() = default;
  /// Pre: `tokens` is sorted, and there are as many values as tokens.
  TokenMap(std::vector<Token> tokens, std::vector<Value> values)
      : tokens_(std::make_shared<const std::vector<Token>>(std::move(tokens))), values_(std::move(values)) {}

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
  [[nodiscard]] std::span<const Token> tokens() const noexcept {
    return tokens_ == nullptr ? std::span<const Token>() : std::span<const Token>(*tokens_);
  }
  [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }
  /// Pre: i < size().
  [[nodiscard]] Token token(std::size_t i) const noexcept { return (*tokens_)[i]; }
  /// Pre: i < size().
  [[nodiscard]] Value value(std::size_t i) const noexcept { return values_[i]; }

  /// The index of the first token at or after `token`; past the last one, of the first.
  /// Pre: not empty. Complexity: O(log n).
  [[nodiscard]] std::size_t first_at_or_after(Token token) const noexcept {
    const auto it = std::lower_bound(tokens_->begin(), tokens_->end(), token);
    return it == tokens_->end() ? 0 : static_cast<std::size_t>(it - tokens_->begin());
  }

  /// The bytes allocated for the tokens, which other maps may share.
  [[nodiscard]] std::size_t token_bytes() const noexcept {
    return tokens_ == nullptr ? 0 : tokens_->capacity() * sizeof(Token);
  }
  /// The bytes allocated for the values.
  [[nodiscard]] std::size_t value_bytes() const noexcept { return values_.capacity() * sizeof(Value); }

  friend bool operator==(const TokenMap& a, const TokenMap& b) noexcept {
    return std::ranges::equal(a.tokens(), b.tokens()) && a.values_ == b.values_;
  }

 private:
  std::shared_ptr<const std::vector<Token>> tokens_;  // nullptr: there are none
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
