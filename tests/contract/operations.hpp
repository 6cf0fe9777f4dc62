// SPDX-License-Identifier: MIT
/// @file The whole contract of one table type, but for allocators that propagate (allocators.hpp).
#pragma once

#include "contract/assignment.hpp"
#include "contract/capacity.hpp"
#include "contract/clear.hpp"
#include "contract/comparison.hpp"
#include "contract/constructors.hpp"
#include "contract/emplace.hpp"
#include "contract/erase.hpp"
#include "contract/functor_state.hpp"
#include "contract/hints.hpp"
#include "contract/insert.hpp"
#include "contract/insert_or_assign.hpp"
#include "contract/iteration.hpp"
#include "contract/lookup.hpp"
#include "contract/map_emplace.hpp"
#include "contract/map_hints.hpp"
#include "contract/map_values.hpp"
#include "contract/merge.hpp"
#include "contract/subscript_at.hpp"
#include "contract/swap.hpp"

#include <string>

namespace kit {

/// Adds every test of the contract for `Table` to the program; `name` distinguishes it from other tables.
/// Gives true, so that it can initialise a constant.
template <class Table>
bool add_contract(const std::string& name) {
  const auto add = [&](const char* operation, void (*contract)(Suite&)) {
    Suite suite("Contract" + std::string(operation) + "/" + name);
    contract(suite);
  };
  add("Constructors", constructors_contract<Table>);
  add("Assignment", assignment_contract<Table>);
  add("Insert", insert_contract<Table>);
  add("Emplace", emplace_contract<Table>);
  add("Hints", hints_contract<Table>);
  add("Lookup", lookup_contract<Table>);
  add("Erase", erase_contract<Table>);
  add("Clear", clear_contract<Table>);
  add("Swap", swap_contract<Table>);
  add("Merge", merge_contract<Table>);
  add("Capacity", capacity_contract<Table>);
  add("Iteration", iteration_contract<Table>);
  add("FunctorState", functor_state_contract<Table>);
  if constexpr (kIsCopyable<Table>) add("Comparison", comparison_contract<Table>);
  if constexpr (kIsMap<Table>) {
    add("MapEmplace", map_emplace_contract<Table>);
    add("InsertOrAssign", insert_or_assign_contract<Table>);
    add("MapHints", map_hints_contract<Table>);
    add("SubscriptAt", subscript_at_contract<Table>);
    add("MapValues", map_values_contract<Table>);
  }
  return true;
}

}  // namespace kit
