// SPDX-License-Identifier: MIT
/// @file The `backend` or `listen` section of an HAProxy configuration with `hash-type consistent`.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../input_error.hpp"
#include "haproxy_server.hpp"
#include "haproxy_words.hpp"
#include "import.hpp"

namespace ring_tool {

namespace {

constexpr std::array<std::string_view, 22> kSections = {
    "global",  "defaults",    "frontend", "backend",        "listen",      "peers",       "resolvers", "userlist",
    "mailers", "cache",       "program",  "http-errors",    "ring",        "log-forward", "fcgi-app",  "crt-store",
    "traces",  "log-profile", "acme",     "dynamic-update", "http-client", "certificate"};

/// A setting and where it is.
struct Setting {
  std::vector<std::string> words = {};
  Place place = {};
};

/// A section of the kind that has servers, or defaults for such sections.
struct Section {
  std::string name = {};
  Place place = {};
  Setting balance = {};
  Setting hash_type = {};
  Setting hash_balance_factor = {};
  HaproxyServer server_defaults = {};
  std::vector<HaproxyServer> servers = {};

  /// A section that begins with the settings of this one.
  [[nodiscard]] Section inherited() const {
    Section section = *this;
    section.servers.clear();
    return section;
  }
};

class ConfigurationReader {
 public:
  explicit ConfigurationReader(const TextFile& file) : file_(file) {}

  [[nodiscard]] std::vector<Section> read() {
    std::string_view rest = file_.text;
    for (place_ = {file_.name, 1}; !rest.empty(); ++place_.line) {
      const std::size_t end = rest.find('\n');
      read_line(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return std::move(sections_);
  }

 private:
  enum class Kind : std::uint8_t { none, global, defaults, servers };

  void read_line(std::string_view line) {
    std::vector<std::string> words =
        haproxy_words(line, place_, [this](const std::string& name) { return variable(name); });
    if (words.empty()) return;
    const std::string& name = words[0];
    if (name == ".if" || name == ".elif" || name == ".else" || name == ".endif") {
      throw InputError(place_, "conditional blocks (" + name + ") are not read; write the configuration without them");
    }
    if (std::find(kSections.begin(), kSections.end(), name) != kSections.end()) return begin_section(words);
    if (kind_ == Kind::global) set_variables(words);
    if (kind_ == Kind::none || kind_ == Kind::global) return;
    Section& section = kind_ == Kind::defaults ? defaults_[defaults_name_] : sections_.back();
    if (name == "balance") {
      section.balance = {words, place_};
    } else if (name == "hash-type") {
      section.hash_type = {words, place_};
    } else if (name == "hash-balance-factor") {
      section.hash_balance_factor = {words, place_};
    } else if (name == "default-server") {
      read_haproxy_parameters(section.server_defaults, words, 1, place_);
    } else if (name == "server" && kind_ == Kind::servers) {
      if (words.size() < 3) throw InputError(place_, "a server needs a name and an address");
      add_server(section, words[1], words, 2);
    } else if (name == "server-template" && kind_ == Kind::servers) {
      add_template(section, words);
    }
  }

  void begin_section(const std::vector<std::string>& words) {
    const std::string& kind = words[0];
    kind_ = kind == "global"                        ? Kind::global
            : kind == "defaults"                    ? Kind::defaults
            : kind == "backend" || kind == "listen" ? Kind::servers
                                                    : Kind::none;
    if (kind_ == Kind::none || kind_ == Kind::global) return;
    std::size_t at = 1;
    std::string name;
    if (at < words.size() && words[at] != "from") name = words[at++];
    std::optional<std::string> base;
    if (at + 1 < words.size() && words[at] == "from") base = words[at + 1];
    if (kind_ == Kind::servers && name.empty()) throw InputError(place_, "a " + kind + " needs a name");
    if (base && !defaults_.contains(*base))
      throw InputError(place_, "there is no defaults section \"" + *base + "\" before");

    Section section;
    if (base) section = defaults_[*base].inherited();
    if (kind_ == Kind::servers && !base && !defaults_name_.empty()) section = defaults_[defaults_name_].inherited();
    section.name = name;
    section.place = place_;
    if (kind_ == Kind::servers) {
      sections_.push_back(std::move(section));
      return;
    }
    // A section without a name gets one that nobody can write.
    defaults_name_ = name.empty() ? "line " + std::to_string(place_.line) : name;
    defaults_[defaults_name_] = std::move(section);
  }

  void add_server(Section& section, const std::string& name, const std::vector<std::string>& words,
                  std::size_t address) {
    HaproxyServer server = section.server_defaults;
    server.spec.name = name;
    server.spec.place = place_;
    set_haproxy_address(server.spec, words[address]);
    read_haproxy_parameters(server, words, address + 1, place_);
    section.servers.push_back(std::move(server));
  }

  void add_template(Section& section, const std::vector<std::string>& words) {
    if (words.size() < 4) throw InputError(place_, "a server-template needs a prefix, a number and a name");
    const std::string& range = words[2];
    const std::size_t dash = range.find('-');
    const long first = dash == std::string::npos ? 1 : std::atol(range.c_str());
    const long last = std::atol(dash == std::string::npos ? range.c_str() : range.c_str() + dash + 1);
    if (first < 0 || last < first || last > 100000)
      throw InputError(place_, "a server-template needs a number, or a range such as 1-3, and has \"" + range + "\"");
    for (long number = first; number <= last; ++number)
      add_server(section, words[1] + std::to_string(number), words, 3);
  }

  // The lines behind see the change.
  void set_variables(const std::vector<std::string>& words) {
    const std::string& name = words[0];
    if (name == "setenv" || name == "presetenv") {
      if (words.size() < 3) throw InputError(place_, name + " needs a name and a value");
      if (name == "setenv" || !variable(words[1])) variables_[words[1]] = words[2];
    } else if (name == "unsetenv") {
      for (std::size_t i = 1; i < words.size(); ++i) variables_[words[i]] = std::nullopt;
    } else if (name == "resetenv") {
      std::map<std::string, std::optional<std::string>> kept;
      for (std::size_t i = 1; i < words.size(); ++i) kept[words[i]] = variable(words[i]);
      variables_ = std::move(kept);
      is_reset_ = true;
    }
  }
  [[nodiscard]] std::optional<std::string> variable(const std::string& name) const {
    if (const auto it = variables_.find(name); it != variables_.end()) return it->second;
    if (is_reset_) return std::nullopt;
    const char* const value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }

  const TextFile& file_;
  Place place_;
  Kind kind_ = Kind::none;
  std::map<std::string, std::optional<std::string>> variables_;  // that the configuration sets or removes
  bool is_reset_ = false;                                        // so that there are no others
  std::string defaults_name_;                                    // of the last defaults section
  std::map<std::string, Section> defaults_;
  std::vector<Section> sections_;
};

[[nodiscard]] bool is_hashing(const Setting& balance) {
  if (balance.words.size() < 2) return false;
  const std::string& algorithm = balance.words[1];
  for (const std::string_view name : {"source", "uri", "url_param", "hdr", "rdp-cookie", "hash"}) {
    if (algorithm.starts_with(name) && (algorithm.size() == name.size() || algorithm[name.size()] == '(')) return true;
  }
  return false;
}
[[nodiscard]] bool is_consistent(const Setting& hash_type) {
  return hash_type.words.size() > 1 && hash_type.words[1] == "consistent";
}

void set_hash_type(RingSpec& spec, const Setting& hash_type) {
  const std::vector<std::string>& words = hash_type.words;
  if (words.size() > 2) {
    if (words[2] == "avalanche") throw InputError(hash_type.place, "hash-type needs a function before \"avalanche\"");
    spec.options["function"] = words[2];
    spec.option_places["function"] = hash_type.place;
  }
  if (words.size() > 3 && words[3] != "avalanche")
    throw InputError(hash_type.place, "hash-type has no modifier \"" + words[3] + "\"");
  if (words.size() > 3) spec.options["avalanche"] = true;
}

void set_hash_key(RingSpec& spec, const std::vector<HaproxyServer>& servers) {
  for (const HaproxyServer& server : servers) {
    if (server.hash_key != servers[0].hash_key) {
      throw InputError(server.spec.place, "the server " + server.spec.name +
                                              " has another hash-key than the first; "
                                              "there is no profile of such a ring");
    }
  }
  const std::string& hash_key = servers[0].hash_key;
  if (hash_key.empty() || hash_key == "id") return;
  spec.options["hash_key"] = hash_key;
  spec.option_places["hash_key"] = servers[0].spec.place;
}

[[nodiscard]] Imported imported_of(const Section& section) {
  Imported result;
  RingSpec& spec = result.spec;
  spec.profile = "haproxy";
  spec.place = section.place;
  const std::string who = "the backend \"" + section.name + "\"";
  if (!is_hashing(section.balance)) {
    throw InputError(section.balance.words.empty() ? section.place : section.balance.place,
                     who + " is no ring: it has balance " +
                         (section.balance.words.size() > 1 ? section.balance.words[1] : "roundrobin") +
                         ", which does not hash");
  }
  if (!is_consistent(section.hash_type)) {
    throw InputError(section.hash_type.words.empty() ? section.place : section.hash_type.place,
                     who + " is no ring: it needs hash-type consistent, and has hash-type map-based");
  }
  if (section.servers.empty()) throw InputError(section.place, who + " has no servers");
  set_hash_type(spec, section.hash_type);
  set_hash_key(spec, section.servers);
  for (std::size_t i = 1; i < section.balance.words.size(); ++i)
    spec.key += (i == 1 ? "" : " ") + section.balance.words[i];
  if (section.balance.words[1] == "source") {
    result.notes.push_back(section.balance.place.text() +
                           ": balance source hashes addresses as numbers, which `owner` cannot be given as keys");
  }
  if (section.hash_balance_factor.words.size() > 1 && section.hash_balance_factor.words[1] != "0") {
    result.notes.push_back(section.hash_balance_factor.place.text() +
                           ": hash-balance-factor is left out: the owners are those of servers with room");
  }
  const bool is_by_guid = spec.options.contains("hash_key") && spec.options["hash_key"] == "guid";
  for (const HaproxyServer& server : section.servers) {
    ServerSpec one = server.spec;
    if (is_by_guid && !server.guid.empty()) one.name = server.guid;
    if (server.is_backup) {
      result.notes.push_back(one.place.text() + ": the backup server " + one.name +
                             " is down here, so that it has no keys and keeps its number");
      one.state = perturb::NodeState::down;
    }
    spec.servers.push_back(std::move(one));
  }
  return result;
}

}  // namespace

Imported import_haproxy(const TextFile& file, const std::string& backend) {
  const std::vector<Section> sections = ConfigurationReader(file).read();
  std::vector<std::string> names;
  std::vector<const Section*> rings;
  for (const Section& section : sections) {
    const bool is_ring = is_hashing(section.balance) && is_consistent(section.hash_type) && !section.servers.empty();
    names.push_back(section.name);
    if (backend.empty() ? is_ring : section.name == backend) rings.push_back(&section);
  }
  if (backend.empty() && rings.empty() && names.size() == 1) rings.push_back(sections.data());  // says why it is none
  if (backend.empty() && rings.empty() && !names.empty())
    throw InputError({file.name}, "no backend has a balance that hashes and hash-type consistent");
  if (rings.empty()) refuse_name(file.name, "backend", backend, names);
  if (rings.size() > 1) {
    if (!backend.empty()) throw InputError(rings[1]->place, "a second section \"" + backend + "\"");
    names.clear();
    for (const Section* const ring : rings) names.push_back(ring->name);
    refuse_name(file.name, "backend", backend, names);
  }
  return imported_of(*rings[0]);
}

}  // namespace ring_tool
