// SPDX-License-Identifier: MIT
/// @file perturb-ring: which server owns a key, how even a ring is, and what moves when it changes.
#include <perturb/version.hpp>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <string>

#include "commands/commands.hpp"
#include "input_error.hpp"
#include "output.hpp"
#include "ring.hpp"

namespace {

constexpr int kBadInput = 2;
constexpr int kFailure = 1;

// What was read may have any characters; a message is one line.
int fail(std::string message, int status) {
  while (!message.empty() && message.back() == '\n') message.pop_back();
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  (void)std::fprintf(stderr, "perturb-ring: %s\n", message.c_str());
  return status;
}

std::string footer() {
  std::string profiles;
  for (const std::string_view name : ring_tool::profile_names())
    profiles += (profiles.empty() ? "" : ", ") + std::string(name);
  return "A ring is described in JSON:\n\n"
         "  {\"profile\": \"libmemcached\", \"options\": {\"mode\": \"weighted\"},\n"
         "   \"servers\": [\"10.0.0.1:11211\", {\"host\": \"10.0.0.2\", \"port\": 11211, \"weight\": 2}]}\n\n"
         "or on the command line, or read from another program's configuration. Profiles: " +
         profiles +
         ".\n\nperturb-ring COMMAND --help says more. Exit status: 0; 2 for input that is wrong, with a message "
         "that says what and where; 1 for anything else.";
}

std::string version() {
  return std::to_string(PERTURB_VERSION_MAJOR) + "." + std::to_string(PERTURB_VERSION_MINOR) + "." +
         std::to_string(PERTURB_VERSION_PATCH);
}

// Says which commands there are, if the first word is none.
void check_command(const CLI::App& app, int argc, char** argv) {
  std::string names;
  const std::string word = argc > 1 ? argv[1] : "";
  for (const CLI::App* const command : app.get_subcommands({})) {
    if (command->get_name() == word) return;
    names += (names.empty() ? "" : ", ") + command->get_name();
  }
  if (word.starts_with('-')) return;
  throw ring_tool::InputError((argc > 1 ? "there is no command \"" + word + "\"; there are " : "name a command: ") +
                              names + "; perturb-ring --help says more");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Which server owns a key, how evenly servers share the keys, and what moves when they change: for rings of "
      "perturb and of the programs that it has profiles of.",
      "perturb-ring");
  app.footer(footer());
  app.require_subcommand(1);
  app.set_version_flag("--version", "perturb-ring " + version());
  ring_tool::add_owner(app);
  ring_tool::add_balance(app);
  ring_tool::add_explain(app);
  ring_tool::add_plan(app);
  ring_tool::add_simulate(app);
  ring_tool::add_picture(app);
  ring_tool::add_convert(app);
  ring_tool::add_import(app);
  try {
    check_command(app, argc, argv);
    app.parse(argc, argv);
    ring_tool::flush_output();
    return 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    return fail(std::string(error.what()) + "; perturb-ring --help says what it takes", kBadInput);
  } catch (const ring_tool::InputError& error) {
    return fail(error.what(), kBadInput);
  } catch (const std::exception& error) {
    return fail(error.what(), kFailure);
  }
}
