// SPDX-License-Identifier: MIT
/// @file The main job: counts the words of a real text, and the pairs of letters in them, in HashTables, and reports
/// what the tables went through: how they grew and shrank, what they weigh, how long searches are, how fast they are.
#include "demo/report.hpp"
#include "demo/text.hpp"
#include "demo/timing.hpp"

#include <perturb/hash_table.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using demo::Report;
using WordCounts = perturb::HashTable<std::string, std::uint64_t>;
using LetterPair = std::pair<char32_t, char32_t>;
using PairCounts = perturb::HashTable<LetterPair, std::uint64_t>;

// The capacities that a table goes through, with the size at which each was reached.
class CapacityTrace {
 public:
  void note(std::size_t capacity, std::size_t size) {
    if (steps_.empty() || steps_.back().first != capacity) steps_.emplace_back(capacity, size);
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [capacity, size] : steps_) {
      if (!text.empty()) text += " -> ";
      text += std::to_string(capacity) + " (at " + std::to_string(size) + ")";
    }
    return text;
  }

 private:
  std::vector<std::pair<std::size_t, std::size_t>> steps_;
};

template <class Table>
std::vector<std::pair<typename Table::key_type, std::uint64_t>> most_frequent(const Table& counts,
                                                                              std::size_t how_many) {
  std::vector<std::pair<typename Table::key_type, std::uint64_t>> all(counts.begin(), counts.end());
  how_many = std::min(how_many, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(how_many), all.end(),
                    [](const auto& a, const auto& b) { return a.second != b.second ? a.second > b.second : a < b; });
  all.resize(how_many);
  return all;
}

WordCounts count_words(const demo::Text& text, Report& report) {
  WordCounts counts;
  CapacityTrace trace;
  demo::Progress progress("counting words", text.words().size());
  std::size_t longest = 0;
  for (const std::string_view word : text.words()) {
    ++counts[word];
    trace.note(counts.bucket_count(), counts.size());
    longest = std::max(longest, word.size());
    progress.advance();
  }
  progress.done();

  report.section("Words");
  report.line("words", text.words().size());
  report.line("different", counts.size());
  report.line("longest", std::to_string(longest) + " bytes");
  report.line("buckets grew", trace.text());
  std::vector<demo::Bar> bars;
  for (const auto& [word, count] : most_frequent(counts, 5)) bars.push_back({demo::shortened(word), count});
  report.bars("most frequent", bars);
  return counts;
}

void count_letter_pairs(const demo::Text& text, Report& report) {
  PairCounts counts;
  for (const std::string_view word : text.words()) {
    demo::for_each_letter_pair(word, [&](char32_t first, char32_t second) { ++counts[{first, second}]; });
  }
  report.section("Pairs of letters");
  report.line("different", counts.size());
  report.line("buckets", counts.bucket_count());
  std::vector<demo::Bar> bars;
  for (const auto& [pair, count] : most_frequent(counts, 8)) {
    bars.push_back({demo::utf8(pair.first) + demo::utf8(pair.second), count});
  }
  report.bars("most frequent", bars);
}

// Erases nine words in ten by key, puts them back, and checks that every count is what it was.
void erase_and_reinsert(WordCounts& counts, Report& report) {
  const WordCounts before = counts;
  std::vector<std::pair<std::string, std::uint64_t>> taken;
  CapacityTrace shrinking;
  shrinking.note(counts.bucket_count(), counts.size());
  std::size_t number = 0;
  for (const auto& [word, count] : before) {
    if (number++ % 10 == 0) continue;
    taken.emplace_back(word, *counts.pop(word));
    shrinking.note(counts.bucket_count(), counts.size());
  }
  const std::size_t left = counts.size();
  CapacityTrace growing;
  growing.note(counts.bucket_count(), counts.size());
  for (auto& [word, count] : taken) {
    counts.try_emplace(std::move(word), count);
    growing.note(counts.bucket_count(), counts.size());
  }

  report.section("Erase nine words in ten, and insert them again");
  report.line("erased", std::to_string(taken.size()) + ", left " + std::to_string(left));
  report.line("buckets shrank", shrinking.text());
  report.line("buckets grew", growing.text());
  if (counts != before) throw std::logic_error("a count changed while words were erased and inserted again");
  report.line("checked", "every word has its count back");
}

// Erases through iterators and inserts again, which leaves the capacity alone: where tombstones come from and go to.
void show_tombstones(const WordCounts& counts, Report& report) {
  WordCounts table = counts;
  std::vector<std::string> taken;
  std::size_t number = 0;
  for (auto it = table.begin(); it != table.end();) {
    if (number++ % 2 == 0) {
      taken.push_back(it->first);
      it = table.erase(it);
    } else {
      ++it;
    }
  }
  const std::size_t after_erasing = table.tombstone_count();
  for (std::string& word : taken) table[std::move(word)] = 1;
  report.section("Tombstones");
  report.line("after erasing half", std::to_string(after_erasing) + " of " + std::to_string(taken.size()) +
                                        " erased slots (the others became empty at once)");
  report.line("after inserting", table.tombstone_count());
}

void show_memory(const WordCounts& counts, Report& report) {
  const double entries = static_cast<double>(counts.size());
  const double std_bytes = static_cast<double>(demo::std_map_bytes(counts));
  report.section("Memory (without the characters of long words)");
  report.line("load", demo::percent(counts.load_factor()));
  report.line("HashTable", demo::fixed(static_cast<double>(counts.memory_bytes()) / entries, 1) + " bytes an entry");
  report.line("std::unordered_map", demo::fixed(std_bytes / entries, 1) + " bytes an entry");
}

void show_probes(const WordCounts& counts, Report& report) {
  const perturb::TableStats stats = counts.stats();
  report.section("Probe lengths: groups of 16 slots that a search looks at");
  std::vector<demo::Bar> bars;
  for (std::size_t i = 0; i < stats.probe_lengths.size() && i < stats.longest_probe; ++i) {
    bars.push_back({std::to_string(i + 1), stats.probe_lengths[i]});
  }
  report.bars("words found in group", bars);
  report.line("mean", demo::fixed(stats.mean_probe_length(), 3));
  report.line("verdict", stats.verdict());
}

void show_times(const WordCounts& counts, Report& report) {
  report.section("Time: nanoseconds an operation, median of " + std::to_string(demo::kRounds) + " rounds, in turn");
  report.table({"", "HashTable", "std::unordered_map", "ratio"});
  for (const demo::Timing& timing : demo::time_operations(counts)) {
    report.table({timing.operation, demo::fixed(timing.table_ns, 1), demo::fixed(timing.std_ns, 1),
                  demo::fixed(timing.std_ns / timing.table_ns, 1) + " x"});
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Counts the words of a text in hash tables and reports what the tables went through.", "demo");
  std::string path = "/usr/share/dict/american-english";
  app.add_option("FILE", path, "a file with words between white space, of any kind and size")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : 2;
  }
  try {
    const demo::Text text(path);
    Report report(std::cout);
    report.title("perturb: the words of " + path);
    WordCounts counts = count_words(text, report);
    count_letter_pairs(text, report);
    erase_and_reinsert(counts, report);
    show_tombstones(counts, report);
    show_memory(counts, report);
    show_probes(counts, report);
    show_times(counts, report);
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("the report could not be written");
    return 0;
  } catch (const demo::UnusableFile& error) {
    std::cerr << "demo: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "demo: " << error.what() << '\n';
    return 1;
  }
}
