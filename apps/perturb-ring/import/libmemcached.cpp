// SPDX-License-Identifier: MIT
/// @file The option string of libmemcached (memcached(), memcached_check_configuration()), as its grammar
/// (src/libmemcached/csl) and its functions take it, one after the other.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "../input_error.hpp"
#include "import.hpp"

namespace ring_tool {

namespace {

constexpr std::uint16_t kMemcachedPort = 11211;
constexpr std::array<std::string_view, 9> kHashes = {"md5",      "crc",   "fnv1_64", "fnv1a_64", "fnv1_32",
                                                     "fnv1a_32", "hsieh", "murmur",  "jenkins"};
// Options that have no effect on the ring: with a number, without a value.
constexpr std::array<std::string_view, 14> kWithNumber = {"CONNECT-TIMEOUT",    "IO-BYTES-WATERMARK",
                                                          "IO-KEY-PREFETCH",    "IO-MSG-WATERMARK",
                                                          "NUMBER-OF-REPLICAS", "POLL-TIMEOUT",
                                                          "RCV-TIMEOUT",        "REMOVE-FAILED-SERVERS",
                                                          "RETRY-TIMEOUT",      "SND-TIMEOUT",
                                                          "SOCKET-RECV-SIZE",   "SOCKET-SEND-SIZE",
                                                          "POOL-MIN",           "POOL-MAX"};
constexpr std::array<std::string_view, 12> kWithoutValue = {
    "BINARY-PROTOCOL", "BUFFER-REQUESTS", "NOREPLY",      "RANDOMIZE-REPLICA-READ",
    "SUPPORT-CAS",     "TCP-KEEPALIVE",   "TCP-KEEPIDLE", "TCP-NODELAY",
    "USE-UDP",         "USER-DATA",       "VERIFY-KEY",   "FETCH-VERSION"};

[[nodiscard]] std::string upper(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}
[[nodiscard]] std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}
template <class Names>
[[nodiscard]] bool is_in(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Word {
  std::string text;  // without quotes around what is quoted
  std::size_t line;
};

/// What stands between white space; double quotes protect it. A line that begins with # is a comment.
[[nodiscard]] std::vector<Word> words_of(const std::string& file, std::string_view text) {
  std::vector<Word> words;
  std::size_t line = 1;
  bool is_in_word = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#' && (i == 0 || text[i - 1] == '\n')) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
      continue;
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      line += c == '\n' ? 1 : 0;
      is_in_word = false;
      continue;
    }
    if (!is_in_word) words.push_back({"", line});
    is_in_word = true;
    if (c != '"') {
      words.back().text += c;
      continue;
    }
    const std::size_t end = text.find('"', i + 1);
    if (end == std::string_view::npos) throw InputError({file, line}, "a quote is not closed");
    words.back().text += text.substr(i + 1, end - i - 1);
    i = end;
  }
  return words;
}

/// Follows libmemcached through its options, since their order matters.
class OptionReader {
 public:
  explicit OptionReader(std::string file) : file_(std::move(file)) {}

  [[nodiscard]] Imported read(const std::string& text) {
    for (const Word& word : words_of(file_, text)) {
      place_ = {file_, word.line};
      const std::string name = upper(word.text);
      if (name == "END") break;
      if (name == "RESET") {
        *this = OptionReader(file_);
      } else if (name == "INCLUDE" || word.text.starts_with("--CONFIGURE-FILE")) {
        throw InputError(place_, "files are not followed; give the options that are in the file");
      } else if (word.text.starts_with("--")) {
        const std::size_t equals = word.text.find('=');
        const bool has_value = equals != std::string::npos;
        option(upper(std::string_view(word.text).substr(2, has_value ? equals - 2 : equals)),
               has_value ? std::optional(word.text.substr(equals + 1)) : std::nullopt);
      } else {
        throw InputError(place_, "\"" + word.text + "\" is no option of libmemcached; they begin with --");
      }
    }
    return finish();
  }

 private:
  void option(const std::string& name, const std::optional<std::string>& value) {
    const auto needed = [&]() -> const std::string& {
      if (!value || value->empty()) throw InputError(place_, "--" + name + " needs a value: --" + name + "=...");
      return *value;
    };
    if (name == "SERVER") {
      server(needed());
    } else if (name == "SOCKET") {
      socket(needed());
    } else if (name == "DISTRIBUTION") {
      distribution(needed());
    } else if (name == "HASH") {
      if (has_hash_) throw InputError(place_, "--HASH can be set only once");
      has_hash_ = true;
      hash_ = hash_name(needed());
    } else if (name == "SORT-HOSTS") {
      sorts_hosts_ = true;
      place_points();
    } else if (name == "NAMESPACE") {
      if (!namespace_.empty()) throw InputError(place_, "--NAMESPACE can be set only once");
      namespace_ = needed();
    } else if (name == "HASH-WITH-NAMESPACE") {
      hashes_namespace_ = true;
    } else if (is_in(kWithNumber, name)) {
      if (!std::all_of(needed().begin(), needed().end(), [](char c) { return c >= '0' && c <= '9'; }))
        throw InputError(place_, "--" + name + " needs a number, and has \"" + *value + "\"");
    } else if (!is_in(kWithoutValue, name)) {
      throw InputError(place_, "--" + name + " is no option of libmemcached");
    }
  }

  [[nodiscard]] std::string hash_name(std::string_view text) const {
    const std::string name = lower(text);
    if (!is_in(kHashes, name))
      throw InputError(place_, "\"" + std::string(text) + "\" is no hash of libmemcached's options");
    return name;
  }

  void distribution(const std::string& text) {
    const std::size_t comma = text.find(',');
    const std::string name = upper(text.substr(0, comma));
    // A hash behind the comma is checked, and has no effect in libmemcached.
    if (comma != std::string::npos) (void)hash_name(std::string_view(text).substr(comma + 1));
    if (name != "CONSISTENT" && name != "MODULA" && name != "RANDOM")
      throw InputError(place_, "\"" + text + "\" is no distribution of libmemcached");
    distribution_ = name;
    place_points();
  }

  // "/?3" at the end.
  [[nodiscard]] std::uint32_t take_weight(std::string& text) const {
    const std::size_t mark = text.rfind("/?");
    if (mark == std::string::npos) return 1;
    const std::string digits = text.substr(mark + 2);
    std::uint32_t weight = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), weight);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.size() > 5)
      throw InputError(place_, "a weight has up to five digits, and this is \"" + digits + "\"");
    text.resize(mark);
    return std::max(weight, 1U);  // 0 counts as 1
  }

  void server(std::string text) {
    ServerSpec server;
    server.place = place_;
    server.weight = take_weight(text);
    const std::size_t colon = text.find(':');
    server.host = text.substr(0, colon);
    server.port = kMemcachedPort;
    if (colon != std::string::npos) {
      const std::string digits = text.substr(colon + 1);
      std::uint32_t port = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
      if (error != std::errc() || end != digits.data() + digits.size() || port > 65535)
        throw InputError(place_, "\"" + text + "\" has no port up to 65535");
      if (port != 0) server.port = static_cast<std::uint16_t>(port);
    }
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const bool is_host = server.host.size() >= 3 && is_letter(server.host.front()) && is_letter(server.host.back()) &&
                         std::all_of(server.host.begin(), server.host.end(),
                                     [&](char c) { return is_letter(c) || c == '.' || c == '-' || c == '_'; });
    if (!is_host) {
      throw InputError(place_, "\"" + server.host +
                                   "\" is no host for libmemcached's options: three or more letters, "
                                   "digits, dots, - and _, the first and the last a letter or digit");
    }
    add(std::move(server));
  }

  void socket(std::string text) {
    ServerSpec server;
    server.place = place_;
    server.weight = take_weight(text);
    server.host = text;
    if (!server.host.starts_with('/')) throw InputError(place_, "\"" + text + "\" is no path of a socket");
    add(std::move(server));
  }

  void add(ServerSpec server) {
    if (server.weight > 1 && distribution_ == "CONSISTENT") is_weighted_ = true;
    servers_.push_back(std::move(server));
    place_points();
  }

  // libmemcached places the points now, with the hash that is set now.
  void place_points() {
    if (distribution_ == "CONSISTENT") placed_with_ = hash_;
  }

  [[nodiscard]] Imported finish() {
    place_ = {file_};
    if (servers_.empty()) throw InputError(place_, "there are no servers; libmemcached has them as --SERVER=HOST:PORT");
    if (distribution_ != "CONSISTENT") {
      throw InputError(place_, "this is no ring: the distribution is " + lower(distribution_) +
                                   "; --DISTRIBUTION=consistent makes one");
    }
    if (!is_weighted_ && placed_with_ != hash_) {
      throw InputError(place_,
                       "--HASH comes behind the last --SERVER and --DISTRIBUTION, so libmemcached hashes the keys "
                       "by it and not the servers; there is no profile of that, put it first");
    }
    Imported result;
    RingSpec& spec = result.spec;
    spec.profile = "libmemcached";
    spec.place = place_;
    if (!hash_.empty()) spec.options["hash"] = hash_;
    if (!namespace_.empty() && hashes_namespace_) {
      spec.key = namespace_ + "KEY";
      result.notes.push_back(file_ + ": keys are hashed with the namespace: ask for \"" + namespace_ + "KEY\"");
    }
    if (sorts_hosts_) {
      std::stable_sort(servers_.begin(), servers_.end(), [](const ServerSpec& a, const ServerSpec& b) {
        return std::tie(a.host, a.port) < std::tie(b.host, b.port);
      });
    }
    const bool has_weights =
        std::any_of(servers_.begin(), servers_.end(), [](const ServerSpec& s) { return s.weight > 1; });
    if (has_weights && !is_weighted_) {
      result.notes.push_back(file_ +
                             ": the weights are left out: libmemcached counts them only behind "
                             "--DISTRIBUTION=consistent");
      for (ServerSpec& server : servers_) server.weight = 1;
    }
    spec.servers = std::move(servers_);
    return result;
  }

  std::string file_;
  Place place_;
  std::vector<ServerSpec> servers_;
  std::string distribution_ = "MODULA";
  std::string hash_;  // "" is one_at_a_time
  std::optional<std::string> placed_with_;
  std::string namespace_;
  bool has_hash_ = false;
  bool is_weighted_ = false;
  bool sorts_hosts_ = false;
  bool hashes_namespace_ = false;
};

}  // namespace

Imported import_libmemcached(const TextFile& options) { return OptionReader(options.name).read(options.text); }

}  // namespace ring_tool
