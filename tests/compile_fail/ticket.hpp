// SPDX-License-Identifier: MIT
/// @file A key and value that can be moved and not be copied.
#pragma once

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
