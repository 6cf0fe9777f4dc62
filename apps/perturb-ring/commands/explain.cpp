// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../arguments.hpp"
#include "../json_document.hpp"
#include "../key_text.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_table.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

constexpr std::size_t kListLength = 4;

struct ExplainCommand {
  RingArguments ring = {};
  std::string key = {};
  bool is_json = false;

  void run() const;
};

[[nodiscard]] std::vector<std::string> labels_of(const Ring& ring, const std::vector<std::uint32_t>& servers) {
  std::vector<std::string> labels;
  for (const std::uint32_t server : servers) labels.push_back(ring.spec().servers[server].label());
  return labels;
}

[[nodiscard]] std::string joined(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "" : ", ") + label;
  return text;
}

void ExplainCommand::run() const {
  const std::unique_ptr<Ring> built = make_ring(ring.load());
  const KeyPlace place = built->place(key);
  const std::vector<std::string> replicas = labels_of(*built, built->replicas(key, kListLength));
  const std::vector<std::string> failover = labels_of(*built, built->failover(key, kListLength));
  const bool has_owner = place.owner != kNoServer;
  const std::string owner = has_owner ? built->spec().servers[place.owner].label() : "";
  if (is_json) {
    std::string member;
    append_json_key(member, key);
    Json json = Json::parse("{" + member + "}");
    json["token"] = place.token;
    json["owner"] = has_owner ? Json(owner) : Json();
    if (!place.point.empty()) {
      json["point"] = place.point;
      json["rule"] = place.rule;
      json["arc"] = {{"after", place.after}, {"upto", place.upto}, {"share", place.share}};
    }
    json["replicas"] = replicas;
    json["failover"] = failover;
    print(dumped(json) + "\n");
    return;
  }
  std::string text = "key         " + key + "\ntoken       " + place.token + "\n";
  if (place.point.empty()) {
    print(text + "owner       none: no server that is up has a point\n");
    return;
  }
  text += "point       " + place.point + ", " + place.rule + "\n";
  text += "arc         (" + place.after + ", " + place.upto + "], " + percent(place.share) + " of the ring\n";
  text += "owner       " + (has_owner ? owner : "none: the program sends the empty key to its servers in turn") + "\n";
  text += "replicas    " + joined(replicas) + "\n";
  text += "failover    " + joined(failover) + "\n";
  print(text);
}

}  // namespace

void add_explain(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("explain", "Say why a key has its owner, and who takes over");
  const auto arguments = std::make_shared<ExplainCommand>();
  arguments->ring.add_to(*command);
  command->add_option("KEY", arguments->key, "the key")->required()->option_text(" ");
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->footer(
      "replicas: the next servers in ring order, where replicas go. failover: who takes over, in turn.\n\n"
      "  perturb-ring explain -r ring.json user:42");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
