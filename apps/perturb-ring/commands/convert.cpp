// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "../arguments.hpp"
#include "../input_error.hpp"
#include "../json_document.hpp"
#include "../key_counts.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_file.hpp"
#include "../text_table.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct ConvertCommand {
  RingArguments ring = {};
  KeyArguments keys = {};
  std::string profile = {};
  std::vector<std::string> options = {};
  std::string with = {};
  std::string output = {};
  std::uint64_t sample = 1'000'000;
  bool is_json = false;

  void run() const;

 private:
  [[nodiscard]] RingSpec converted(const RingSpec& spec) const;
};

RingSpec ConvertCommand::converted(const RingSpec& spec) const {
  if (profile.empty() == with.empty()) throw InputError("give the other rules, by --to PROFILE or by --with RING");
  if (!with.empty()) {
    if (!options.empty()) throw InputError("--with has the whole ring; leave out --to-option");
    return load_ring(with);
  }
  RingSpec result = spec;
  result.profile = profile;
  result.options = Json::object();
  result.option_places.clear();
  result.place = {};
  for (const std::string& option : options) set_option(result, option);
  // Programs differ in whether an address of version 6 has its brackets in the host.
  for (ServerSpec& server : result.servers) {
    const bool has_brackets = server.host.starts_with('[') && server.host.ends_with(']');
    if (keeps_brackets(profile) && !has_brackets && server.host.find(':') != std::string::npos &&
        !server.host.starts_with("unix:") && !server.host.starts_with('/')) {
      server.host = "[" + server.host + "]";
    } else if (!keeps_brackets(profile) && has_brackets) {
      server.host = server.host.substr(1, server.host.size() - 2);
    }
  }
  return result;
}

[[nodiscard]] std::string label_at(const Ring& ring, std::size_t i) { return ring.spec().servers[i].label(); }

void ConvertCommand::run() const {
  if (with == "-" && ring.reads_standard_input())
    throw InputError("only one of the two rings can come from standard input");
  const bool is_sample = !keys.is_given();
  const std::unique_ptr<Ring> before = make_ring(ring.load());
  const std::unique_ptr<Ring> after = make_ring(converted(before->spec()));
  const KeyMoves moves = compare_keys(*before, *after, *(is_sample ? sample_keys(sample) : keys.open()));
  if (!output.empty()) write_text(output, dumped(to_json(after->spec())) + "\n");

  const double all = moves.all == 0 ? 1 : static_cast<double>(moves.all);
  const double missing = static_cast<double>(moves.moved) / all;
  const RingBalance old_balance = before->balance();
  const RingBalance new_balance = after->balance();
  const auto share_after = [&](const std::string& label) {
    for (std::size_t i = 0; i < new_balance.servers.size(); ++i) {
      if (label_at(*after, i) == label) return new_balance.servers[i].share;
    }
    return 0.0;
  };
  if (is_json) {
    Json json;
    json["from"] = before->spec().profile;
    json["to"] = after->spec().profile;
    json["keys"] = moves.all;
    json["is_sample"] = is_sample;
    json["miss"] = moves.moved;
    json["fraction"] = missing;
    json["servers"] = Json::array();
    for (std::size_t i = 0; i < old_balance.servers.size(); ++i) {
      const std::string label = label_at(*before, i);
      json["servers"].push_back(
          {{"server", label}, {"share_before", old_balance.servers[i].share}, {"share_after", share_after(label)}});
    }
    json["warnings"] = new_balance.warnings;
    json["ring"] = to_json(after->spec());
    return print(dumped(json) + "\n");
  }
  using Align = TextTable::Align;
  TextTable table({{"server"}, {before->spec().profile, Align::right}, {after->spec().profile, Align::right}});
  for (std::size_t i = 0; i < old_balance.servers.size(); ++i) {
    const std::string label = label_at(*before, i);
    table.add({label, percent(old_balance.servers[i].share), percent(share_after(label))});
  }
  std::string text = std::to_string(moves.moved) + " of " + std::to_string(moves.all) +
                     (is_sample ? " made-up keys" : " keys") +
                     " have another server, and would miss: " + percent(missing) + "\n\n" + table.text();
  for (const std::string& warning : new_balance.warnings) text += "warning: " + warning + "\n";
  print(text);
}

}  // namespace

void add_convert(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("convert", "Put the same servers under another program's rules: how many keys would miss");
  const auto arguments = std::make_shared<ConvertCommand>();
  arguments->ring.add_to(*command);
  command->add_option("--to", arguments->profile, "the profile with the other rules")->option_text("PROFILE");
  command->add_option("--to-option", arguments->options, "an option of that profile; can be repeated")
      ->option_text("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--with", arguments->with, "instead of --to: another ring, given as --ring")->option_text("RING");
  arguments->keys.add_to(*command, "compare the keys of this file, a key a line");
  command
      ->add_option("--sample", arguments->sample, "without --keys: compare this many made-up keys (default: 1000000)")
      ->option_text("N")
      ->check(from_one());
  command->add_option("--output", arguments->output, "write the converted ring (JSON) to this file")
      ->option_text("FILE");
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->footer(
      "The table has the share of each server by both rules.\n\n"
      "  perturb-ring convert -r libmemcached:'--DISTRIBUTION=consistent --SERVER=cache-1 --SERVER=cache-2' --to "
      "perturb --keys keys.txt");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
