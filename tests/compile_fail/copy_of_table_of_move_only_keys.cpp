// expect: cannot be copied
// SPDX-License-Identifier: MIT
#include <perturb/hash_table.hpp>

struct Ticket {
  int number;
  explicit Ticket(int n) : number(n) {}
  Ticket(const Ticket&) = delete;
  Ticket(Ticket&&) = default;
  Ticket& operator=(Ticket&&) = default;
  friend bool operator==(const Ticket&, const Ticket&) = default;
  template <class State>
  friend void perturb_hash(State& state, const Ticket& ticket) {
    state(ticket.number);
  }
};

perturb::HashTable<Ticket, int> copy(const perturb::HashTable<Ticket, int>& table) { return table; }
