// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "options.hpp"
#include "results.hpp"
#include "statistics.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace compare {
namespace {

constexpr std::string_view kOurs = "perturb";
constexpr std::string_view kAgain = "perturb-again";

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string text_of(const GeometricMean& mean, int digits) { return mean.empty() ? "-" : fixed(mean.value(), digits); }

// Rows of cells, the first column to the left and the others to the right.
class Grid {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  friend std::ostream& operator<<(std::ostream& out, const Grid& grid) {
    std::vector<std::size_t> widths;
    for (const auto& row : grid.rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : grid.rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        out << (i == 0 ? std::left : std::right) << (i == 0 ? "" : "  ") << std::setw(static_cast<int>(widths[i]))
            << row[i];
      }
      out << '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Sizes fall into the small (in cache), the large, and those beyond a period of the large.
enum class Band { small, large, huge, all };
constexpr std::array kBands = {Band::small, Band::large, Band::huge, Band::all};

constexpr std::string_view name_of(Band band) {
  switch (band) {
    case Band::small:
      return "<100k";
    case Band::large:
      return "<2M";
    case Band::huge:
      return ">=2M";
    case Band::all:
      return "all sizes";
  }
  return "";
}

bool is_in(Band band, std::size_t size) {
  switch (band) {
    case Band::small:
      return size < 100'000;
    case Band::large:
      return size >= 100'000 && size < 2'000'000;
    case Band::huge:
      return size >= 2'000'000;
    case Band::all:
      return true;
  }
  return false;
}

using Suite = std::pair<std::string, Pattern>;

std::string title_of(const Suite& suite) {
  return std::string(suite.first).append(", ").append(name_of(suite.second)).append(" keys");
}

class Analysis {
 public:
  explicit Analysis(const Results& results) : results_(results) {
    for (const Measurement& measurement : results.measurements) {
      const Suite suite{measurement.type, measurement.pattern};
      if (std::find(suites_.begin(), suites_.end(), suite) == suites_.end()) suites_.push_back(suite);
    }
  }

  [[nodiscard]] const std::vector<Suite>& suites() const { return suites_; }

  // Of the medians of all measurements that `matches` accepts.
  template <class Matches>
  [[nodiscard]] std::optional<double> mean(std::string_view table, Matches matches) const {
    GeometricMean result;
    for (const Measurement& measurement : results_.measurements) {
      if (measurement.table == table && matches(measurement)) result.add(median(measurement.nanoseconds));
    }
    return result.empty() ? std::nullopt : std::optional(result.value());
  }

  // What `matches` accepts of our table against the best single peer that `counts` accepts.
  template <class Matches, class Counts>
  [[nodiscard]] std::optional<std::pair<double, std::string>> ratio_to_best(Matches matches, Counts counts) const {
    const auto ours = mean(kOurs, matches);
    std::optional<std::pair<double, std::string>> best;
    for (const TableInfo& table : results_.tables) {
      if (table.name == kOurs || table.name == kAgain || !counts(table)) continue;
      const auto peer = mean(table.name, matches);
      if (peer && (!best || *peer < best->first)) best = {*peer, table.name};
    }
    if (!ours || !best) return {};
    return std::pair(*ours / best->first, best->second);
  }

 private:
  const Results& results_;
  std::vector<Suite> suites_;
};

bool is_flat(const TableInfo& table) { return table.kind == Kind::flat; }
bool is_any(const TableInfo&) { return true; }

void print_suite(std::ostream& out, const Results& results, const Analysis& analysis, const Suite& suite) {
  out << '\n' << title_of(suite) << ": nanoseconds an operation, geometric mean over the sizes\n";
  Grid grid;
  std::vector<std::string> head{"workload"};
  for (const TableInfo& table : results.tables) head.push_back(table.name);
  head.emplace_back("| perturb/best flat peer:");
  for (const Band band : kBands) head.emplace_back(name_of(band));
  head.emplace_back("perturb/best peer");
  grid.add(head);
  const auto add_row = [&](const std::string& name, auto matches) {
    std::vector<std::string> row{name};
    for (const TableInfo& table : results.tables) {
      const auto mean = analysis.mean(table.name, matches);
      row.push_back(mean ? fixed(*mean, 2) : "-");
    }
    const auto flat = analysis.ratio_to_best(matches, is_flat);
    row.push_back(std::string("| ").append(flat ? flat->second : "-"));
    for (const Band band : kBands) {
      const auto ratio = analysis.ratio_to_best(
          [&](const Measurement& measurement) { return matches(measurement) && is_in(band, measurement.size); },
          is_flat);
      row.push_back(ratio ? fixed(ratio->first, 2) : "-");
    }
    const auto any = analysis.ratio_to_best(matches, is_any);
    row.push_back(any ? fixed(any->first, 2).append(" ").append(any->second) : "-");
    grid.add(row);
  };
  const auto in_suite = [&](const Measurement& measurement) {
    return measurement.type == suite.first && measurement.pattern == suite.second;
  };
  for (const Workload workload : kWorkloads) {
    const auto matches = [&](const Measurement& measurement) {
      return in_suite(measurement) && measurement.workload == workload;
    };
    if (analysis.mean(kOurs, matches)) add_row(std::string(name_of(workload)), matches);
  }
  add_row("all", in_suite);
  out << grid;
}

void print_memory(std::ostream& out, const Results& results) {
  if (results.memory.empty()) return;
  out << "\nBytes an element, geometric mean over the sizes: held / at most while building / resident at most\n";
  Grid grid;
  std::vector<std::string> head{"type"};
  for (const TableInfo& table : results.tables) head.push_back(table.name);
  grid.add(head);
  std::vector<Suite> suites;
  for (const MemoryMeasurement& memory : results.memory) {
    const Suite suite{memory.type, memory.pattern};
    if (std::find(suites.begin(), suites.end(), suite) == suites.end()) suites.push_back(suite);
  }
  for (const Suite& suite : suites) {
    std::vector<std::string> row{title_of(suite)};
    for (const TableInfo& table : results.tables) {
      GeometricMean held, peak, resident;
      for (const MemoryMeasurement& memory : results.memory) {
        if (Suite{memory.type, memory.pattern} != suite || memory.table != table.name) continue;
        const auto size = static_cast<double>(memory.size);
        if (memory.footprint) {
          held.add(static_cast<double>(memory.footprint->settled_bytes) / size);
          peak.add(static_cast<double>(memory.footprint->peak_bytes) / size);
        }
        if (memory.resident_bytes) resident.add(static_cast<double>(*memory.resident_bytes) / size);
      }
      row.push_back(text_of(held, 1) + " / " + text_of(peak, 1) + " / " + text_of(resident, 1));
    }
    grid.add(row);
  }
  out << grid;
}

void print_noise(std::ostream& out, const Results& results) {
  std::map<std::pair<std::string, std::size_t>, double> ours;
  const auto key = [](const Measurement& m) {
    return std::pair(m.type + std::string(name_of(m.pattern)) + std::string(name_of(m.workload)), m.size);
  };
  for (const Measurement& m : results.measurements) {
    if (m.table == kOurs) ours[key(m)] = median(m.nanoseconds);
  }
  std::vector<double> ratios;
  for (const Measurement& m : results.measurements) {
    if (m.table == kAgain && ours.contains(key(m))) ratios.push_back(median(m.nanoseconds) / ours[key(m)]);
  }
  if (ratios.empty()) return;
  GeometricMean mean;
  for (const double ratio : ratios) mean.add(ratio);
  out << "\nNoise, as the ratio of the same table to itself under another name: geometric mean "
      << fixed(mean.value(), 3) << ", 5 % to 95 % of the measurements between " << fixed(quantile(ratios, 0.05), 2)
      << " and " << fixed(quantile(ratios, 0.95), 2) << ", all between " << fixed(quantile(ratios, 0.0), 2) << " and "
      << fixed(quantile(ratios, 1.0), 2) << '\n';
}

void print_whole(std::ostream& out, const Results& results, const Analysis& analysis) {
  out << "\nEverything, geometric mean of all measurements in nanoseconds\n";
  Grid grid;
  std::vector<std::string> names{""}, means{""};
  const auto everything = [](const Measurement&) { return true; };
  for (const TableInfo& table : results.tables) {
    names.push_back(table.name + (table.version.empty() ? "" : " " + table.version));
    const auto mean = analysis.mean(table.name, everything);
    means.push_back(mean ? fixed(*mean, 2) : "-");
  }
  grid.add(names);
  grid.add(means);
  out << grid;
  for (const bool flat_only : {true, false}) {
    const auto ratio = analysis.ratio_to_best(
        everything, [&](const TableInfo& table) { return !flat_only || table.kind == Kind::flat; });
    if (!ratio) continue;
    out << "perturb takes " << fixed(ratio->first, 3) << " of the time of " << ratio->second << ", the best single "
        << (flat_only ? "flat peer\n" : "peer of all\n");
  }
}

// Where a flat peer is faster by more than a tenth, the worst first.
void print_losses(std::ostream& out, const Analysis& analysis, const Results& results) {
  struct Loss {
    double ratio;
    std::string text;
  };
  std::vector<Loss> losses;
  std::size_t count = 0;
  for (const Measurement& ours : results.measurements) {
    if (ours.table != kOurs) continue;
    ++count;
    const auto ratio = analysis.ratio_to_best(
        [&](const Measurement& m) {
          return m.type == ours.type && m.pattern == ours.pattern && m.workload == ours.workload && m.size == ours.size;
        },
        is_flat);
    if (!ratio || ratio->first <= 1.1) continue;
    losses.push_back({ratio->first, fixed(ratio->first, 2) + "  " + std::string(name_of(ours.workload)) + " of " +
                                        std::to_string(ours.size) + " (" + title_of({ours.type, ours.pattern}) +
                                        "), to " + ratio->second});
  }
  std::sort(losses.begin(), losses.end(), [](const Loss& a, const Loss& b) { return a.ratio > b.ratio; });
  constexpr std::size_t kShown = 25;
  out << "\nBehind the best flat peer of the very size by more than a tenth in " << losses.size() << " of " << count
      << " measurements" << (losses.size() > kShown ? "; the worst of them:\n" : "\n");
  for (std::size_t i = 0; i < std::min(losses.size(), kShown); ++i) out << "  " << losses[i].text << '\n';
}

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

void print_report(std::ostream& out, const Results& results) {
  const Analysis analysis(results);
  for (const Suite& suite : analysis.suites()) print_suite(out, results, analysis, suite);
  print_memory(out, results);
  print_whole(out, results, analysis);
  print_losses(out, analysis, results);
  print_noise(out, results);
}

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
                         {"hash", options.own_hash ? "own" : "shared"},
                         {"seed", options.seed},
                         {"rounds", options.rounds}};
  for (const TableInfo& table : results.tables) {
    document["tables"].push_back({{"name", table.name}, {"version", table.version}, {"kind", name_of(table.kind)}});
  }
  for (const Measurement& m : results.measurements) {
    document["measurements"].push_back({{"type", m.type},
                                        {"keys", name_of(m.pattern)},
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
    json entry = {{"type", m.type}, {"keys", name_of(m.pattern)}, {"size", m.size}, {"table", m.table}};
    if (m.footprint) {
      entry["held_bytes"] = m.footprint->settled_bytes;
      entry["peak_bytes"] = m.footprint->peak_bytes;
    }
    if (m.resident_bytes) entry["resident_bytes"] = *m.resident_bytes;
    document["memory"].push_back(entry);
  }
  std::ofstream file(options.json_file);
  file << document.dump(1) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + options.json_file);
}

}  // namespace compare
