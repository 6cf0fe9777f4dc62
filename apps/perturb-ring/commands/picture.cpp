// SPDX-License-Identifier: MIT
#include <memory>
#include <string>

#include "../arguments.hpp"
#include "../draw/ring_picture.hpp"
#include "../input_error.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_file.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct PictureCommand {
  RingArguments ring = {};
  std::string after = {};
  std::string output = "-";

  void run() const;
};

void PictureCommand::run() const {
  if (after == "-" && ring.reads_standard_input())
    throw InputError("only one of the two rings can come from standard input");
  const std::unique_ptr<Ring> before = make_ring(ring.load());
  const std::unique_ptr<Ring> changed = after.empty() ? nullptr : before->changed_to(load_ring(after));
  const std::string picture = ring_picture(*before, changed.get());
  if (output == "-") return print(picture);
  write_text(output, picture);
}

}  // namespace

void add_picture(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("picture", "Draw a ring, or a ring before and after a change (SVG)");
  const auto arguments = std::make_shared<PictureCommand>();
  arguments->ring.add_to(*command);
  command->add_option("--after", arguments->after, "the ring after the change, given as --ring")->option_text("RING");
  command->add_option("--output", arguments->output, "the file to write (default: standard output)")
      ->option_text("FILE");
  command->footer("  perturb-ring picture -r before.json --after after.json --output change.svg");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
