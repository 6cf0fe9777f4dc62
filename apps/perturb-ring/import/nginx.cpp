// SPDX-License-Identifier: MIT
/// @file The `upstream` block of an nginx configuration with `hash KEY consistent`.
#include <glob.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "../input_error.hpp"
#include "import.hpp"
#include "nginx_directives.hpp"

namespace ring_tool {

namespace {

constexpr std::size_t kDeepestInclude = 16;

struct Upstream {
  std::string name;
  Place place;
  std::vector<NginxDirective> directives = {};
};

class UpstreamFinder {
 public:
  explicit UpstreamFinder(std::string main_file) : main_file_(std::move(main_file)) {}

  void read(const TextFile& file) {
    NginxReader reader(file);
    std::vector<Place> open;      // the blocks around
    Upstream* current = nullptr;  // of which the block is being read
    std::size_t current_depth = 0;
    while (const auto directive = reader.next()) {
      if (directive->end == NginxDirective::End::block_end) {
        if (open.empty()) throw InputError(directive->place, "unexpected \"}\": no block is open");
        open.pop_back();
        if (current != nullptr && open.size() < current_depth) current = nullptr;
        continue;
      }
      const std::string& name = directive->words[0];
      if (directive->end == NginxDirective::End::block) {
        if (name.ends_with("_by_lua_block") || name.ends_with("_by_njs_block")) {
          reader.skip_foreign_block();
          continue;
        }
        open.push_back(directive->place);
        if (name != "upstream") continue;
        if (directive->words.size() != 2) throw InputError(directive->place, "an upstream has one name");
        upstreams_.push_back({directive->words[1], directive->place});
        current = &upstreams_.back();
        current_depth = open.size();
      } else if (name == "include") {
        if (directive->words.size() != 2) throw InputError(directive->place, "include has one file");
        include(*directive, current);
      } else if (current != nullptr && open.size() == current_depth) {
        current->directives.push_back(*directive);
      }
    }
    if (!open.empty()) throw InputError(open.back(), "a block that begins here is not closed");
  }

  [[nodiscard]] std::vector<Upstream>& upstreams() { return upstreams_; }
  [[nodiscard]] std::vector<std::string>& notes() { return notes_; }

 private:
  void include(const NginxDirective& directive, Upstream* current) {
    if (depth_ == kDeepestInclude) throw InputError(directive.place, "the files include each other too deeply");
    std::string pattern = directive.words[1];
    if (!pattern.starts_with('/')) {
      const std::size_t slash = main_file_.rfind('/');
      if (slash != std::string::npos) pattern.insert(0, main_file_.substr(0, slash + 1));
    }
    for (const std::string& path : files_of(pattern)) {
      TextFile file;
      try {
        file = read_text(path);
      } catch (const InputError& error) {
        if (current != nullptr) throw InputError(directive.place, error.what());
        notes_.push_back(directive.place.text() + ": the included file is left out: " + error.what());
        continue;
      }
      ++depth_;
      if (current == nullptr) {
        read(file);
      } else {
        read_into(file, *current);
      }
      --depth_;
    }
  }

  // A file that is included within an upstream.
  void read_into(const TextFile& file, Upstream& upstream) {
    NginxReader reader(file);
    while (const auto directive = reader.next()) {
      if (directive->end != NginxDirective::End::semicolon)
        throw InputError(directive->place, "a file that is included in an upstream cannot have blocks");
      if (directive->words[0] == "include" && directive->words.size() == 2) {
        include(*directive, &upstream);
      } else {
        upstream.directives.push_back(*directive);
      }
    }
  }

  [[nodiscard]] static std::vector<std::string> files_of(const std::string& pattern) {
    if (pattern.find_first_of("*?[") == std::string::npos) return {pattern};
    glob_t found{};
    std::vector<std::string> files;
    if (glob(pattern.c_str(), 0, nullptr, &found) == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    return files;
  }

  std::string main_file_;
  std::size_t depth_ = 0;
  std::vector<Upstream> upstreams_;
  std::vector<std::string> notes_;
};

[[nodiscard]] bool is_digit(char c) { return c >= '0' && c <= '9'; }

// As nginx's hash module does: at the last colon, if only digits follow it. A port with zeros before it is hashed with
// them, so it stays in the host.
void set_nginx_address(ServerSpec& server, std::string_view text) {
  server.host = text;
  if (strncasecmp(server.host.c_str(), "unix:", 5) == 0) return;
  std::size_t end = text.size();
  while (end > 0 && is_digit(text[end - 1])) --end;
  if (end == 0 || text[end - 1] != ':' || end == text.size()) return;
  const std::string_view digits = text.substr(end);
  std::uint32_t port = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || port == 0 || port > 65535)
    throw InputError(server.place, "\"" + std::string(text) + "\" has no port from 1 to 65535");
  if (digits.starts_with('0')) return;
  server.host = text.substr(0, end - 1);
  server.port = static_cast<std::uint16_t>(port);
}

class UpstreamReader {
 public:
  explicit UpstreamReader(const Upstream& upstream) : upstream_(upstream) {}

  [[nodiscard]] Imported read() {
    result_.spec.profile = "nginx";
    result_.spec.place = upstream_.place;
    std::string method;
    bool is_consistent = false;
    for (const NginxDirective& directive : upstream_.directives) {
      const std::string& name = directive.words[0];
      if (name == "server") {
        add(directive, method == "hash");
      } else if (name == "hash") {
        if (directive.words.size() < 2 || directive.words.size() > 3)
          throw InputError(directive.place, "hash has a key and perhaps \"consistent\"");
        if (directive.words.size() == 3 && directive.words[2] != "consistent")
          throw InputError(directive.place, "invalid parameter \"" + directive.words[2] + "\" of hash");
        is_consistent = directive.words.size() == 3;
        result_.spec.key = directive.words[1];
        method = name;
      } else if (name == "ip_hash" || name == "least_conn" || name == "least_time" || name == "random") {
        method = name;
      }
    }
    if (method != "hash" || !is_consistent) {
      throw InputError(upstream_.place, "the upstream \"" + upstream_.name + "\" is no ring: it has " +
                                            (method.empty()     ? "no hash KEY consistent"
                                             : method == "hash" ? "hash without \"consistent\""
                                                                : method + " and not hash KEY consistent"));
    }
    if (result_.spec.servers.empty())
      throw InputError(upstream_.place, "the upstream \"" + upstream_.name + "\" has no servers");
    note_down_servers();
    return std::move(result_);
  }

 private:
  void note_down_servers() {
    double up = 0;
    double down = 0;
    for (const ServerSpec& server : result_.spec.servers)
      (server.state == perturb::NodeState::up ? up : down) += server.weight;
    if (down <= up) return;
    result_.notes.push_back(upstream_.place.text() +
                            ": most of the weight is down; nginx looks at twenty points and then takes the servers in "
                            "turn, so some keys have no owner in nginx and one here");
  }

  void add(const NginxDirective& directive, bool is_hash_known) {
    if (directive.words.size() < 2) throw InputError(directive.place, "a server needs an address");
    ServerSpec server;
    server.place = directive.place;
    bool is_backup = false;
    for (std::size_t i = 2; i < directive.words.size(); ++i) {
      const std::string& word = directive.words[i];
      if (word.starts_with("weight=")) {
        server.weight = weight_of(word, directive.place);
      } else if (word == "down") {
        server.state = perturb::NodeState::down;
      } else if (word == "drain") {
        server.state = perturb::NodeState::draining;
      } else if (word == "backup") {
        is_backup = true;
      } else if (!is_other_parameter(word)) {
        throw InputError(directive.place, "invalid parameter \"" + word + "\" of server");
      }
    }
    set_nginx_address(server, directive.words[1]);
    if (is_backup) {
      if (is_hash_known) throw InputError(directive.place, "with hash, a server cannot have the parameter \"backup\"");
      result_.notes.push_back(directive.place.text() + ": the backup server " + server.label() + " is left out");
      return;
    }
    // Lines with one text are one server with the weight of the heaviest, down only if all are.
    const auto [it, is_new] = numbers_.emplace(directive.words[1], result_.spec.servers.size());
    if (is_new) {
      result_.spec.servers.push_back(std::move(server));
      return;
    }
    ServerSpec& known = result_.spec.servers[it->second];
    result_.notes.push_back(directive.place.text() + ": " + known.label() +
                            " is there again; nginx gives it the points of the heavier line");
    known.weight = std::max(known.weight, server.weight);
    if (server.state == perturb::NodeState::up) known.state = server.state;
  }

  [[nodiscard]] static double weight_of(const std::string& word, const Place& place) {
    const std::string_view digits = std::string_view(word).substr(7);
    std::uint32_t weight = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    if (error != std::errc() || end != digits.data() + digits.size() || weight == 0)
      throw InputError(place, "invalid parameter \"" + word + "\": a weight is a whole number from 1 on");
    return weight;
  }
  // What has no effect on the ring.
  [[nodiscard]] static bool is_other_parameter(std::string_view word) {
    if (word == "resolve") return true;
    for (const std::string_view name :
         {"max_conns=", "max_fails=", "fail_timeout=", "slow_start=", "route=", "service="}) {
      if (word.starts_with(name)) return true;
    }
    return false;
  }

  const Upstream& upstream_;
  Imported result_;
  std::map<std::string, std::size_t> numbers_;
};

[[nodiscard]] bool has_consistent_hash(const Upstream& upstream) {
  return std::any_of(upstream.directives.begin(), upstream.directives.end(), [](const NginxDirective& directive) {
    return directive.words[0] == "hash" && directive.words.size() == 3;
  });
}

}  // namespace

Imported import_nginx(const std::string& path, const std::string& upstream) {
  UpstreamFinder finder(path);
  const TextFile file = read_text(path);
  finder.read(file);
  std::vector<std::string> names;
  std::vector<const Upstream*> rings;
  for (const Upstream& one : finder.upstreams()) {
    names.push_back(one.name);
    if (upstream.empty() ? has_consistent_hash(one) : one.name == upstream) rings.push_back(&one);
  }
  if (rings.empty() && upstream.empty() && names.size() == 1) rings.push_back(finder.upstreams().data());  // says why
  if (upstream.empty() && rings.empty() && !names.empty())
    throw InputError({file.name}, "no upstream has hash KEY consistent");
  if (rings.size() != 1 && (upstream.empty() || rings.empty())) {
    if (upstream.empty() && !rings.empty()) {
      names.clear();
      for (const Upstream* const ring : rings) names.push_back(ring->name);
    }
    refuse_name(file.name, "upstream", upstream, names);
  }
  if (rings.size() > 1) throw InputError(rings[1]->place, "a second upstream \"" + upstream + "\"");
  Imported imported = UpstreamReader(*rings[0]).read();
  imported.notes.insert(imported.notes.begin(), finder.notes().begin(), finder.notes().end());
  return imported;
}

}  // namespace ring_tool
