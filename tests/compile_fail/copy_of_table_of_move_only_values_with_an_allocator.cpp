// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/hash_table.hpp>

#include <memory>

perturb::HashTable<int, Ticket> copy(const perturb::HashTable<int, Ticket>& table) {
  return {table, table.get_allocator()};
}
