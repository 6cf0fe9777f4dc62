// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/hash_set.hpp>

perturb::HashSet<Ticket> copy(const perturb::HashSet<Ticket>& set) { return set; }
