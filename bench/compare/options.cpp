// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "sizes.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace compare {
namespace {

constexpr std::string_view kFooter = R"(
Groups of tables: peers (perturb, the same again as a check of the noise, and the other libraries; the default),
policies (perturb with each growth policy, and OrderedHashTable). Groups of workloads: single (on one table; the
default), small (on thousands of small tables at once). Keys: only integers have other keys than random ones.

Examples:
  perturb_compare --quick                                    a minute
  perturb_compare -t u64-u64 --hash both                     single tables, 1 600 to 1.5 million
  perturb_compare -t string-u64 --hash own -s few            strings, each table with its own hash
  perturb_compare -w small --each-size                       small tables, of 1 to 64 elements
  perturb_compare --memory-only -w single,small              bytes an element, at every size
  perturb_compare --table policies -s few                    growth policies side by side
  perturb_compare --table perturb-ordered,std --python -q    OrderedHashTable and Python's dict
)";

template <class Enum, std::size_t kCount>
std::vector<std::string> names_of(const std::array<Enum, kCount>& values, std::vector<std::string> more) {
  for (const Enum value : values) more.emplace_back(name_of(value));
  return more;
}

// The values that are named, or that belong to a named group, in their own order.
template <class Enum, std::size_t kCount, class InGroup>
std::vector<Enum> chosen(const std::array<Enum, kCount>& values, const std::vector<std::string>& names,
                         InGroup in_group) {
  std::vector<Enum> result;
  for (const Enum value : values) {
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return name == name_of(value) || in_group(name, value); })) {
      result.push_back(value);
    }
  }
  return result;
}

bool in_group(const std::string& group, const TableInfo& table) {
  if (group == "policies") return table.role != Role::peer;
  if (group == "peers") return table.role != Role::policy;
  return group == "all";
}

std::vector<std::string> chosen_tables(const std::vector<TableInfo>& known, const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const TableInfo& table : known) {
    if (std::any_of(names.begin(), names.end(),
                    [&](const std::string& name) { return name == table.name || in_group(name, table); })) {
      result.push_back(table.name);
    }
  }
  return result;
}

std::vector<std::size_t> parse_sizes(const std::string& option, const std::vector<std::string>& texts,
                                     std::size_t most) {
  std::vector<std::size_t> sizes;
  try {
    for (const std::string& text : texts) append_sizes(text, sizes);
  } catch (const std::invalid_argument& error) {
    throw CLI::ValidationError(option, error.what());
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  if (sizes.back() > most) {
    throw CLI::ValidationError(
        option, std::to_string(sizes.back()) + " is too many for one of many tables: at most " + std::to_string(most));
  }
  return sizes;
}

}  // namespace

Options parse_options(int argc, char** argv, const std::vector<TableInfo>& known_tables) {
  CLI::App app("Compares perturb::HashTable with other hash tables: all in one process, in turns, medians of rounds.");
  app.footer(std::string(named_lists()).append(kFooter));
  app.option_defaults()->delimiter(',');
  std::vector<std::string> type_names{"all"}, table_names{"peers", "policies", "all"};
  for_each_type([&]<class Type>() { type_names.emplace_back(Type::kName); });
  for (const TableInfo& table : known_tables) table_names.push_back(table.name);

  Options options;
  std::vector<std::string> types, patterns, workloads, tables, sizes, small_sizes;
  std::string hash = "same";
  bool is_quick = false, is_list = false, no_memory = false, memory_only = false;
  app.add_option("-w,--workload", workloads, "Workloads, or groups of them: single, small, all; default: single")
      ->check(CLI::IsMember(names_of(kWorkloads, {"single", "small", "all"})));
  app.add_option("-t,--type", types, "Types of key and value, or all; default: u64-u64,string-u64")
      ->check(CLI::IsMember(type_names));
  app.add_option("-k,--keys", patterns, "How integer keys are spread, or all; default: random")
      ->check(CLI::IsMember(names_of(kPatterns, {"all"})));
  app.add_option("--hash", hash, "perturb's hash for all tables (same), the one each table brings (own), or both")
      ->check(CLI::IsMember({"same", "own", "both"}))
      ->default_str(hash);
  app.add_option("--table", tables, "Tables, or groups of them: peers, policies, all; default: peers")
      ->check(CLI::IsMember(table_names));
  app.add_option("-s,--sizes", sizes,
                 "Elements of a single table: numbers, lists named below, or FROM..TO/COUNT for COUNT at equal ratios")
      ->default_str("readme");
  app.add_option("--small-sizes", small_sizes, "Elements of each of many small tables, likewise; 1 to 1000")
      ->default_str("small");
  auto* const rounds = app.add_option("-r,--rounds", options.rounds,
                                      "Rounds to take the median of; five times as many for sizes below 100000")
                           ->check(CLI::Range(1, 1000))
                           ->default_str("5");
  app.add_flag("-q,--quick", is_quick, "A minute's run: the lists quick and small-few, four rounds");
  app.add_flag("--each-size", options.each_size, "Also report the times of every size, not only means over them");
  auto* const without = app.add_flag("--no-memory", no_memory, "Do not measure memory");
  app.add_flag("--python", options.python,
               "Also time Python's dict, for scale: loops in python3, without the time of an empty loop");
  app.add_flag("--memory-only", memory_only, "Measure nothing but memory")->excludes(without);
  app.add_option("--seed", options.seed, "Seed of the keys and their order")->default_str("0");
  app.add_option("-o,--json", options.json_file, "Also write the results to this file");
  app.add_option("--commit", options.commit, "What the JSON names as the version measured");
  app.add_flag("--list", is_list, "Name the tables that this program was built with");

  const auto or_else = [](const std::vector<std::string>& given, std::vector<std::string> otherwise) {
    return given.empty() ? otherwise : given;
  };
  try {
    app.parse(argc, argv);
    if (is_list) {
      for (const TableInfo& table : known_tables) std::printf("%s\n", table.name.c_str());
      std::exit(EXIT_SUCCESS);
    }
    options.sizes =
        parse_sizes("--sizes", or_else(sizes, {is_quick ? "quick" : "readme"}), static_cast<std::size_t>(-1));
    options.small_sizes =
        parse_sizes("--small-sizes", or_else(small_sizes, {is_quick ? "small-few" : "small"}), kMostOfSmallTable);
  } catch (const CLI::ParseError& error) {
    const bool is_help = app.exit(error) == 0;
    std::exit(is_help ? EXIT_SUCCESS : 2);
  }

  if (rounds->empty()) options.rounds = is_quick ? 4 : 5;
  if (memory_only) options.rounds = 0;
  options.types = or_else(types, {"u64-u64", "string-u64"});
  if (std::find(types.begin(), types.end(), "all") != types.end()) {
    options.types.assign(type_names.begin() + 1, type_names.end());
  }
  options.tables = chosen_tables(known_tables, or_else(tables, {"peers"}));
  options.patterns = chosen(kPatterns, or_else(patterns, {"random"}),
                            [](const std::string& group, Pattern) { return group == "all"; });
  options.workloads =
      chosen(kWorkloads, or_else(workloads, {"single"}), [](const std::string& group, Workload workload) {
        return group == "all" || group == (is_small(workload) ? "small" : "single");
      });
  options.hashes = chosen(kHashChoices, {hash}, [](const std::string& group, HashChoice) { return group == "both"; });
  options.memory = !no_memory;
  // Not the folder of the program, which says nothing elsewhere.
  options.command = std::filesystem::path(argv[0]).filename().string();
  for (int i = 1; i < argc; ++i) options.command += ' ' + std::string(argv[i]);
  return options;
}

}  // namespace compare
