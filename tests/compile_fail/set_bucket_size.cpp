// expect: a_table_has_no_buckets_to_walk
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

auto size(const perturb::HashSet<int>& set) { return set.bucket_size(1); }
