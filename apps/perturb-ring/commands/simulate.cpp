// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../arguments.hpp"
#include "../draw/simulation_plot.hpp"
#include "../input_error.hpp"
#include "../json_document.hpp"
#include "../output.hpp"
#include "../progress.hpp"
#include "../ring.hpp"
#include "../simulation_steps.hpp"
#include "../text_table.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct SimulateCommand {
  RingArguments ring = {};
  std::vector<std::string> listed = {};
  std::string file = {};
  std::string plot = {};
  std::string title = {};
  bool is_json = false;

  void run() const;

 private:
  [[nodiscard]] std::vector<SimulationStep> steps() const;
};

[[nodiscard]] SimulationPoint point_of(const Ring& ring, const RingBalance& balance, std::string change) {
  SimulationPoint point;
  point.change = std::move(change);
  for (const ServerSpec& server : ring.spec().servers) point.servers += server.state == perturb::NodeState::up ? 1 : 0;
  point.peak = balance.peak;
  point.lowest = balance.least;
  return point;
}

/// The part of the keys that has to move, for the shares to be fair before and after: what the servers gain.
[[nodiscard]] double least_moved(const Ring& before, const RingBalance& old_balance, const Ring& after,
                                 const RingBalance& new_balance) {
  std::unordered_map<std::string, double> wanted;
  for (std::size_t i = 0; i < old_balance.servers.size(); ++i)
    wanted[before.spec().servers[i].label()] = old_balance.servers[i].wanted;
  double gained = 0;
  for (std::size_t i = 0; i < new_balance.servers.size(); ++i) {
    const auto it = wanted.find(after.spec().servers[i].label());
    gained += std::max(0.0, new_balance.servers[i].wanted - (it == wanted.end() ? 0 : it->second));
  }
  return gained;
}

std::vector<SimulationStep> SimulateCommand::steps() const {
  std::vector<SimulationStep> result;
  if (!file.empty()) {
    if (file == "-" && ring.reads_standard_input())
      throw InputError("the ring comes from standard input, so the steps cannot; name a file with --steps");
    append_steps(result, read_text(file));
  }
  for (const std::string& text : listed) append_steps(result, text, {});
  if (result.empty()) throw InputError("there are no steps; give some, such as grow:5, or --steps FILE");
  return result;
}

[[nodiscard]] std::string table_of(const std::vector<SimulationPoint>& points) {
  using Align = TextTable::Align;
  TextTable table({{"step", Align::right},
                   {"change"},
                   {"up", Align::right},
                   {"moved", Align::right},
                   {"least", Align::right},
                   {"busiest", Align::right},
                   {"least busy", Align::right}});
  double moved = 0;
  double least = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const SimulationPoint& point = points[i];
    moved += point.moved;
    least += point.least;
    table.add({std::to_string(i), i == 0 ? "(at first)" : point.change, std::to_string(point.servers),
               i == 0 ? "" : percent(point.moved), i == 0 ? "" : percent(point.least), fixed(point.peak, 3),
               fixed(point.lowest, 3)});
  }
  table.add({"", "all steps", "", percent(moved), percent(least), "", ""});
  return table.text();
}

[[nodiscard]] Json json_of(const std::vector<SimulationPoint>& points) {
  Json json;
  json["steps"] = Json::array();
  for (const SimulationPoint& point : points) {
    json["steps"].push_back({{"change", point.change.empty() ? Json() : Json(point.change)},
                             {"up", point.servers},
                             {"moved", point.moved},
                             {"least", point.least},
                             {"peak", point.peak},
                             {"lowest", point.lowest}});
  }
  return json;
}

void SimulateCommand::run() const {
  const std::vector<SimulationStep> all_steps = steps();
  RingSpec spec = ring.load();
  std::unique_ptr<Ring> before = make_ring(spec);
  RingBalance balance = before->balance();
  std::vector<SimulationPoint> points = {point_of(*before, balance, "")};
  {
    Progress progress("simulating", all_steps.size());
    for (const SimulationStep& step : all_steps) {
      step.apply(spec);
      std::unique_ptr<Ring> after = before->changed_to(spec);
      RingBalance new_balance = after->balance();
      SimulationPoint point = point_of(*after, new_balance, step.name);
      point.moved = before->plan(*after, 1).fraction;
      point.least = least_moved(*before, balance, *after, new_balance);
      points.push_back(std::move(point));
      before = std::move(after);
      balance = std::move(new_balance);
      progress.show(points.size() - 1);
    }
  }
  if (!plot.empty()) {
    const std::string heading = title.empty() ? "What moves, profile " + spec.profile : title;
    write_text(plot, simulation_plot(points, heading));
  }
  print(is_json ? dumped(json_of(points)) + "\n" : table_of(points));
}

}  // namespace

void add_simulate(CLI::App& app) {
  CLI::App* const command =
      app.add_subcommand("simulate", "Change a ring step by step: what moves at each step, and the peak load after it");
  const auto arguments = std::make_shared<SimulateCommand>();
  arguments->ring.add_to(*command);
  command
      ->add_option("STEP", arguments->listed,
                   "add:SERVER, remove:NAME, weight:NAME=W, down:NAME, drain:NAME, up:NAME, grow:N (one more server N "
                   "times), shrink:N (one fewer)")
      ->option_text(" ");
  command->add_option("--steps", arguments->file, "a JSON list of steps, made before those of the command line")
      ->option_text("FILE");
  command->add_option("--plot", arguments->plot, "write a plot (SVG) to this file")->option_text("FILE");
  command->add_option("--title", arguments->title, "the title of the plot")->option_text("TEXT");
  command->add_flag("--json", arguments->is_json, "print JSON");
  command->footer(
      "moved: the part of all keys that moves; least: the part that has to, for the shares to be as the weights.\n"
      "busiest, least busy: the largest and the smallest load as a multiple of what the weight deserves.\n\n"
      "  perturb-ring simulate -r ring.json grow:8 --plot grow.svg\n"
      "  perturb-ring simulate -p libmemcached -s a -s b -s c add:d down:a up:a");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
