// SPDX-License-Identifier: MIT
/// @file The names of what is measured. How each is done stands in subject.hpp and small_tables.hpp, with which keys in
/// key_set.hpp and small_key_set.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace compare {

enum class Workload {
  // On one table; nanoseconds an element or a key.
  build,             // insert all keys into an empty table, and destroy it
  build_reserved,    // the same after reserve(size)
  churn,             // erase a random key and insert a new one; the size stays. One operation is the pair
  drain,             // erase(key) of every key in random order
  find_hit,          // look up keys that are there, one independent of the other
  find_hit_chained,  // the same, where which key comes next depends on the value found
  find_miss,         // look up keys that are not there
  find_mix,          // look up keys of which each is there with probability 1/2
  iterate,           // visit all elements
  iterate_sparse,    // visit what remains after 90 % were erased
  copy,              // copy construction
  clear_refill,      // clear and insert all keys again

  // On thousands of small tables at once; nanoseconds a table, for the finds a key.
  small_build,      // build all tables, then destroy all
  small_find_hit,   // look up a key in a random table that has it
  small_find_miss,  // look up a key in a random table that does not have it
  small_walk,       // visit all elements of every table, in the order in which the tables were built
  small_copy,       // copy construction of every table
};

inline constexpr std::array kWorkloads = {
    Workload::build,          Workload::build_reserved, Workload::churn,
    Workload::drain,          Workload::find_hit,       Workload::find_hit_chained,
    Workload::find_miss,      Workload::find_mix,       Workload::iterate,
    Workload::iterate_sparse, Workload::copy,           Workload::clear_refill,
    Workload::small_build,    Workload::small_find_hit, Workload::small_find_miss,
    Workload::small_walk,     Workload::small_copy};

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
    case Workload::iterate_sparse:
      return "iterate-sparse";
    case Workload::copy:
      return "copy";
    case Workload::clear_refill:
      return "clear+refill";
    case Workload::small_build:
      return "small-build+destroy";
    case Workload::small_find_hit:
      return "small-find-hit";
    case Workload::small_find_miss:
      return "small-find-miss";
    case Workload::small_walk:
      return "small-walk";
    case Workload::small_copy:
      return "small-copy";
  }
  return "";
}

// A workload that is missing in kWorkloads would never run, without a message. Every enumerator must have a name
// (-Werror=switch); so the value after the last of kWorkloads must have none.
static_assert(std::all_of(kWorkloads.begin(), kWorkloads.end(),
                          [](Workload workload) {
                            return kWorkloads[static_cast<std::size_t>(workload)] == workload &&
                                   !name_of(workload).empty();
                          }) &&
                  name_of(static_cast<Workload>(kWorkloads.size())).empty(),
              "kWorkloads must hold every Workload, in the order of the enumeration");

/// Whether it measures thousands of small tables instead of one table.
constexpr bool is_small(Workload workload) { return workload >= Workload::small_build; }

/// Whether it only reads tables that may have served for other measurements.
constexpr bool is_reading(Workload workload) {
  switch (workload) {
    case Workload::find_hit:
    case Workload::find_hit_chained:
    case Workload::find_miss:
    case Workload::find_mix:
    case Workload::iterate:
    case Workload::copy:
    case Workload::small_find_hit:
    case Workload::small_find_miss:
    case Workload::small_walk:
    case Workload::small_copy:
      return true;
    case Workload::build:
    case Workload::build_reserved:
    case Workload::churn:
    case Workload::drain:
    case Workload::iterate_sparse:
    case Workload::clear_refill:
    case Workload::small_build:
      return false;
  }
  return false;
}

/// How tables are hashed: all by perturb's hash, or each by the one that it brings itself.
enum class HashChoice { same, own };
inline constexpr std::array kHashChoices = {HashChoice::same, HashChoice::own};

constexpr std::string_view name_of(HashChoice hash) { return hash == HashChoice::same ? "same" : "own"; }

}  // namespace compare
