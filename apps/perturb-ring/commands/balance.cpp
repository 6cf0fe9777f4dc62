// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../arguments.hpp"
#include "../json_document.hpp"
#include "../key_counts.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_table.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct BalanceCommand {
  RingArguments ring = {};
  KeyArguments keys = {};
  bool is_json = false;

  void run() const;
};

[[nodiscard]] Json json_of(const Ring& ring, const RingBalance& balance, const KeyCounts* counts) {
  Json json;
  json["profile"] = ring.spec().profile;
  json["points"] = ring.point_count();
  json["peak"] = balance.peak;
  json["least"] = balance.least;
  json["deviation"] = balance.deviation;
  if (counts != nullptr) json["keys"] = counts->all;
  json["servers"] = Json::array();
  for (std::size_t i = 0; i < balance.servers.size(); ++i) {
    const ServerSpec& server = ring.spec().servers[i];
    const ServerShare& share = balance.servers[i];
    Json item;
    item["server"] = server.label();
    item["weight"] = server.weight;
    item["state"] = text_of(server.state);
    item["points"] = share.points;
    item["share"] = share.share;
    item["fair"] = share.wanted;
    if (counts != nullptr) item["keys"] = counts->of_server[i];
    json["servers"].push_back(std::move(item));
  }
  json["warnings"] = balance.warnings;
  return json;
}

[[nodiscard]] std::string text_of(const Ring& ring, const RingBalance& balance, const KeyCounts* counts) {
  using Align = TextTable::Align;
  std::vector<TextTable::Column> columns = {{"server"},
                                            {"state"},
                                            {"weight", Align::right},
                                            {"points", Align::right},
                                            {"share", Align::right},
                                            {"fair", Align::right},
                                            {"share/fair", Align::right}};
  if (counts != nullptr) {
    columns.push_back({"keys", Align::right});
    columns.push_back({"of keys", Align::right});
  }
  TextTable table(columns);
  for (std::size_t i = 0; i < balance.servers.size(); ++i) {
    const ServerSpec& server = ring.spec().servers[i];
    const ServerShare& share = balance.servers[i];
    std::vector<std::string> row = {server.label(),
                                    std::string(ring_tool::text_of(server.state)),
                                    weight_text(server.weight),
                                    std::to_string(share.points),
                                    percent(share.share),
                                    percent(share.wanted),
                                    share.wanted > 0 ? fixed(share.share / share.wanted, 3) : "-"};
    if (counts != nullptr) {
      const double all = counts->all == 0 ? 1 : static_cast<double>(counts->all);
      row.push_back(std::to_string(counts->of_server[i]));
      row.push_back(percent(static_cast<double>(counts->of_server[i]) / all));
    }
    table.add(std::move(row));
  }
  std::string text = table.text() + "\nbusiest " + fixed(balance.peak, 3) + ", least busy " + fixed(balance.least, 3) +
                     " times the fair share; standard deviation " + fixed(balance.deviation, 3) + "\n";
  if (counts != nullptr && counts->without_server != 0)
    text += counted(counts->without_server, "key") + " without a server\n";
  for (const std::string& warning : balance.warnings) text += "warning: " + warning + "\n";
  return text;
}

void BalanceCommand::run() const {
  const std::unique_ptr<Ring> built = make_ring(ring.load());
  const RingBalance balance = built->balance();
  KeyCounts counts;
  if (keys.is_given()) counts = count_keys(*built, *keys.open());
  const KeyCounts* const given = keys.is_given() ? &counts : nullptr;
  print(is_json ? dumped(json_of(*built, balance, given)) + "\n" : text_of(*built, balance, given));
}

}  // namespace

void add_balance(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("balance", "Show how evenly the ring is shared, and what makes it uneven");
  const auto arguments = std::make_shared<BalanceCommand>();
  arguments->ring.add_to(*command);
  arguments->keys.add_to(*command, "also count the keys of this file, a key a line, on each server");
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->footer(
      "share: the part of the ring that a server owns; fair: the part that its weight deserves.\n\n"
      "  perturb-ring balance -r ring.json --keys keys.txt");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
