// SPDX-License-Identifier: MIT
#include <perturb/json.hpp>

#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using nlohmann::json;
using perturb::parse_json;
using Table = perturb::HashTable<std::string, int>;
using Ordered = perturb::OrderedHashTable<std::string, int>;

TEST(Json, TablesWithStringKeysAreObjects) {
  EXPECT_EQ(json(Table{{"a", 1}}).dump(), R"({"a":1})");
  EXPECT_EQ(json(Table()).dump(), "{}");
  EXPECT_EQ(json::parse(R"({"a":1,"b":2})").get<Table>(), (Table{{"a", 1}, {"b", 2}}));
  EXPECT_EQ(json(perturb::HashSet<std::string>{"a"}).dump(), R"(["a"])");
  EXPECT_EQ(json::parse("[1,2,1]").get<perturb::HashSet<int>>(), (perturb::HashSet<int>{1, 2}));
}

TEST(Json, WhatIsReadIsTheTableThatWasWritten) {
  Table table;
  for (int i = 0; i < 100; ++i) table[std::to_string(i) + "\"\n"] = -i;
  EXPECT_EQ(parse_json<Table>(json(table).dump()), table);
  EXPECT_EQ(json::parse(json(table).dump()).get<Table>(), table);
}

TEST(Json, OrderedJsonKeepsTheOrder) {
  const auto table = parse_json<Ordered>(R"({"z":1,"a":2,"m":3})");
  EXPECT_EQ(perturb::OrderedJson(table).dump(), R"({"z":1,"a":2,"m":3})");
  EXPECT_EQ(json(table).dump(), R"({"a":2,"m":3,"z":1})");
  perturb::OrderedJson object = perturb::OrderedJson::parse(R"({"z":{"y":1,"b":2},"a":[]})");
  object["z"]["y"] = 5;
  object.erase("a");
  object["c"] = nullptr;
  EXPECT_EQ(object.dump(), R"({"z":{"y":5,"b":2},"c":null})");
}

TEST(Json, DuplicateKeysAreRefusedAtAnyDepth) {
  EXPECT_THROW(static_cast<void>(parse_json<Table>(R"({"a":1,"b":2,"a":1})")), perturb::DuplicateKey);
  using Values = perturb::HashTable<std::string, json>;
  EXPECT_THROW(static_cast<void>(parse_json<Values>(R"({"x":[{"a":{"b":1,"b":2}}]})")), perturb::DuplicateKey);
  EXPECT_EQ(parse_json<Values>(R"({"a":{"a":1},"b":{"a":1}})").size(), 2);
  try {
    static_cast<void>(parse_json<Table>(R"({"caf\u00e9":1,"café":2})"));
    FAIL() << "the same key in another spelling";
  } catch (const perturb::DuplicateKey& error) {
    EXPECT_STREQ(error.what(), "perturb::parse_json: an object has the key \"café\" twice");
  }
  // nlohmann-json by itself keeps the last.
  EXPECT_EQ(json::parse(R"({"a":1,"a":2})").get<Table>().at("a"), 2);
}

TEST(Json, BadInputIsRefused) {
  for (const char* text : {"", "{", "{\"a\"}", "{\"a\":1}x", "{\"a\":1,}", "{1:2}", "{\"\xFF\":1}", "{\"a\":NaN}"}) {
    EXPECT_THROW(static_cast<void>(parse_json<Table>(text)), json::parse_error) << text;
  }
  for (const char* text : {"[]", "1", "null", "\"a\"", "{\"a\":\"1\"}", "{\"a\":null}", "{\"a\":{}}"}) {
    EXPECT_THROW(static_cast<void>(parse_json<Table>(text)), json::type_error) << text;
  }
  EXPECT_THROW(static_cast<void>(parse_json<Table>(std::string(100'000, '['))), json::parse_error);
}

TEST(Json, WhatIsNoObjectIsToldSo) {
  try {
    static_cast<void>(parse_json<Table>("[1]"));
    ADD_FAILURE() << "an array was accepted";
  } catch (const json::type_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("must be object, but is array"), std::string_view::npos)
        << error.what();
  }
}

TEST(Json, ATableStaysAsItWasWhereAnElementCannotBeRead) {
  Table table{{"a", 1}};
  EXPECT_THROW(json::parse(R"({"b":2,"c":"x"})").get_to(table), json::type_error);
  EXPECT_EQ(table, (Table{{"a", 1}}));
}

}  // namespace
