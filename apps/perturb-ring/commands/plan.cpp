// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "../arguments.hpp"
#include "../input_error.hpp"
#include "../json_document.hpp"
#include "../key_counts.hpp"
#include "../key_text.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_table.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct PlanCommand {
  std::string before = {};
  std::string after = {};
  KeyArguments keys = {};
  std::size_t replicas = 1;
  bool lists_arcs = false;
  bool lists_keys = false;
  bool is_json = false;

  void run() const;

 private:
  void print_moved_keys(const Ring& old_ring, const Ring& new_ring) const;
};

/// What moves from one server to another.
struct Pair {
  std::size_t arcs = 0;
  double share = 0;
};
/// By rank, server before and server after.
using Pairs = std::map<std::tuple<std::uint32_t, std::string, std::string>, Pair>;

[[nodiscard]] Pairs pairs_of(const Plan& plan) {
  Pairs pairs;
  for (const PlanMove& move : plan.moves) {
    Pair& pair = pairs[{move.rank, move.from, move.to}];
    ++pair.arcs;
    pair.share += move.share;
  }
  return pairs;
}

[[nodiscard]] Json named(const std::string& label) { return label.empty() ? Json() : Json(label); }
[[nodiscard]] std::string shown(const std::string& label) { return label.empty() ? "-" : label; }

[[nodiscard]] Json json_of(const Plan& plan, std::size_t replicas, const KeyMoves* moved) {
  Json json;
  json["fraction"] = plan.fraction;
  json["replicas"] = replicas;
  if (moved != nullptr) {
    json["keys"] = moved->all;
    json["keys_moved"] = moved->moved;
  }
  json["moves"] = Json::array();
  for (const auto& [key, pair] : pairs_of(plan)) {
    const auto& [rank, from, to] = key;
    Json item = {{"rank", rank}, {"from", named(from)}, {"to", named(to)}, {"arcs", pair.arcs}, {"share", pair.share}};
    if (moved != nullptr && rank == 0) {
      const auto it = moved->pairs.find({from, to});
      item["keys"] = it == moved->pairs.end() ? 0 : it->second;
    }
    json["moves"].push_back(std::move(item));
  }
  json["arcs"] = Json::array();
  for (const PlanMove& move : plan.moves) {
    json["arcs"].push_back({{"after", move.after},
                            {"upto", move.upto},
                            {"share", move.share},
                            {"rank", move.rank},
                            {"from", named(move.from)},
                            {"to", named(move.to)}});
  }
  return json;
}

[[nodiscard]] std::string table_of(const Plan& plan, std::size_t replicas, const KeyMoves* moved) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns;
  if (replicas > 1) columns.push_back({"rank", Align::right});
  columns.insert(columns.end(), {{"from"}, {"to"}, {"arcs", Align::right}, {"share", Align::right}});
  if (moved != nullptr) columns.push_back({"keys", Align::right});
  TextTable table(columns);
  for (const auto& [key, pair] : pairs_of(plan)) {
    const auto& [rank, from, to] = key;
    std::vector<std::string> row;
    if (replicas > 1) row.push_back(std::to_string(rank));
    row.insert(row.end(), {shown(from), shown(to), std::to_string(pair.arcs), percent(pair.share)});
    if (moved != nullptr) {
      const auto it = moved->pairs.find({from, to});
      row.push_back(rank != 0 ? "" : std::to_string(it == moved->pairs.end() ? 0 : it->second));
    }
    table.add(std::move(row));
  }
  return table.text();
}

[[nodiscard]] std::string arcs_of(const Plan& plan, std::size_t replicas) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns = {{"after"}, {"upto"}, {"share", Align::right}};
  if (replicas > 1) columns.push_back({"rank", Align::right});
  columns.insert(columns.end(), {{"from"}, {"to"}});
  TextTable table(columns);
  for (const PlanMove& move : plan.moves) {
    std::vector<std::string> row = {move.after, move.upto, fixed(100 * move.share, 4) + " %"};
    if (replicas > 1) row.push_back(std::to_string(move.rank));
    row.insert(row.end(), {shown(move.from), shown(move.to)});
    table.add(std::move(row));
  }
  return table.text();
}

void PlanCommand::print_moved_keys(const Ring& old_ring, const Ring& new_ring) const {
  bool is_first = true;
  if (is_json) print("[");
  (void)compare_keys(old_ring, new_ring, *keys.open(),
                     [&](std::string_view key, const std::string& from, const std::string& to) {
                       std::string line;
                       if (is_json) {
                         line = is_first ? "\n  {" : ",\n  {";
                         append_json_key(line, key);
                         line += ", \"from\": " + (from.empty() ? "null" : json_text(from)) +
                                 ", \"to\": " + (to.empty() ? "null" : json_text(to)) + "}";
                       } else {
                         line.append(key).append("\t").append(shown(from)).append("\t").append(shown(to)).append("\n");
                       }
                       is_first = false;
                       print(line);
                     });
  if (is_json) print(is_first ? "]\n" : "\n]\n");
}

void PlanCommand::run() const {
  if (before == "-" && after == "-") throw InputError("only one of the two rings can come from standard input");
  if (keys.reads_standard_input() && (before == "-" || after == "-"))
    throw InputError("a ring comes from standard input, so the keys cannot; name a file with --keys");
  if (lists_keys && !keys.is_given()) throw InputError("--moved needs --keys FILE");
  const std::unique_ptr<Ring> old_ring = make_ring(load_ring(before));
  const std::unique_ptr<Ring> new_ring = old_ring->changed_to(load_ring(after));
  const Plan plan = old_ring->plan(*new_ring, replicas);
  if (lists_keys) return print_moved_keys(*old_ring, *new_ring);

  KeyMoves counted_moves;
  if (keys.is_given()) counted_moves = compare_keys(*old_ring, *new_ring, *keys.open());
  const KeyMoves* const moved = keys.is_given() ? &counted_moves : nullptr;
  if (is_json) return print(dumped(json_of(plan, replicas, moved)) + "\n");

  if (plan.moves.empty()) {
    print("nothing moves\n");
  } else {
    print(percent(plan.fraction) + (replicas > 1 ? " of the replicas move" : " of the ring moves") + ", in " +
          counted(plan.moves.size(), "arc") + "\n\n" + table_of(plan, replicas, moved));
  }
  if (moved != nullptr) {
    const double all = moved->all == 0 ? 1 : static_cast<double>(moved->all);
    print("\n" + std::to_string(moved->moved) + " of " + counted(moved->all, "key") + " move, " +
          percent(static_cast<double>(moved->moved) / all) + "\n");
  }
  if (lists_arcs && !plan.moves.empty()) print("\n" + arcs_of(plan, replicas));
}

}  // namespace

void add_plan(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("plan", "Show what moves from one ring to another, before anything is done");
  const auto arguments = std::make_shared<PlanCommand>();
  command->add_option("BEFORE", arguments->before, kRingHelp)->required()->option_text(" ");
  command->add_option("AFTER", arguments->after, "as BEFORE; of the same profile")->required()->option_text(" ");
  command
      ->add_option("--replicas", arguments->replicas, "compare the first N servers of each key (default: 1, the owner)")
      ->option_text("N")
      ->check(from_one());
  arguments->keys.add_to(*command, "also count the keys of this file, a key a line, that move");
  command->add_flag("--moved", arguments->lists_keys,
                    "print nothing but the keys of --keys that move: KEY, a tab, FROM, a tab, TO");
  command->add_flag("--arcs", arguments->lists_arcs, "also list the arcs: the tokens in (after, upto]");
  command->add_flag("--json", arguments->is_json, "print JSON, always with the arcs");
  command->footer(
      "  perturb-ring plan before.json after.json\n"
      "  perturb-ring plan haproxy:old.cfg#cache haproxy:new.cfg#cache --keys keys.txt --moved");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
