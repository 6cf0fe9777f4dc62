// expect: perturb: this type in a table cannot be written to a stream: give it an operator<<
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>
#include <perturb/ostream.hpp>

struct Opaque {};

void write(std::ostream& stream, const perturb::HashTable<int, Opaque>& table) { stream << table; }
