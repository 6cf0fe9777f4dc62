// expect: perturb: a table of const char* would compare addresses: use std::string_view (or std::string) as Key
// SPDX-License-Identifier: MIT
#include <perturb/ordered_hash_table.hpp>

perturb::OrderedHashTable<const char*, int> table;
