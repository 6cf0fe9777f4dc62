// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/ordered_hash_table.hpp>

perturb::OrderedHashTable<int, Ticket> copy(const perturb::OrderedHashTable<int, Ticket>& table) { return table; }
