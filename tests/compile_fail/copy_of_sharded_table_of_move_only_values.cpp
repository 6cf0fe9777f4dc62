// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include "ticket.hpp"

#include <perturb/sharded_table.hpp>

#include <string>

using Table = perturb::ShardedTable<int, Ticket, std::string>;
Table copy(const Table& table) { return table; }
