// SPDX-License-Identifier: MIT
/// @file OrderedHashTable beside Python's dict and OrderedDict: the same random script of operations on both, with
/// equal results and equal orders. The script of one seed and what Python made of it are in python_dict_orders.txt;
/// where there is a python3, the test makes others anew.
#include "support/invariants.hpp"
#include "support/numbers.hpp"
#include "support/program_output.hpp"

#include <perturb/ordered_hash_table.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

const std::filesystem::path kHere = std::filesystem::path(__FILE__).parent_path();

/// What the script prints for these arguments; empty if there is no Python 3.9 or later to run it.
std::string made_by_python(const std::string& arguments) {
  const std::string command = "python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null && python3 '" +
                              (kHere / "python_dict_orders.py").string() + "' " + arguments;
  return kit::output_of(command);
}

std::string committed() {
  std::ifstream file(kHere / "python_dict_orders.txt");
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Does what the script says, and compares. Numbers stand for keys of the table's type.
template <class Table>
void replay(const std::string& script) {
  using Key = typename Table::key_type;
  const auto key = [](long number) { return kit::make<Key>(static_cast<kit::Number>(number)); };
  Table table;
  std::istringstream lines(script);
  std::string line;
  std::size_t orders = 0;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    SCOPED_TRACE("line " + std::to_string(number) + ": " + line);
    std::istringstream fields(line);
    std::string operation;
    fields >> operation;
    std::vector<long> in;
    std::vector<long> out;
    std::vector<long>* side = &in;
    for (std::string field; fields >> field;) {
      if (field == "->") {
        side = &out;
      } else {
        side->push_back(std::stol(field));
      }
    }
    std::vector<long> result;
    if (operation == "set") {
      table.insert_or_assign(key(in.at(0)), in.at(1));
    } else if (operation == "update") {
      std::vector<std::pair<Key, long>> others;
      for (std::size_t i = 0; i < in.size(); i += 2) others.emplace_back(key(in[i]), in[i + 1]);
      table.update(others);
    } else if (operation == "del") {
      result.push_back(static_cast<long>(table.erase(key(in.at(0)))));
    } else if (operation == "pop") {
      result.push_back(table.pop(key(in.at(0))).value_or(-1));
    } else if (operation == "popitem") {
      const auto item = in.at(0) == 1 ? table.pop_back() : table.pop_front();
      result.push_back(item ? static_cast<long>(kit::number_of(item->first)) : -1);
      result.push_back(item ? item->second : -1);
    } else if (operation == "move") {
      result.push_back(table.move_to_end(key(in.at(0)), in.at(1) == 1) ? 1 : 0);
    } else if (operation == "clear") {
      table.clear();
    } else {
      ASSERT_EQ(operation, "order");
      for (const auto& [k, v] : table) {
        result.push_back(static_cast<long>(kit::number_of(k)));
        result.push_back(v);
      }
      out = in;
      ++orders;
      kit::expect_invariants(table);
    }
    ASSERT_EQ(result, out);
  }
  EXPECT_GT(orders, 20u);
}

void replay_with_all(const std::string& script) {
  replay<perturb::OrderedHashTable<kit::Number, long>>(script);
  replay<perturb::OrderedHashTable<std::string, long>>(script);
}

TEST(OrderedPythonOrder, IsThatOfTheCommittedScript) { replay_with_all(committed()); }

TEST(OrderedPythonOrder, IsThatOfScriptsMadeAnew) {
  const std::string again = made_by_python("1 1200 50");
  if (again.empty()) GTEST_SKIP() << "no python3 from 3.9 on here to compare with";
  EXPECT_EQ(again, committed()) << "Python answers differently than when python_dict_orders.txt was made";
  for (const char* arguments : {"2 4000 12", "3 8000 300", "4 30000 3000"}) {
    SCOPED_TRACE(arguments);
    replay_with_all(made_by_python(arguments));
  }
}

}  // namespace
