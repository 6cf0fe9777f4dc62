// SPDX-License-Identifier: MIT
#include <perturb/ostream.hpp>

#include "interop/printed.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <ios>
#include <sstream>
#include <string>

namespace {

template <class T>
std::string text(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

struct Opaque {
  friend std::ostream& operator<<(std::ostream& stream, const Opaque&) { return stream << "opaque"; }
};

TEST(Ostream, ValuesAreWrittenAsFormatWould) {
  printed::each([](const auto& value, const char* expected) { EXPECT_EQ(text(value), expected); });
}

TEST(Ostream, ControlCharactersAreEscaped) {
  EXPECT_EQ(text(perturb::HashSet<std::string>{std::string("\x01\x7F\0\r", 4)}), R"({"\u{1}\u{7f}\u{0}\r"})");
}

TEST(Ostream, CharactersBeyondAsciiStay) { EXPECT_EQ(text(perturb::HashSet<std::string>{"Zoë"}), R"({"Zoë"})"); }

TEST(Ostream, OtherTypesAreWrittenByTheirOwnOperator) {
  perturb::HashTable<int, Opaque> table;
  table[1];
  EXPECT_EQ(text(table), "{1: opaque}");
}

// A path is a range of paths, which are ranges of paths.
TEST(Ostream, RangesOfThemselvesAreWrittenByTheirOwnOperator) {
  const perturb::OrderedHashTable<int, std::filesystem::path> table = {{1, "/usr/lib"}};
  EXPECT_EQ(text(table), R"({1: "/usr/lib"})");
}

TEST(Ostream, NumbersFollowTheStreamAndItsWidthIsReset) {
  std::ostringstream stream;
  stream << std::hex << std::setw(20) << perturb::HashSet<int>{255} << 16;
  EXPECT_EQ(stream.str(), "{ff}10");
}

TEST(Ostream, StreamsThatFailedStaySo) {
  std::ostringstream stream;
  stream.setstate(std::ios::badbit);
  stream << perturb::HashSet<int>{1};
  EXPECT_TRUE(stream.bad());
  EXPECT_EQ(stream.str(), "");
}

TEST(Ostream, ServersOfAProfileAreFound) {
  using perturb::profiles::ServerNode;
  const ServerNode node{{.host = "cache", .port = 11211}, ""};
  EXPECT_EQ(text(node), "cache:11211");
  EXPECT_EQ(text(perturb::RingPoint<ServerNode, std::uint32_t>{1, node}), "0x00000001: cache:11211");
}

}  // namespace
