// SPDX-License-Identifier: MIT
#include "json.hpp"

#include "options.hpp"
#include "results.hpp"
#include "statistics.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace compare {
namespace {

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(std::min(line.find(": ") + 2, line.size()));
  }
  return "unknown";
}

// Of the data caches of the first processor, by level, in bytes.
std::map<std::string, std::size_t> cache_sizes() {
  std::map<std::string, std::size_t> sizes;
  for (int i = 0; i < 8; ++i) {
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(i);
    const std::string text = first_line(folder + "/size");
    if (text.empty() || first_line(folder + "/type") == "Instruction") continue;
    std::size_t size = std::stoul(text);
    if (text.back() == 'K') size *= 1024;
    if (text.back() == 'M') size *= 1024 * 1024;
    sizes[std::string("L").append(first_line(folder + "/level"))] = size;
  }
  return sizes;
}

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::ostringstream text;
  text << std::put_time(std::gmtime(&time), "%Y-%m-%d %H:%M:%SZ");
  return text.str();
}

}  // namespace

void write_json(const Options& options, const Results& results) {
  using nlohmann::json;
  json document;
  document["context"] = {{"date", now()},
                         {"commit", options.commit},
                         {"command", options.command},
                         {"processor", processor()},
                         {"caches", cache_sizes()},
                         {"huge_pages", first_line("/sys/kernel/mm/transparent_hugepage/enabled")},
                         {"compiler", PERTURB_COMPARE_COMPILER},
                         {"flags", PERTURB_COMPARE_FLAGS},
                         {"seed", options.seed},
                         {"rounds", options.rounds}};
  for (const TableInfo& table : results.tables) {
    document["tables"].push_back({{"name", table.name},
                                  {"version", table.version},
                                  {"kind", name_of(table.kind)},
                                  {"role", name_of(table.role)}});
  }
  for (const Measurement& m : results.measurements) {
    document["measurements"].push_back({{"type", m.type},
                                        {"keys", name_of(m.pattern)},
                                        {"hash", name_of(m.hash)},
                                        {"workload", name_of(m.workload)},
                                        {"size", m.size},
                                        {"table", m.table},
                                        {"rounds", m.nanoseconds.size()},
                                        {"median_ns", median(m.nanoseconds)},
                                        {"quartile1_ns", quantile(m.nanoseconds, 0.25)},
                                        {"quartile3_ns", quantile(m.nanoseconds, 0.75)},
                                        {"least_ns", quantile(m.nanoseconds, 0.0)}});
  }
  for (const MemoryMeasurement& m : results.memory) {
    json entry = {{"type", m.type},   {"keys", name_of(m.pattern)},   {"size", m.size},
                  {"table", m.table}, {"tables", m.footprint.tables}, {"object_bytes", m.footprint.object_bytes}};
    const auto add = [&](const char* name, std::optional<std::size_t> bytes) {
      if (bytes) entry[name] = *bytes;
    };
    add("held_bytes", m.footprint.asked_bytes);
    add("peak_bytes", m.footprint.peak_bytes);
    add("malloc_bytes", m.footprint.malloc_bytes);
    add("resident_bytes", m.resident_bytes);
    document["memory"].push_back(entry);
  }
  std::ofstream file(options.json_file);
  file << document.dump(1) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + options.json_file);
}

}  // namespace compare
