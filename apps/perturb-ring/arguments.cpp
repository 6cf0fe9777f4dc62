// SPDX-License-Identifier: MIT
#include "arguments.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "import/import.hpp"
#include "input_error.hpp"
#include "json_document.hpp"
#include "output.hpp"
#include "text_file.hpp"

namespace ring_tool {

RingSpec load_ring(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos && is_importable(text.substr(0, colon))) {
    const std::string program = text.substr(0, colon);
    std::string file = text.substr(colon + 1);
    std::string name;
    if (const std::size_t hash = file.rfind('#'); hash != std::string::npos && program != "libmemcached") {
      name = file.substr(hash + 1);
      file.resize(hash);
    }
    const Imported imported = import_ring(program, file, name);
    for (const std::string& note : imported.notes) print_note(note);
    return imported.spec;
  }
  return parse_ring(JsonValue(JsonDocument(read_text(text))));
}

void set_option(RingSpec& spec, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw InputError("an option is NAME=VALUE, and \"" + text + "\" is not");
  const std::string value = text.substr(equals + 1);
  const Json number = Json::parse(value, nullptr, false);
  spec.options[text.substr(0, equals)] = number.is_number() || number.is_boolean() ? number : Json(value);
}

void RingArguments::add_to(CLI::App& command) {
  command.add_option("-r,--ring", ring_, std::string("the ring: ") + kRingHelp)->option_text("RING");
  command.add_option("-p,--profile", profile_, "without --ring: the profile (default: perturb)")->option_text("NAME");
  command.add_option("-o,--option", options_, "without --ring: an option of the profile; can be repeated")
      ->option_text("NAME=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("-s,--server", servers_,
                  "without --ring: a server, HOST[:PORT][,weight=W][,name=N][,id=I][,zone=Z][,state=up|draining|down]; "
                  "can be repeated")
      ->option_text("SERVER")
      ->take_all()
      ->allow_extra_args(false);
}

RingSpec RingArguments::load() const {
  if (!ring_.empty()) {
    if (!profile_.empty() || !options_.empty() || !servers_.empty())
      throw InputError("--ring has the whole ring; leave out --profile, --option and --server");
    return load_ring(ring_);
  }
  if (servers_.empty()) throw InputError("there is no ring; give --ring RING, or --server SERVER for each server");
  RingSpec spec;
  if (!profile_.empty()) spec.profile = profile_;
  for (const std::string& option : options_) set_option(spec, option);
  for (const std::string& server : servers_) spec.servers.push_back(parse_server(server, spec.profile, {}));
  return spec;
}

void KeyArguments::add_to(CLI::App& command, const std::string& help) {
  command.add_option("-k,--keys", path_, help)->option_text("FILE");
  command.add_flag("-0,--zero", is_zero_terminated_, "keys end with a zero byte and not with a newline");
}

}  // namespace ring_tool
