// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/ordered_hash_table.hpp>

void assign(perturb::OrderedHashTable<int, Ticket>& to, const perturb::OrderedHashTable<int, Ticket>& from) {
  to = from;
}
