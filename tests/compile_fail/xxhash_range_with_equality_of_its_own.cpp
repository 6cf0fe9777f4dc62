// expect: operator== of its own
// SPDX-License-Identifier: MIT
#include <perturb/hash_set.hpp>

#include <string>

struct CaseString {
  std::string text;
  auto begin() const { return text.begin(); }
  auto end() const { return text.end(); }
  friend bool operator==(const CaseString& a, const CaseString& b) { return a.text.size() == b.text.size(); }
};

void insert(perturb::HashSet<CaseString>& set) { set.insert(CaseString{"key"}); }
