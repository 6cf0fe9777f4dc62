// expect: a_table_has_no_buckets_to_walk
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

auto bucket(const perturb::OrderedHashTable<int, int>& table) { return table.bucket(1); }
