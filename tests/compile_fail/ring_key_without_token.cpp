// expect: which does not accept a key of this type
// SPDX-License-Identifier: MIT
#include <perturb/textbook.hpp>

std::uint64_t owner(const perturb::TextbookRing& ring) { return ring.ring().owner(42); }
