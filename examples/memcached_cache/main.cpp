// SPDX-License-Identifier: MIT
/// @file memcached_cache: two clients of the same memcached servers, side by side. One is libmemcached, which places
/// its keys itself; the other asks perturb's LibmemcachedRing for the server of each key. What one writes the other
/// reads, for every key, also when servers are added or do not answer. So a program can leave libmemcached, or run
/// beside one that has not, and keep its cache.
///
///   memcached_cache 10.0.0.1:11211 10.0.0.2:11211 10.0.0.3:11211
#include "../standard_streams.hpp"

#include <libmemcached-1.0/memcached.h>

#include <perturb/profiles/libmemcached.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using perturb::NodeState;
using perturb::profiles::LibmemcachedHash;
using perturb::profiles::LibmemcachedMode;
using perturb::profiles::LibmemcachedRing;
using perturb::profiles::Server;

struct Trouble : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// HOST:PORT or HOST:PORT/WEIGHT.
Server parse_server(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::size_t colon = text.substr(0, slash).rfind(':');
  const auto number = [](std::string_view digits, auto& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size() && value != 0;
  };
  Server server;
  bool is_good = colon != std::string::npos && colon != 0;
  if (is_good) {
    server.host = text.substr(0, colon);
    is_good = number(std::string_view(text).substr(colon + 1, slash == std::string::npos ? slash : slash - colon - 1),
                     server.port);
    if (slash != std::string::npos)
      is_good = is_good && number(std::string_view(text).substr(slash + 1), server.weight);
  }
  if (!is_good) throw Trouble("'" + text + "' is no server: write HOST:PORT or HOST:PORT/WEIGHT");
  return server;
}

class Client {
 public:
  Client() : handle_(memcached_create(nullptr)) {
    if (handle_ == nullptr) throw Trouble("no memory for libmemcached");
  }
  void set_behaviour(memcached_behavior_t behaviour, std::uint64_t value) {
    if (memcached_behavior_set(handle_.get(), behaviour, value) != MEMCACHED_SUCCESS) {
      throw Trouble("libmemcached refuses a setting: " + std::string(memcached_last_error_message(handle_.get())));
    }
  }
  void add(const Server& server) {
    if (memcached_server_add_with_weight(handle_.get(), server.host.c_str(), server.port, server.weight) !=
        MEMCACHED_SUCCESS) {
      throw Trouble("libmemcached refuses " + server.host + ":" + std::to_string(server.port));
    }
    ++servers_;
  }
  bool set(const std::string& key, const std::string& value) {
    for (std::size_t tries = 0; tries == 0 || (has_failed() && tries < servers_); ++tries) {
      last_ = memcached_set(handle_.get(), key.data(), key.size(), value.data(), value.size(), 0, 0);
    }
    return last_ == MEMCACHED_SUCCESS;
  }
  std::optional<std::string> get(const std::string& key) {
    std::size_t size = 0;
    std::uint32_t flags = 0;
    char* value = nullptr;
    for (std::size_t tries = 0; tries == 0 || (has_failed() && tries < servers_); ++tries) {
      value = memcached_get(handle_.get(), key.data(), key.size(), &size, &flags, &last_);
    }
    if (value == nullptr) return std::nullopt;
    std::string result(value, size);
    std::free(value);
    return result;
  }
  /// Throws Trouble if the only server, `name`, has no address or is no memcached server. That it does not answer may
  /// pass.
  void check(const std::string& name) {
    (void)get("perturb");
    if (last_ == MEMCACHED_HOST_LOOKUP_FAILURE) throw Trouble("the name of " + name + " does not resolve");
    if (!has_failed() && memcached_version(handle_.get()) != MEMCACHED_SUCCESS)
      throw Trouble(name + " answers, but not as a memcached server does");
  }
  /// How long to wait for a connection and for an answer.
  void set_timeout(int ms) {
    set_behaviour(MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, static_cast<std::uint64_t>(ms));
    set_behaviour(MEMCACHED_BEHAVIOR_POLL_TIMEOUT, static_cast<std::uint64_t>(ms));
  }
  /// Whether the last call failed because of the server, and not because it does not have the key.
  [[nodiscard]] bool has_failed() const {
    return last_ != MEMCACHED_SUCCESS && last_ != MEMCACHED_NOTFOUND && last_ != MEMCACHED_STORED;
  }

 private:
  struct Free {
    void operator()(memcached_st* handle) const { memcached_free(handle); }
  };
  std::unique_ptr<memcached_st, Free> handle_;
  memcached_return_t last_ = MEMCACHED_SUCCESS;
  std::size_t servers_ = 0;  // after so many failures all have been left out
};

/// libmemcached as programs use it: it finds the server of a key itself, and leaves out servers that do not answer.
Client libmemcached(LibmemcachedMode mode, const LibmemcachedHash* hash, const std::vector<Server>& servers,
                    int timeout_ms) {
  Client client;
  client.set_behaviour(MEMCACHED_BEHAVIOR_DISTRIBUTION, MEMCACHED_DISTRIBUTION_CONSISTENT);
  if (mode == LibmemcachedMode::ketama) client.set_behaviour(MEMCACHED_BEHAVIOR_KETAMA, 1);
  if (mode == LibmemcachedMode::weighted) client.set_behaviour(MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
  if (hash != nullptr) client.set_behaviour(MEMCACHED_BEHAVIOR_HASH, static_cast<std::uint64_t>(*hash));
  client.set_behaviour(MEMCACHED_BEHAVIOR_SERVER_FAILURE_LIMIT, 1);
  client.set_behaviour(MEMCACHED_BEHAVIOR_RETRY_TIMEOUT, 3600);
  client.set_behaviour(MEMCACHED_BEHAVIOR_AUTO_EJECT_HOSTS, 1);
  client.set_timeout(timeout_ms);
  for (const Server& server : servers) client.add(server);
  return client;
}

/// The same cache by perturb's ring. Each server has a handle of its own, which only carries requests.
class RingCache {
 public:
  RingCache(LibmemcachedRing ring, const std::vector<Server>& servers, int timeout_ms) : ring_(std::move(ring)) {
    for (const Server& server : servers) {
      if (!ring_.add_server(server)) throw Trouble(name_of(server) + " is listed twice");
      Client& client = clients_[name_of(server)];
      client.set_timeout(timeout_ms);
      client.add({.host = server.host, .port = server.port});
      client.check(name_of(server));
    }
  }
  bool set(const std::string& key, const std::string& value) {
    return with_server(key, [&](Client& client) { return client.set(key, value); });
  }
  std::optional<std::string> get(const std::string& key) {
    return with_server(key, [&](Client& client) { return client.get(key); });
  }
  [[nodiscard]] const std::vector<std::string>& down() const { return down_; }

 private:
  static std::string name_of(const Server& server) { return server.host + ":" + std::to_string(server.port); }

  // Tries the server of the key; one that does not answer is set down, and its keys go to others.
  template <class Request>
  std::invoke_result_t<Request, Client&> with_server(const std::string& key, Request request) {
    for (;;) {
      const Server* const found = ring_.find_server(key);
      if (found == nullptr) throw Trouble("no server answers");
      const Server server = *found;
      Client& client = clients_.at(name_of(server));
      auto result = request(client);
      if (!client.has_failed()) return result;
      down_.push_back(name_of(server));
      ring_.set_state(server.host, server.port, NodeState::down);
    }
  }

  LibmemcachedRing ring_;
  std::map<std::string, Client> clients_;
  std::vector<std::string> down_;
};

// Any other key is refused by a server, or taken for something else.
void check_prefix(const std::string& prefix) {
  bool is_good = prefix.size() <= 240;
  for (const char c : prefix) is_good = is_good && static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
  if (!is_good) throw Trouble("'" + prefix + "' begins no key of memcached, which has up to 250 bytes and no blanks");
}

int run(int argc, char** argv) {
  CLI::App app(
      "Writes and reads keys on memcached servers by libmemcached and by perturb's LibmemcachedRing, each what the "
      "other wrote.\nExit status: 0 every key was found, 1 a key was not, 2 refused.");
  std::vector<std::string> names;
  std::string mode = "consistent";
  std::string hash;
  std::size_t count = 1000;
  int timeout_ms = 500;
  std::string old_prefix;
  std::string prefix = "key";
  const std::map<std::string, LibmemcachedMode> modes{{"consistent", LibmemcachedMode::consistent},
                                                      {"ketama", LibmemcachedMode::ketama},
                                                      {"weighted", LibmemcachedMode::weighted}};
  const std::map<std::string, LibmemcachedHash> hashes{{"one_at_a_time", LibmemcachedHash::one_at_a_time},
                                                       {"md5", LibmemcachedHash::md5},
                                                       {"crc", LibmemcachedHash::crc},
                                                       {"fnv1_64", LibmemcachedHash::fnv1_64},
                                                       {"fnv1a_64", LibmemcachedHash::fnv1a_64},
                                                       {"fnv1_32", LibmemcachedHash::fnv1_32},
                                                       {"fnv1a_32", LibmemcachedHash::fnv1a_32},
                                                       {"jenkins", LibmemcachedHash::jenkins},
                                                       {"murmur", LibmemcachedHash::murmur},
                                                       {"murmur3", LibmemcachedHash::murmur3}};
  std::vector<std::string> mode_names;
  for (const auto& [name, value] : modes) mode_names.push_back(name);
  std::vector<std::string> hash_names;
  for (const auto& [name, value] : hashes) hash_names.push_back(name);
  app.add_option("SERVER", names, "HOST:PORT or HOST:PORT/WEIGHT, in the order of the other program")->required();
  app.add_option("--mode", mode, "How libmemcached is set (consistent)")->check(CLI::IsMember(mode_names));
  app.add_option("--hash", hash, "MEMCACHED_BEHAVIOR_HASH")->check(CLI::IsMember(hash_names));
  app.add_option("--keys", count, "How many keys (1000)")->check(CLI::Range(1, 10000000));
  app.add_option("--timeout-ms", timeout_ms, "How long to wait for an answer of a server (500)")
      ->check(CLI::Range(1, 3600000));
  app.add_option("--prefix", prefix, "How the keys begin (key)");
  app.add_option("--earlier", old_prefix, "First looks for the keys that a run with this prefix left");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw Trouble(error.what());
  }
  const auto chosen = hashes.find(hash);
  const LibmemcachedHash* const own_hash = chosen == hashes.end() ? nullptr : &chosen->second;
  const LibmemcachedMode own_mode = modes.at(mode);
  std::vector<Server> servers;
  for (const std::string& name : names) servers.push_back(parse_server(name));
  check_prefix(prefix);
  check_prefix(old_prefix);

  const LibmemcachedRing ring = own_hash == nullptr ? LibmemcachedRing({.mode = own_mode})
                                                    : LibmemcachedRing({.mode = own_mode, .hash = *own_hash});
  RingCache by_ring(ring, servers, timeout_ms);
  Client by_library = libmemcached(own_mode, own_hash, servers, timeout_ms);
  std::size_t faults = 0;
  if (!old_prefix.empty()) {
    std::size_t hits = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = old_prefix + std::to_string(i);
      const auto found = by_ring.get(key);
      hits += found ? 1U : 0U;
      faults += found == by_library.get(key) ? 0U : 1U;
    }
    std::printf("earlier keys: %zu of %zu are still found, %zu by one client only\n", hits, count, faults);
  }
  const auto exchange = [&](const char* what, auto& writer, auto& reader) {
    std::size_t lost = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = prefix + std::to_string(i);
      const std::string value = what + std::to_string(i);
      if (!writer.set(key, value) || reader.get(key) != value) ++lost;
    }
    std::printf("%s: %zu of %zu keys found\n", what, count - lost, count);
    faults += lost;
  };
  exchange("written by libmemcached, read by the ring", by_library, by_ring);
  exchange("written by the ring, read by libmemcached", by_ring, by_library);
  for (const std::string& name : by_ring.down()) std::cout << name << " does not answer and was left out.\n";
  return faults == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  occupy_standard_streams();
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw Trouble("the standard output cannot be written");
    return status;
  } catch (const std::exception& error) {
    std::cerr << "memcached_cache: " << error.what() << '\n';
    return 2;
  }
}
