// SPDX-License-Identifier: MIT
// std::format: a program of its own, because it is built with another standard library than GoogleTest is.
#include <perturb/format.hpp>

#include "interop/printed.hpp"

#include <cstdio>
#include <format>
#include <string>

int main() {
  int faults = 0;
  const auto expect = [&](const std::string& is, const std::string& expected) {
    if (is == expected) return;
    std::printf("%s instead of %s\n", is.c_str(), expected.c_str());
    ++faults;
  };
  printed::each([&](const auto& value, const char* expected) { expect(std::format("{}", value), expected); });
  const perturb::HashTable<std::string, int> table{{"a", 1}};
  expect(std::format("{:}|{}", table, perturb::HashValue(1)), R"({"a": 1}|0x0000000000000001)");
#if defined(__cpp_lib_format_ranges)
  expect(std::format("{:n} {} {}", table, table.keys(), table.values()), R"("a": 1 ["a"] [1])");
#else
  try {
    static_cast<void>(std::vformat("{:n}", std::make_format_args(table)));
    expect("a specification was accepted", "");
  } catch (const std::format_error&) {
    static_cast<void>(0);
  }
#endif
  return faults;
}
