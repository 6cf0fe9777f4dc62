// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/hash_set.hpp>

void assign(perturb::HashSet<Ticket>& to, const perturb::HashSet<Ticket>& from) { to = from; }
