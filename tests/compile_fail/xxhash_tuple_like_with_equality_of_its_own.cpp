// expect: operator== of its own
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>

struct Versioned {
  int id;
  int version;
  template <std::size_t I>
  friend int get(const Versioned& value) {
    return I == 0 ? value.id : value.version;
  }
  friend bool operator==(const Versioned& a, const Versioned& b) { return a.id == b.id; }
};
template <>
struct std::tuple_size<Versioned> : std::integral_constant<std::size_t, 2> {};
template <std::size_t I>
struct std::tuple_element<I, Versioned> {
  using type = int;
};

void insert(perturb::HashSet<Versioned>& set) { set.insert(Versioned{1, 2}); }
