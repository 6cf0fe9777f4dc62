// SPDX-License-Identifier: MIT
/// @file A program that answers questions as a profile does: cases on standard input, a line `owners` for each on
/// standard output. tools/oracles/compare.py puts the same questions to the real program.
#include "profiles/cases.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

int main() {
  try {
    kit::for_each_case(
        std::cin, {},
        [](const std::string& program, const kit::ProfileCase& question, const std::vector<std::string>& keys,
           std::string_view) { std::cout << "owners " << kit::owners_text(program, question, keys) << '\n'; });
  } catch (const std::exception& error) {
    std::cerr << "ask_profile: " << error.what() << '\n';
    return 1;
  }
}
