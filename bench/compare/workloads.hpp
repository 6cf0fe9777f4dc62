// SPDX-License-Identifier: MIT
/// @file The names of what is measured. How each is done stands in subject.hpp, with which keys in key_set.hpp.
#pragma once

#include <array>
#include <string_view>

namespace compare {

enum class Workload {
  build,             // insert all keys into an empty table, and destroy it
  build_reserved,    // the same after reserve(size)
  churn,             // erase a random key and insert a new one; the size stays. One operation is the pair
  drain,             // erase(key) of every key in random order
  find_hit,          // look up keys that are there, one independent of the other
  find_hit_chained,  // the same, where which key comes next depends on the value found
  find_miss,         // look up keys that are not there
  find_mix,          // look up keys of which each is there with probability 1/2
  iterate,           // visit all elements
  iterate_thinned,   // visit what is left after 90 % were erased
  copy,              // copy construction
  clear_refill,      // clear and insert all keys again
};

inline constexpr std::array kWorkloads = {
    Workload::build,    Workload::build_reserved,   Workload::churn,     Workload::drain,
    Workload::find_hit, Workload::find_hit_chained, Workload::find_miss, Workload::find_mix,
    Workload::iterate,  Workload::iterate_thinned,  Workload::copy,      Workload::clear_refill};

constexpr std::string_view name_of(Workload workload) {
  switch (workload) {
    case Workload::build:
      return "build+destroy";
    case Workload::build_reserved:
      return "build-reserved";
    case Workload::churn:
      return "churn";
    case Workload::drain:
      return "drain";
    case Workload::find_hit:
      return "find-hit";
    case Workload::find_hit_chained:
      return "find-hit-chained";
    case Workload::find_miss:
      return "find-miss";
    case Workload::find_mix:
      return "find-mix";
    case Workload::iterate:
      return "iterate";
    case Workload::iterate_thinned:
      return "iterate-thinned";
    case Workload::copy:
      return "copy";
    case Workload::clear_refill:
      return "clear+refill";
  }
  return "";
}

/// Whether it only reads a table that may have served for other measurements.
constexpr bool is_reading(Workload workload) {
  switch (workload) {
    case Workload::find_hit:
    case Workload::find_hit_chained:
    case Workload::find_miss:
    case Workload::find_mix:
    case Workload::iterate:
    case Workload::copy:
      return true;
    default:
      return false;
  }
}

}  // namespace compare
