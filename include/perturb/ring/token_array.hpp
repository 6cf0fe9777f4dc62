// SPDX-License-Identifier: MIT
/// @file The memory of a token map: sorted tokens, and a number for each, in as few bytes as they need.
///
/// Many tokens of 64 bits lie close together. They are *packed*: one of eight is kept whole, and of each the distance
/// from it in 48 bits, which makes 7 bytes a token. Numbers take 16 bits where all are small.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

class NumberArray {
 public:
  /// Numbers below it take 16 bits.
  static constexpr std::uint32_t kNarrowLimit = 0xFFFF;

  NumberArray() = default;
  explicit NumberArray(std::vector<std::uint32_t> numbers) {
    std::uint32_t largest = 0;
    for (const std::uint32_t number : numbers) largest = (std::max)(largest, number);
    if (largest >= kNarrowLimit) {
      wide_ = std::move(numbers);
      return;
    }
    narrow_.resize(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) narrow_[i] = static_cast<std::uint16_t>(numbers[i]);
  }

  [[nodiscard]] std::size_t size() const noexcept { return narrow_.size() + wide_.size(); }
  [[nodiscard]] bool is_narrow() const noexcept { return wide_.empty(); }
  /// Whether numbers less than `limit` can take the place of these.
  [[nodiscard]] bool has_room(std::size_t limit) const noexcept { return !is_narrow() || limit <= kNarrowLimit; }
  [[nodiscard]] NumberSpan span() const noexcept { return {narrow_.data(), wide_.empty() ? nullptr : wide_.data()}; }
  [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t operator[](std::size_t i) const noexcept {
    return wide_.empty() ? narrow_[i] : wide_[i];
  }

  /// Calls f with the vector that has the numbers, of 16 or of 32 bits each.
  template <class Function>
  decltype(auto) visit(Function f) const {
    return wide_.empty() ? f(narrow_) : f(wide_);
  }
  template <class Function>
  decltype(auto) visit(Function f) {
    return wide_.empty() ? f(narrow_) : f(wide_);
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return narrow_.capacity() * sizeof(std::uint16_t) + wide_.capacity() * sizeof(std::uint32_t);
  }
  friend bool operator==(const NumberArray& a, const NumberArray& b) noexcept {
    return a.visit([&](const auto& x) { return b.visit([&](const auto& y) { return std::ranges::equal(x, y); }); });
  }

 private:
  std::vector<std::uint16_t> narrow_;  // at most one of both has numbers
  std::vector<std::uint32_t> wide_;
};

/// Eight (kTokensPerBase) of 2^21 random tokens or more lie within 2^48 almost surely; else they are not packed.
inline constexpr std::size_t kLeastPacked = std::size_t{1} << 21;

template <TokenType Token>
class TokenArray {
 public:
  TokenArray() = default;
  /// Packed, if `packs` and the tokens are many and close together.
  TokenArray(std::vector<Token> tokens, bool packs) {
    if constexpr (std::same_as<Token, std::uint64_t>) {
      if (packs && pack(tokens)) return;
    }
    tokens_ = std::move(tokens);
  }

  [[nodiscard]] TokenSpan<Token> span() const noexcept {
    if (!bases_.empty()) return {bases_.data(), middle_.data(), low_.data(), low_.size()};
    return {tokens_.data(), tokens_.size()};
  }
  /// The tokens, to be changed, or nullptr if they are packed.
  [[nodiscard]] std::vector<Token>* unpacked() noexcept { return bases_.empty() ? &tokens_ : nullptr; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return tokens_.capacity() * sizeof(Token) + bases_.capacity() * sizeof(std::uint64_t) +
           middle_.capacity() * sizeof(std::uint16_t) + low_.capacity() * sizeof(std::uint32_t);
  }

 private:
  bool pack(const std::vector<std::uint64_t>& tokens) {
    if (tokens.size() < kLeastPacked) return false;
    for (std::size_t i = 0; i < tokens.size(); i += kTokensPerBase) {
      const std::size_t last = (std::min)(i + kTokensPerBase, tokens.size()) - 1;
      if (tokens[last] - tokens[i] >= std::uint64_t{1} << 48) return false;
    }
    bases_.reserve((tokens.size() + kTokensPerBase - 1) / kTokensPerBase);
    middle_.resize(tokens.size());
    low_.resize(tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (i % kTokensPerBase == 0) bases_.push_back(tokens[i]);
      middle_[i] = static_cast<std::uint16_t>((tokens[i] - bases_.back()) >> 32);
      low_[i] = static_cast<std::uint32_t>(tokens[i] - bases_.back());
    }
    return true;
  }

  std::vector<Token> tokens_;  // none if they are packed
  std::vector<std::uint64_t> bases_;
  std::vector<std::uint16_t> middle_;
  std::vector<std::uint32_t> low_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
