// SPDX-License-Identifier: MIT
/// @file What stays valid, and what holds when something throws.
#include <perturb/growth.hpp>
#include <perturb/hash_table.hpp>

#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

int main() {
  // [reserve]
  perturb::HashTable<std::string, int> counts;
  counts.reserve(1000);
  int& first = counts["first"];
  for (int i = 0; i < 999; ++i) counts[std::to_string(i)] = i;  // moves nothing: 1000 elements are reserved
  first = 7;
  std::cout << counts.at("first") << '\n';
  // [reserve]

  // [loop]
  perturb::HashTable<int, int> numbers;
  for (int i = 0; i < 1000; ++i) numbers[i] = i;
  for (auto it = numbers.begin(); it != numbers.end();) {
    it = it->second % 3 == 0 ? numbers.erase(it) : std::next(it);  // erase(iterator) never moves other elements
  }
  perturb::erase_if(numbers, [](const auto& element) { return element.second % 5 == 0; });
  std::cout << numbers.size() << " numbers are left\n";
  // [loop]

  // [pointers]
  perturb::HashTable<std::string, std::unique_ptr<int>> stable;  // the values stay where they are, whatever moves
  int* answer = stable.try_emplace("answer", std::make_unique<int>(42)).first->second.get();
  for (int i = 0; i < 1000; ++i) stable[std::to_string(i)] = nullptr;
  std::cout << *answer << '\n';
  // [pointers]

  // [strong]
  struct Picky {
    explicit Picky(int n) : value(n) {
      if (n < 0) throw std::invalid_argument("negative");
    }
    int value;
  };
  perturb::HashTable<std::string, Picky> picky;
  picky.try_emplace("good", 1);
  try {
    picky.try_emplace("bad", -1);
  } catch (const std::invalid_argument& error) {
    std::cout << error.what() << "; " << picky.size() << " element, as before\n";
  }
  // [strong]

  // [absent]
  if (picky.get("bad") == nullptr) std::cout << "absence is a nullptr,\n";
  try {
    static_cast<void>(picky.at("bad"));
  } catch (const std::out_of_range&) {
    std::cout << "or an exception where you ask for one\n";
  }
  // [absent]
}
