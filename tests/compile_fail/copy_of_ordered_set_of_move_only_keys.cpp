// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/ordered_hash_set.hpp>

perturb::OrderedHashSet<Ticket> copy(const perturb::OrderedHashSet<Ticket>& set) { return set; }
