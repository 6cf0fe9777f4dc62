// SPDX-License-Identifier: MIT
#include "../import/import.hpp"

#include <memory>
#include <string>

#include "../input_error.hpp"
#include "../json_document.hpp"
#include "../output.hpp"
#include "../ring.hpp"
#include "../text_file.hpp"
#include "commands.hpp"

namespace ring_tool {

namespace {

struct ImportCommand {
  const CLI::App* command = nullptr;
  std::string program = {};
  std::string input = {};
  std::string name = {};
  std::string output = {};
  bool is_json = false;  // the output is JSON in any case

  void run() const {
    if (!is_importable(program)) {
      throw InputError("there is no import from \"" + program +
                       "\"; there are nginx, haproxy, twemproxy and libmemcached");
    }
    const Imported imported = import_ring(program, source(), name);
    (void)make_ring(imported.spec);  // refuses what the profile refuses
    for (const std::string& note : imported.notes) print_note(note);
    const std::string text = dumped(to_json(imported.spec)) + "\n";
    if (output.empty()) return print(text);
    write_text(output, text);
  }

 private:
  // The options of libmemcached look like some of the command; they are what it does not know.
  [[nodiscard]] std::string source() const {
    std::string result = input;
    for (const std::string& word : command->remaining()) {
      if (program != "libmemcached") throw InputError("import has no option \"" + word + "\"");
      result += (result.empty() ? "" : " ") + word;
    }
    if (result.empty()) throw InputError("import needs a file, or the options of libmemcached");
    return result;
  }
};

}  // namespace

void add_import(CLI::App& app) {
  CLI::App* const command = app.add_subcommand("import", "Read a ring from another program's configuration, as JSON");
  const auto arguments = std::make_shared<ImportCommand>();
  command->add_option("PROGRAM", arguments->program, "nginx, haproxy, twemproxy or libmemcached")
      ->required()
      ->option_text(" ");
  command->allow_extras();
  arguments->command = command;
  command
      ->add_option(
          "FILE", arguments->input,
          "the configuration (- for standard input); for libmemcached the options themselves, or a file of them")
      ->option_text(" ");
  command->add_option("--name", arguments->name, "the upstream, the backend or the pool, if there are several")
      ->option_text("NAME");
  command->add_option("--output", arguments->output, "the file to write (default: standard output)")
      ->option_text("FILE");
  command->add_flag("--json", arguments->is_json, "nothing: the output is JSON in any case");
  command->footer(
      "Notes on standard error say what the description leaves out.\n\n"
      "  perturb-ring import nginx /etc/nginx/nginx.conf --name cache > ring.json\n"
      "  perturb-ring import libmemcached --DISTRIBUTION=consistent --SERVER=10.0.0.1:11211");
  command->callback([arguments] { arguments->run(); });
}

}  // namespace ring_tool
