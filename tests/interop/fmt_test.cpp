// SPDX-License-Identifier: MIT
#include <perturb/fmt.hpp>

#include "interop/printed.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

TEST(Fmt, ValuesAreFormatted) {
  printed::each([](const auto& value, const char* expected) { EXPECT_EQ(fmt::format("{}", value), expected); });
}

TEST(Fmt, ViewsAndPointsOfARingAreRanges) {
  const perturb::OrderedHashTable<std::string, int> table{{"a", 1}, {"b", 2}};
  EXPECT_EQ(fmt::format("{} {}", table.keys(), table.values()), R"(["a", "b"] [1, 2])");
  const std::vector<std::uint32_t> tokens{1, 2};
  const std::vector<std::uint32_t> numbers{0, 0};
  const std::string node = "alpha";
  const perturb::RingView<perturb::RingPoint<std::string, std::uint32_t>> points({tokens.data(), tokens.size()},
                                                                                 {nullptr, numbers.data()}, &node);
  EXPECT_EQ(fmt::format("{}", points), R"([0x00000001: "alpha", 0x00000002: "alpha"])");
}

TEST(Fmt, ASpecificationOfAHashIsRefused) {
  const perturb::HashValue hash(1);
  EXPECT_THROW(static_cast<void>(fmt::format(fmt::runtime("{:x}"), hash)), fmt::format_error);
}

}  // namespace
