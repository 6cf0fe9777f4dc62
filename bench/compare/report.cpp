// SPDX-License-Identifier: MIT
#include "report.hpp"

#include "grid.hpp"
#include "options.hpp"
#include "results.hpp"
#include "statistics.hpp"
#include "subject.hpp"
#include "types.hpp"
#include "workloads.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iomanip>
#include <limits>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace compare {
namespace {

constexpr std::string_view kOurs = "perturb";
constexpr std::string_view kStd = "std-unordered";

std::string fixed(double value, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << value;
  return text.str();
}

std::string text_of(std::optional<double> value, int digits) { return value ? fixed(*value, digits) : "-"; }

// Sizes from `first` to `last`.
struct Band {
  std::string_view name;
  std::size_t first;
  std::size_t last;

  [[nodiscard]] bool contains(std::size_t size) const { return size >= first && size <= last; }
};
constexpr std::size_t kNoEnd = std::numeric_limits<std::size_t>::max();
constexpr std::array kBands = {Band{"<25k", 0, 24'999}, Band{"25k-2M", 25'000, 1'999'999},
                               Band{">=2M", 2'000'000, kNoEnd}, Band{"all sizes", 0, kNoEnd}};
constexpr std::array kSmallBands = {Band{"<=8", 0, 8}, Band{"9-24", 9, 24}, Band{">24", 25, kNoEnd},
                                    Band{"all sizes", 0, kNoEnd}};

// What one table of the report is about.
struct Suite {
  std::string type;
  Pattern pattern;
  HashChoice hash;
  bool small;

  friend bool operator==(const Suite&, const Suite&) = default;
};

Suite suite_of(const Measurement& m) { return {m.type, m.pattern, m.hash, is_small(m.workload)}; }

std::string title_of(const Suite& suite) {
  return suite.type + ", " + std::string(name_of(suite.pattern)) + " keys, " + std::string(name_of(suite.hash)) +
         " hash";
}

template <class T>
void add_once(std::vector<T>& values, const T& value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

class Analysis {
 public:
  explicit Analysis(const Results& results) : results_(results) {
    for (const Measurement& measurement : results.measurements) add_once(suites_, suite_of(measurement));
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
      if (table.role != Role::peer || !counts(table)) continue;
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
bool is_std(const TableInfo& table) { return table.name == kStd; }

bool has_peers(const Results& results) {
  return std::any_of(results.tables.begin(), results.tables.end(),
                     [](const TableInfo& table) { return table.role == Role::peer; });
}

std::vector<std::string> heads(std::string first, const Results& results) {
  std::vector<std::string> head{std::move(first)};
  for (const TableInfo& table : results.tables) head.push_back(table.name);
  return head;
}

// A row of a table of times: every table's mean, and the ratios.
template <class Matches>
std::vector<std::string> row_of(const std::string& name, const Results& results, const Analysis& analysis,
                                std::span<const Band> bands, Matches matches) {
  std::vector<std::string> row{name};
  for (const TableInfo& table : results.tables) row.push_back(text_of(analysis.mean(table.name, matches), 2));
  if (!has_peers(results)) return row;
  const auto flat = analysis.ratio_to_best(matches, is_flat);
  row.push_back(std::string("| ").append(flat ? flat->second : "-"));
  for (const Band& band : bands) {
    const auto ratio = analysis.ratio_to_best(
        [&](const Measurement& measurement) { return matches(measurement) && band.contains(measurement.size); },
        is_flat);
    row.push_back(ratio ? fixed(ratio->first, 2) : "-");
  }
  const auto any = analysis.ratio_to_best(matches, is_any);
  row.push_back(any ? fixed(any->first, 2).append(" ").append(any->second) : "-");
  const auto std_ratio = analysis.ratio_to_best(matches, is_std);
  row.push_back(std_ratio ? fixed(std_ratio->first, 2) : "-");
  return row;
}

void print_suite(std::ostream& out, const Results& results, const Analysis& analysis, const Suite& suite,
                 bool each_size) {
  out << '\n'
      << title_of(suite)
      << (suite.small
              ? ": thousands of small tables, nanoseconds a table (finds: a key), geometric mean over the sizes\n"
              : ": nanoseconds an operation, geometric mean over the sizes\n");
  const std::span<const Band> bands = suite.small ? std::span(kSmallBands) : std::span(kBands);
  const auto add_head = [&](Grid& grid, std::span<const Band> columns) {
    std::vector<std::string> head = heads("workload", results);
    if (!has_peers(results)) return grid.add(head);
    head.emplace_back("| perturb/best flat peer:");
    for (const Band& band : columns) head.emplace_back(band.name);
    head.emplace_back("perturb/best peer");
    head.emplace_back("perturb/std");
    grid.add(head);
  };
  const auto in_suite = [&](const Measurement& measurement) { return suite_of(measurement) == suite; };
  Grid means, by_size;
  add_head(means, bands);
  add_head(by_size, std::span(bands).last(1));
  for (const Workload workload : kWorkloads) {
    const auto matches = [&](const Measurement& m) { return in_suite(m) && m.workload == workload; };
    std::set<std::size_t> sizes;
    for (const Measurement& m : results.measurements) {
      if (matches(m)) sizes.insert(m.size);
    }
    if (sizes.empty()) continue;
    const std::string name(name_of(workload));
    means.add(row_of(name, results, analysis, bands, matches));
    for (const std::size_t size : sizes) {
      by_size.add(row_of(name + " " + std::to_string(size), results, analysis, bands.last(1),
                         [&](const Measurement& m) { return matches(m) && m.size == size; }));
    }
  }
  means.add(row_of("all", results, analysis, bands, in_suite));
  if (each_size) out << by_size << '\n';
  out << means;
}

// The table itself and what malloc hands out for it; what its keys own is the same for all.
std::optional<double> bytes_of_one(const MemoryMeasurement& m) {
  if (!m.footprint.malloc_bytes) return {};
  return static_cast<double>(m.footprint.object_bytes) +
         static_cast<double>(*m.footprint.malloc_bytes) / static_cast<double>(m.footprint.tables);
}

std::optional<double> each(std::optional<std::size_t> bytes, const MemoryMeasurement& m) {
  if (!bytes) return {};
  return static_cast<double>(*bytes) / static_cast<double>(m.footprint.tables * m.size);
}

using MemoryBySize = std::map<std::size_t, std::map<std::string, const MemoryMeasurement*>>;

// A row of geometric means over the sizes of what `value` says of a measurement.
template <class Value>
std::vector<std::string> mean_row(const std::string& name, const Results& results, const MemoryBySize& by_size,
                                  Value value) {
  std::vector<std::string> row{name};
  for (const TableInfo& table : results.tables) {
    GeometricMean mean;
    for (const auto& [size, by_table] : by_size) {
      const auto found = by_table.find(table.name);
      const std::optional<double> bytes = found == by_table.end() ? std::nullopt : value(*found->second);
      if (bytes) mean.add(*bytes);
    }
    row.push_back(mean.empty() ? "-" : fixed(mean.value(), 1));
  }
  return row;
}

void print_memory_of(std::ostream& out, const std::string& title, const Results& results, const MemoryBySize& by_size) {
  out << '\n'
      << title << ": bytes an element, what malloc hands out and the table's own, without the keys' characters\n";
  Grid grid;
  std::vector<std::string> head = heads("elements", results);
  head.emplace_back("| perturb/std");
  grid.add(head);
  GeometricMean of_ratios;
  std::map<std::string, double> sums;
  for (const auto& [size, by_table] : by_size) {
    std::vector<std::string> row{std::to_string(size)};
    std::map<std::string_view, double> bytes;
    for (const TableInfo& table : results.tables) {
      const auto found = by_table.find(table.name);
      const auto one = found == by_table.end() ? std::nullopt : bytes_of_one(*found->second);
      if (one) {
        bytes[table.name] = *one;
        sums[table.name] += *one;
      }
      row.push_back(one ? fixed(*one / static_cast<double>(size), 1) : "-");
    }
    const bool has_both = bytes.contains(kOurs) && bytes.contains(kStd);
    if (has_both) of_ratios.add(bytes[kOurs] / bytes[kStd]);
    row.push_back(has_both ? "| " + fixed(bytes[kOurs] / bytes[kStd], 2) : "|");
    grid.add(row);
  }
  std::vector<std::string> mean = mean_row("geometric mean", results, by_size, [](const MemoryMeasurement& m) {
    const auto one = bytes_of_one(m);
    return one ? std::optional(*one / static_cast<double>(m.size)) : std::nullopt;
  });
  mean.push_back(of_ratios.empty() ? "|" : "| " + fixed(of_ratios.value(), 2));
  grid.add(mean);
  std::vector<std::string> a_table{"mean bytes a table"};
  for (const TableInfo& table : results.tables) {
    a_table.push_back(sums.contains(table.name) ? fixed(sums[table.name] / static_cast<double>(by_size.size()), 0)
                                                : "-");
  }
  if (sums.contains(std::string(kOurs)) && sums.contains(std::string(kStd))) {
    a_table.push_back("| " + fixed(sums[std::string(kOurs)] / sums[std::string(kStd)], 2));
  }
  grid.add(a_table);
  grid.add(mean_row("asked for", results, by_size,
                    [](const MemoryMeasurement& m) { return each(m.footprint.asked_bytes, m); }));
  if (by_size.begin()->second.begin()->second->footprint.tables == 1) {
    grid.add(mean_row("asked for, at most", results, by_size,
                      [](const MemoryMeasurement& m) { return each(m.footprint.peak_bytes, m); }));
    grid.add(mean_row("resident, at most", results, by_size,
                      [](const MemoryMeasurement& m) { return each(m.resident_bytes, m); }));
  }
  out << grid;
}

void print_memory(std::ostream& out, const Results& results) {
  std::map<std::tuple<std::string, Pattern, bool>, MemoryBySize> suites;
  for (const MemoryMeasurement& m : results.memory) {
    suites[{m.type, m.pattern, m.footprint.tables == 1}][m.size][m.table] = &m;
  }
  for (const auto& [suite, by_size] : suites) {
    const auto& [type, pattern, is_single] = suite;
    print_memory_of(out, type + ", " + std::string(name_of(pattern)) + (is_single ? " keys" : " keys, small tables"),
                    results, by_size);
  }
}

void print_noise(std::ostream& out, const Results& results) {
  std::map<std::tuple<std::string, Pattern, HashChoice, Workload, std::size_t>, double> ours;
  const auto key = [](const Measurement& m) { return std::tuple(m.type, m.pattern, m.hash, m.workload, m.size); };
  for (const Measurement& m : results.measurements) {
    if (m.table == kOurs) ours[key(m)] = median(m.nanoseconds);
  }
  std::set<std::string> again;
  for (const TableInfo& table : results.tables) {
    if (table.role == Role::again) again.insert(table.name);
  }
  std::vector<double> ratios;
  for (const Measurement& m : results.measurements) {
    if (again.contains(m.table) && ours.contains(key(m))) ratios.push_back(median(m.nanoseconds) / ours[key(m)]);
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
    means.push_back(text_of(analysis.mean(table.name, everything), 2));
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
    const auto ratio = analysis.ratio_to_best(
        [&](const Measurement& m) {
          return suite_of(m) == suite_of(ours) && m.workload == ours.workload && m.size == ours.size;
        },
        is_flat);
    if (!ratio) continue;
    ++count;
    if (ratio->first <= 1.1) continue;
    losses.push_back({ratio->first, fixed(ratio->first, 2) + "  " + std::string(name_of(ours.workload)) + " of " +
                                        std::to_string(ours.size) + " (" + title_of(suite_of(ours)) + "), to " +
                                        ratio->second});
  }
  if (count == 0) return;
  std::sort(losses.begin(), losses.end(), [](const Loss& a, const Loss& b) { return a.ratio > b.ratio; });
  constexpr std::size_t kShown = 25;
  out << "\nSlower than the best flat peer at the same size by more than a tenth in " << losses.size() << " of "
      << count << " measurements" << (losses.size() > kShown ? "; the worst of them:\n" : "\n");
  for (std::size_t i = 0; i < std::min(losses.size(), kShown); ++i) out << "  " << losses[i].text << '\n';
}

}  // namespace

void print_report(std::ostream& out, const Options& options, const Results& results) {
  const Analysis analysis(results);
  print_memory(out, results);
  if (results.measurements.empty()) return;
  for (const Suite& suite : analysis.suites()) print_suite(out, results, analysis, suite, options.each_size);
  print_whole(out, results, analysis);
  print_losses(out, analysis, results);
  print_noise(out, results);
}

}  // namespace compare
