// SPDX-License-Identifier: MIT
#include "options.hpp"

#include "types.hpp"
#include "workloads.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace compare {
namespace {

// Both lists of five cover a whole period of growth by 4 evenly: a table that grows from 2048 to 8192 slots and one
// that doubles are met right after growing, right before it, and between.
constexpr std::string_view kUsualSizes = "1600,2200,3100,4400,5900,400000,560000,800000,1100000,1500000,6000000";
constexpr std::string_view kQuickSizes = "1600,2200,3100,4400,5900";
constexpr std::size_t kMostElements = 100'000'000;

std::size_t parse_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0 || count > kMostElements) {
    throw CLI::ValidationError(
        "--sizes", "'" + std::string(text) + "' is not a number from 1 to " + std::to_string(kMostElements));
  }
  return count;
}

// "1600", or "1600..5900/12": twelve sizes at equal ratios.
void append_sizes(std::string_view text, std::vector<std::size_t>& sizes) {
  const std::size_t dots = text.find("..");
  const std::size_t slash = text.find('/');
  if (dots == std::string_view::npos) {
    sizes.push_back(parse_count(text));
    return;
  }
  if (slash == std::string_view::npos || slash < dots) {
    throw CLI::ValidationError("--sizes", "write FROM..TO/COUNT instead of '" + std::string(text) + "'");
  }
  const auto first = static_cast<double>(parse_count(text.substr(0, dots)));
  const auto last = static_cast<double>(parse_count(text.substr(dots + 2, slash - dots - 2)));
  const std::size_t count = parse_count(text.substr(slash + 1));
  for (std::size_t i = 0; i < count; ++i) {
    const double part = count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    sizes.push_back(static_cast<std::size_t>(std::llround(first * std::pow(last / first, part))));
  }
}

template <class Enum, std::size_t kCount>
std::vector<std::string> names_of(const std::array<Enum, kCount>& values) {
  std::vector<std::string> names;
  for (const Enum value : values) names.emplace_back(name_of(value));
  return names;
}

template <class Enum, std::size_t kCount>
std::vector<Enum> chosen(const std::array<Enum, kCount>& values, const std::vector<std::string>& names) {
  std::vector<Enum> result;
  for (const Enum value : values) {
    if (names.empty() || std::find(names.begin(), names.end(), name_of(value)) != names.end()) {
      result.push_back(value);
    }
  }
  return result;
}

}  // namespace

Options parse_options(int argc, char** argv, const std::vector<std::string>& known_tables) {
  CLI::App app("Compares perturb::HashTable with other hash tables: all in one process, in turns.");
  app.option_defaults()->delimiter(',');
  std::vector<std::string> all_types;
  for_each_type([&]<class Type>() { all_types.emplace_back(Type::kName); });

  Options options;
  std::vector<std::string> patterns, workloads, sizes;
  std::string hash = "shared";
  bool is_quick = false, is_list = false, no_memory = false;
  app.add_option("-w,--workload", workloads, "Workloads to run; default: all")
      ->check(CLI::IsMember(names_of(kWorkloads)));
  app.add_option("-t,--type", options.types, "Types to run; default: all")->check(CLI::IsMember(all_types));
  app.add_option("-k,--keys", patterns, "How integer keys are spread; default: all")
      ->check(CLI::IsMember(names_of(kPatterns)));
  app.add_option("--table", options.tables, "Tables to run; default: all")->check(CLI::IsMember(known_tables));
  app.add_option("-s,--sizes", sizes, "Numbers of elements, or FROM..TO/COUNT for COUNT of them at equal ratios")
      ->default_str(std::string(kUsualSizes));
  auto* const rounds = app.add_option("-r,--rounds", options.rounds,
                                      "Rounds to take the median of; five times as many for sizes below 100000")
                           ->check(CLI::Range(1, 1000))
                           ->default_str("5");
  app.add_option("--hash", hash, "The hash: perturb's for all tables (shared), or the one each table brings (own)")
      ->check(CLI::IsMember({"shared", "own"}))
      ->default_str(hash);
  app.add_flag("-q,--quick", is_quick, "In less than a minute: random keys, u64 and strings, small sizes, few rounds");
  app.add_flag("--no-memory", no_memory, "Do not measure memory");
  app.add_option("--seed", options.seed, "Seed of the keys and their order")->default_str("0");
  app.add_option("-o,--json", options.json_file, "Also write the results to this file");
  app.add_option("--commit", options.commit, "What the JSON names as the version measured");
  app.add_flag("--list", is_list, "Name the tables that this program was built with");

  try {
    app.parse(argc, argv);
    if (is_list) {
      for (const std::string& table : known_tables) std::printf("%s\n", table.c_str());
      std::exit(EXIT_SUCCESS);
    }
    if (sizes.empty()) {
      const std::string_view usual = is_quick ? kQuickSizes : kUsualSizes;
      for (std::size_t from = 0; from <= usual.size();) {
        const std::size_t comma = std::min(usual.find(',', from), usual.size());
        sizes.emplace_back(usual.substr(from, comma - from));
        from = comma + 1;
      }
    }
    for (const std::string& size : sizes) append_sizes(size, options.sizes);
  } catch (const CLI::ParseError& error) {
    const bool is_help = app.exit(error) == 0;
    std::exit(is_help ? EXIT_SUCCESS : 2);
  }
  std::sort(options.sizes.begin(), options.sizes.end());
  options.sizes.erase(std::unique(options.sizes.begin(), options.sizes.end()), options.sizes.end());

  if (rounds->empty()) options.rounds = is_quick ? 4 : 5;
  if (options.types.empty()) {
    options.types = is_quick ? std::vector<std::string>{"u64-u64", "string-u64"} : all_types;
  }
  if (options.tables.empty()) options.tables = known_tables;
  if (is_quick && patterns.empty()) patterns = {"random"};
  options.patterns = chosen(kPatterns, patterns);
  options.workloads = chosen(kWorkloads, workloads);
  options.own_hash = hash == "own";
  options.memory = !no_memory;
  for (int i = 0; i < argc; ++i) options.command += (i == 0 ? "" : " ") + std::string(argv[i]);
  return options;
}

}  // namespace compare
