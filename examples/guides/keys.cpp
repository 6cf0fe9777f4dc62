// SPDX-License-Identifier: MIT
/// @file Types of your own as keys.
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// [own]
namespace shop {

struct Place {
  std::string city;
  int street = 0;
  bool operator==(const Place&) const = default;
};

template <class State>
void perturb_hash(State& state, const Place& place) {
  state(place.city, place.street);
}

}  // namespace shop
// [own]

// [insensitive]
/// Names that are equal whatever the case of their letters. What is equal must be hashed equally.
constexpr char lower(char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct NameHash {
  using is_transparent = void;
  std::uint64_t operator()(std::string_view name) const {
    std::uint64_t hash = 14695981039346656037U;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(lower(c))) * 1099511628211U;
    return hash;
  }
};

struct NameEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
  }
};
// [insensitive]

int main() {
  // [use]
  perturb::HashTable<shop::Place, int> visits;
  ++visits[{"Vienna", 7}];
  ++visits[{"Vienna", 7}];
  std::cout << visits.at({"Vienna", 7}) << '\n';
  // [use]

  // [parts]
  perturb::HashTable<std::pair<std::string, std::vector<int>>, int> compound;  // parts of hashable types: nothing to do
  compound[{"a", {1, 2, 3}}] = 6;
  std::cout << compound.get_or({"a", {1, 2, 3}}, 0) << '\n';
  // [parts]

  // [strings]
  perturb::HashTable<std::string, int> ages = {{"Ada", 36}};
  constexpr std::string_view line = "Ada,Lovelace";
  std::cout << *ages.get(line.substr(0, 3)) << '\n';  // no std::string is made
  // [strings]

  // [insensitive use]
  perturb::HashSet<std::string, NameHash, NameEqual> headers = {"Content-Type", "Host"};
  std::cout << std::boolalpha << headers.contains("content-type") << '\n';
  // [insensitive use]
}
