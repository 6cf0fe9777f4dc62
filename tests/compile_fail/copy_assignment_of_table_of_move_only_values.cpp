// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/hash_table.hpp>

void assign(perturb::HashTable<int, Ticket>& to, const perturb::HashTable<int, Ticket>& from) { to = from; }
