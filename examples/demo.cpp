// SPDX-License-Identifier: MIT
/// @file The demonstration: counts the words of a real text, and the pairs of letters in them, in HashTables, and
/// reports how the tables grew and shrank, how much memory they take, how long searches are, and how fast they are;
/// then it puts the words on the nodes of a ring.
#include "demo/report.hpp"
#include "demo/text.hpp"
#include "demo/timing.hpp"

#include <perturb/hash_table.hpp>
#include <perturb/sharded_table.hpp>
#include <perturb/svg.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
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

  void show(const std::string& label, Report& report) const {
    std::vector<std::string> steps;
    for (const auto& [capacity, size] : steps_) {
      steps.push_back(std::to_string(capacity) + " (at " + std::to_string(size) + ")");
    }
    report.chain(label, steps);
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
  trace.show("buckets (at words)", report);
  std::vector<demo::Bar> bars;
  for (const auto& [word, count] : most_frequent(counts, 5)) bars.push_back({demo::shortened(word), count});
  if (bars.front().value > 1) {
    report.bars("most frequent", bars);
  } else {
    report.line("most frequent", "every word occurs once");
  }
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
  const std::size_t remaining = counts.size();
  CapacityTrace growing;
  growing.note(counts.bucket_count(), counts.size());
  for (auto& [word, count] : taken) {
    counts.try_emplace(std::move(word), count);
    growing.note(counts.bucket_count(), counts.size());
  }

  report.section("Erase nine words in ten, and insert them again");
  report.line("erased", std::to_string(taken.size()) + " words; " + std::to_string(remaining) + " remain");
  shrinking.show("buckets shrank", report);
  growing.show("buckets grew", report);
  if (counts != before) throw std::logic_error("a count changed while words were erased and inserted again");
  report.line("checked", "every word has its count back");
}

// A table of as many of the words as it holds before it grows for the last time.
WordCounts fullest_table(const WordCounts& counts) {
  std::size_t fullest = counts.size();
  WordCounts growing;
  for (const auto& entry : counts) {
    const std::size_t buckets = growing.bucket_count();
    growing.insert(entry);
    if (growing.bucket_count() != buckets && growing.size() > 1) fullest = growing.size() - 1;
  }
  WordCounts table;
  for (auto it = counts.begin(); table.size() < fullest; ++it) table.insert(*it);
  return table;
}

// Erases through iterators, which never shrinks the table, and inserts again: tombstones appear and are reused.
void show_tombstones(WordCounts table, Report& report) {
  std::vector<std::string> taken;
  std::size_t number = 0;
  report.section("Tombstones in a table that is " + demo::percent(table.load_factor()) + " full");
  for (auto it = table.begin(); it != table.end();) {
    if (number++ % 2 == 0) {
      taken.push_back(it->first);
      it = table.erase(it);
    } else {
      ++it;
    }
  }
  report.line("half erased", std::to_string(table.tombstone_count()) + " of the " + std::to_string(taken.size()) +
                                 " freed slots are tombstones, the others are empty");
  for (std::string& word : taken) table[std::move(word)] = 1;
  report.line("inserted again", std::to_string(table.tombstone_count()) + " tombstones");
}

void show_memory(const WordCounts& counts, const WordCounts& fullest, Report& report) {
  report.section("Memory (without the characters of long words)");
  const auto show_table = [&](const std::string& label, const WordCounts& table) {
    report.line("HashTable",
                demo::fixed(static_cast<double>(table.memory_bytes()) / static_cast<double>(table.size()), 1) +
                    " bytes an entry, " + demo::percent(table.load_factor()) + " full (" + label + ")");
  };
  show_table("with all words", counts);
  show_table("as full as it gets before it grows", fullest);
  report.line("std::unordered_map",
              demo::fixed(static_cast<double>(demo::std_map_bytes(counts)) / static_cast<double>(counts.size()), 1) +
                  " bytes an entry");
}

void show_probes(const WordCounts& counts, Report& report) {
  const perturb::TableStats stats = counts.stats();
  report.section("Probe lengths: groups of slots that a search looks at");
  std::vector<demo::Bar> bars;
  for (std::size_t i = 0; i < stats.probe_lengths.size() && i < stats.longest_probe; ++i) {
    bars.push_back({std::to_string(i + 1), stats.probe_lengths[i]});
  }
  report.bars("words found in group", bars);
  report.line("mean", demo::fixed(stats.mean_probe_length(), 3));
  report.line("verdict", stats.verdict());
}

// Puts the words on five nodes, adds a sixth and removes one, and draws the ring if `picture` is a file.
void show_ring(const WordCounts& counts, std::ofstream& picture, Report& report) {
  using Words = perturb::ShardedTable<std::string, std::uint64_t, std::string>;
  const std::vector<std::pair<std::string, double>> nodes = {
      {"ada", 1.0}, {"barbara", 0.5}, {"donald", 2.0}, {"edsger", 1.0}, {"grace", 1.5}};
  Words words;
  words.add_nodes(nodes);
  for (const auto& [word, count] : counts) words.set(word, count);

  report.section("A ring: the different words on nodes of different weights");
  const auto show_nodes = [&] {
    double weights = 0;
    for (const std::string& node : words.ring().nodes()) weights += words.ring().weight(node);
    report.table({"node", "weight", "share of weights", "share of ring", "words"});
    for (const std::string& node : words.ring().nodes()) {
      report.table({node, demo::fixed(words.ring().weight(node), 1), demo::percent(words.ring().weight(node) / weights),
                    demo::percent(words.ring().share(node)), std::to_string(words.node_size(node))});
    }
  };
  const auto moved_of = [&](const perturb::MoveReport& move, double share) {
    return std::to_string(move.moved) + " words moved; its share of the ring is " +
           demo::fixed(share * static_cast<double>(counts.size()), 0) + " words";
  };
  show_nodes();
  const perturb::MoveReport arrived = words.add_node("niklaus");
  report.line("niklaus is added", moved_of(arrived, words.ring().share("niklaus")));
  const double leaving_share = words.ring().share("donald");
  const perturb::MoveReport left = words.remove_node("donald");
  report.line("donald is removed", moved_of(left, leaving_share));
  show_nodes();
  for (const auto& [word, count] : counts) {
    const std::uint64_t* const found = words.get(word);
    if (found == nullptr || *found != count) throw std::logic_error("a word was lost while nodes came and went");
  }
  report.line("checked", "every word is on its node, with its count");

  if (picture.is_open()) perturb::write_svg(words.ring(), picture);
}

void show_times(const WordCounts& counts, const WordCounts& fullest, Report& report) {
  report.section("Time: nanoseconds an operation, the median of " + std::to_string(demo::kRounds) + " rounds");
  report.text(
      "Freed memory stays in the program: no round but the first waits for page faults. Present words are found");
  report.text("once before that is timed: caches then hold what they can of the table.");
  for (const WordCounts* table : {&counts, &fullest}) {
    report.table({demo::percent(table->load_factor()) + " full", "HashTable", "std::unordered_map", "speed-up"});
    for (const demo::Timing& timing : demo::time_operations(*table)) {
      report.table({timing.operation, demo::fixed(timing.table_ns, 1), demo::fixed(timing.std_ns, 1),
                    demo::fixed(timing.std_ns / timing.table_ns, 1) + " x"});
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Counts the words of a text in hash tables and reports what the tables went through.", "demo");
  std::string path = "/usr/share/dict/american-english";
  app.add_option("FILE", path, "a file with words between white space, of any kind and size")->capture_default_str();
  std::string picture_path;
  app.add_option("--picture", picture_path, "write a picture of the ring (SVG) to this file; without it none is drawn");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : 2;
  }
  try {
    const demo::Text text(path);
    std::ofstream picture;
    if (!picture_path.empty()) {
      picture.open(picture_path);
      if (!picture) throw demo::UnusableFile(picture_path + " cannot be written; name another file with --picture");
    }
    Report report(std::cout);
    report.title("perturb: the words of " + path);
    report.text("Each word is a key of a perturb::HashTable, its number of occurrences the value.");
    WordCounts counts = count_words(text, report);
    count_letter_pairs(text, report);
    erase_and_reinsert(counts, report);
    const WordCounts fullest = fullest_table(counts);
    show_tombstones(fullest, report);
    show_memory(counts, fullest, report);
    show_probes(counts, report);
    show_ring(counts, picture, report);
    show_times(counts, fullest, report);
    if (picture.is_open()) {
      picture.close();
      if (!picture) throw demo::UnusableFile(picture_path + " cannot be written to its end");
    }
    report.section(picture_path.empty() ? "No picture of the ring was drawn; --picture FILE writes one."
                                        : "The picture of the ring is in " + picture_path);
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
