// SPDX-License-Identifier: MIT
#include "python_dict.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace compare {
namespace {

constexpr std::string_view kTable = "python-dict";
constexpr int kLastRank = 1000;

// What a command writes. No argument has a quote in it.
std::string output_of(const std::vector<std::string>& arguments) {
  std::string command;
  for (const std::string& argument : arguments) command += "'" + argument + "' ";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string output;
  std::array<char, 4096> part;
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe)) output.append(part.data(), count);
  if (::pclose(pipe) != 0) throw std::runtime_error("--python needs python3 3.7 or later; this failed: " + command);
  return output;
}

template <class Values, class ToText>
std::string list_of(const Values& values, ToText to_text) {
  std::string text;
  for (const auto& value : values) (text += text.empty() ? "" : ",") += to_text(value);
  return text;
}

}  // namespace

void add_python_dict(const Options& options, Results& results) {
  TableInfo table{std::string(kTable), "", Kind::dense, kLastRank, Role::policy};
  for (const std::string& type : options.types) {
    if (type != "u64-u64" && type != "string-u64") continue;
    if (std::find(options.patterns.begin(), options.patterns.end(), Pattern::random) == options.patterns.end())
      continue;
    std::cerr << "perturb_compare: timing Python's dict, " << type << '\n';
    const auto json = nlohmann::json::parse(output_of(
        {"python3", PERTURB_COMPARE_PYTHON_DICT, type, std::to_string(options.rounds), std::to_string(options.seed),
         list_of(options.workloads, [](Workload workload) { return std::string(name_of(workload)); }),
         list_of(options.sizes, [](std::size_t size) { return std::to_string(size); })}));
    table.version = json.at("version");
    for (const auto& measured : json.at("measurements")) {
      const auto workload = std::find_if(kWorkloads.begin(), kWorkloads.end(), [&](Workload w) {
        return name_of(w) == measured.at("workload").get<std::string>();
      });
      for (const HashChoice hash : options.hashes) {
        results.measurements.push_back({type, Pattern::random, hash, *workload, measured.at("size"),
                                        std::string(kTable), measured.at("nanoseconds")});
      }
    }
    if (!options.memory) continue;
    for (const auto& measured : json.at("memory")) {
      results.memory.push_back({type,
                                Pattern::random,
                                measured.at("size"),
                                std::string(kTable),
                                Footprint{.tables = 1, .asked_bytes = measured.at("bytes").get<std::size_t>()},
                                {}});
    }
  }
  if (!table.version.empty()) results.tables.push_back(table);
}

}  // namespace compare
