// SPDX-License-Identifier: MIT
/// @file Hashers and equalities of the table tests: ones that carry an id, so that a test can see where they went, and
/// ones that hash badly on purpose. `functor<F>(id)` makes any of them, `id_of(f)` reads the id (0 without one).
#pragma once

#include "support/numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <type_traits>

namespace kit {

/// std::hash with an id that takes part in the hash: tables whose hashers differ place their elements differently.
template <class Key>
struct IdHash {
  int id = 0;
  std::size_t operator()(const Key& key) const {
    return std::hash<Key>()(key) ^ (static_cast<std::size_t>(id) * static_cast<std::size_t>(0x9E3779B97F4A7C15u));
  }
  friend bool operator==(const IdHash&, const IdHash&) = default;
};

/// Equality with an id that does not take part in the comparison.
template <class Key>
struct IdEqual {
  int id = 0;
  bool operator()(const Key& a, const Key& b) const { return a == b; }
  friend bool operator==(const IdEqual&, const IdEqual&) = default;
};

/// Every key collides with every other one.
struct ConstantHash {
  template <class Key>
  std::size_t operator()(const Key&) const {
    return 7;
  }
};

/// The number itself, declared avalanching: the table uses it unmixed, so that a test chooses every slot.
struct RawHash {
  using is_avalanching = std::true_type;
  std::uint64_t operator()(std::uint64_t n) const noexcept { return n; }
};

template <class Functor>
Functor functor(int id) {
  if constexpr (requires { Functor{id}.id; }) {
    return Functor{id};
  } else {
    return Functor{};
  }
}

template <class Functor>
int id_of(const Functor& f) {
  if constexpr (requires { f.id; }) {
    return f.id;
  } else {
    return 0;
  }
}

}  // namespace kit
