// SPDX-License-Identifier: MIT
/// @file The elements of the table tests. Every test speaks of numbers; `make<X>(n)` turns a number into a key or a
/// value of any type under test and `number_of(x)` turns it back, so that the contents of every table, also of one
/// whose elements cannot be copied, compare as one common type.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace kit {

using Number = std::uint64_t;

/// A plain user type as a key: two members, found by XxHash through perturb_hash and by std::hash.
struct UserKey {
  std::uint32_t part = 0;
  std::string name;

  friend bool operator==(const UserKey&, const UserKey&) = default;

  template <class State>
  friend void perturb_hash(State& state, const UserKey& key) {
    state(key.part, key.name);
  }
};

/// A key that can be moved and not copied. A moved-from key holds kGone, which no test inserts.
class MoveOnlyKey {
 public:
  static constexpr Number kGone = ~Number{0};

  explicit MoveOnlyKey(Number number) : number_(number) {}
  MoveOnlyKey(MoveOnlyKey&& other) noexcept : number_(std::exchange(other.number_, kGone)) {}
  MoveOnlyKey& operator=(MoveOnlyKey&& other) noexcept {
    number_ = std::exchange(other.number_, kGone);
    return *this;
  }

  Number number() const { return number_; }

  friend bool operator==(const MoveOnlyKey& a, const MoveOnlyKey& b) { return a.number_ == b.number_; }

  template <class State>
  friend void perturb_hash(State& state, const MoveOnlyKey& key) {
    state(key.number_);
  }

 private:
  Number number_;
};

template <class X>
struct Numbered;  // make and number_of, per type

template <class X>
  requires std::is_integral_v<X>
struct Numbered<X> {
  static X make(Number n) { return static_cast<X>(n); }
  static Number number_of(X x) { return static_cast<Number>(x); }
};

/// Strings on both sides of the small-string limit: odd numbers are long ones.
template <class Allocator>
struct Numbered<std::basic_string<char, std::char_traits<char>, Allocator>> {
  using String = std::basic_string<char, std::char_traits<char>, Allocator>;
  static String make(Number n) {
    String text(n % 2 == 0 ? "" : "an odd number is a long string: ");
    return text += std::to_string(n);
  }
  static Number number_of(std::string_view text) {
    Number n = 0;
    for (char c : text) {
      if (c >= '0' && c <= '9') n = 10 * n + static_cast<Number>(c - '0');
    }
    return n;
  }
};

template <>
struct Numbered<UserKey> {
  static UserKey make(Number n) { return {static_cast<std::uint32_t>(n % 7), std::to_string(n)}; }
  static Number number_of(const UserKey& key) { return Numbered<std::string>::number_of(key.name); }
};

template <>
struct Numbered<MoveOnlyKey> {
  static MoveOnlyKey make(Number n) { return MoveOnlyKey(n); }
  static Number number_of(const MoveOnlyKey& key) { return key.number(); }
};

template <class X>
struct Numbered<std::unique_ptr<X>> {
  static std::unique_ptr<X> make(Number n) { return std::make_unique<X>(Numbered<X>::make(n)); }
  static Number number_of(const std::unique_ptr<X>& x) { return x ? Numbered<X>::number_of(*x) : 0; }
};

template <class X>
X make(Number n) {
  return Numbered<X>::make(n);
}
template <class X>
Number number_of(const X& x) {
  return Numbered<X>::number_of(x);
}

/// The elements of a table as numbers: key -> value (a set counts as key -> key).
using Contents = std::map<Number, Number>;

/// {n, n} for every n in [first, last): what a table holds after `add` was called for each of them.
inline Contents numbers(Number first, Number last) {
  Contents result;
  for (Number n = first; n < last; ++n) result.emplace(n, n);
  return result;
}

}  // namespace kit

template <>
struct std::hash<kit::UserKey> {
  std::size_t operator()(const kit::UserKey& key) const { return std::hash<std::string>()(key.name) * 31 + key.part; }
};
template <>
struct std::hash<kit::MoveOnlyKey> {
  std::size_t operator()(const kit::MoveOnlyKey& key) const { return std::hash<std::uint64_t>()(key.number()); }
};
