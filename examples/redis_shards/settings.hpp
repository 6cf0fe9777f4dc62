// SPDX-License-Identifier: MIT
/// @file The configuration: a JSON file like
///
///   {"servers": ["10.0.0.1:6379", {"address": "10.0.0.2:6379", "weight": 2}],
///    "password": "secret", "timeout_ms": 2000, "journal": "shards.journal"}
#pragma once

#include "ring_state.hpp"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <ios>
#include <set>
#include <string>

namespace shards {

struct Settings {
  Members servers;  ///< any of the ring's, and all of them before the ring is set up
  Access access;
  std::string journal = "redis_shards.journal";
  std::size_t batch = 500;   ///< keys that a step of a migration looks at
  std::size_t batch_mb = 8;  ///< of values that it holds in memory
  int disk_wait_ms = 1000;   ///< how long a server with an append-only file may take to fsync() it
  std::string config = {};   ///< the file that the settings are from, or ""
};

inline constexpr int kLongestMs = 3600000;

inline nlohmann::json read_json(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw Trouble("the configuration " + path + " cannot be read: " + std::strerror(errno));
  try {
    return nlohmann::json::parse(in);
  } catch (const nlohmann::json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 3, column 5: ..."
    const std::string text = error.what();
    const std::size_t at = text.find("] ");
    throw Trouble("the configuration " + path +
                  " cannot be read: " + (at == std::string::npos ? text : text.substr(at + 2)));
  } catch (const std::ios_base::failure& error) {  // a directory, for instance
    throw Trouble("the configuration " + path + " cannot be read: " + error.code().message());
  }
}

inline void check_members(const Members& members) {
  std::set<std::string> names;
  for (const Member& member : members) {
    (void)parse_address(member.name);
    if (!names.insert(member.name).second) throw Trouble(member.name + " is listed twice");
    if (!(member.weight > 0 && member.weight <= 1000))
      throw Trouble("the weight of " + member.name + " is not in 0...1000");
  }
}

inline void check_settings(const Settings& settings) {
  check_members(settings.servers);
  if (settings.access.timeout_ms < 1 || settings.access.timeout_ms > kLongestMs)
    throw Trouble("timeout_ms must be in 1..." + std::to_string(kLongestMs));
  if (!settings.access.user.empty() && settings.access.password.empty())
    throw Trouble("a user is given without a password");
  if (settings.batch < 1 || settings.batch > 5000) throw Trouble("batch must be in 1...5000");
  if (settings.batch_mb < 1 || settings.batch_mb > 1000) throw Trouble("batch_mb must be in 1...1000");
  if (settings.disk_wait_ms < 0 || settings.disk_wait_ms > kLongestMs)
    throw Trouble("disk_wait_ms must be in 0..." + std::to_string(kLongestMs));
}

/// A server of the configuration: its address, or an object. Throws nlohmann::json::exception if it is something else.
inline Member member_of(const std::string& path, const nlohmann::json& item) {
  if (item.is_string()) return {item.get<std::string>()};
  Member member{item.at("address").get<std::string>(), item.value("weight", 1.0)};
  for (const auto& [name, value] : item.items()) {
    if (name != "address" && name != "weight")
      throw Trouble("the configuration " + path + " has a server with '" + name + "', which is not known");
  }
  return member;
}

inline Settings read_settings(const std::string& path) {
  const nlohmann::json object = read_json(path);
  if (!object.is_object()) throw Trouble("the configuration " + path + " cannot be used: it must be an object");
  Settings settings;
  settings.config = path;
  std::string what;
  // -1, which no setting may be, for what does not fit: a conversion by get<int>() would take another number.
  const auto whole = [&](const nlohmann::json& value) {
    if (!value.is_number_integer()) throw Trouble("the configuration " + path + " cannot be used: " + what);
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= kLongestMs ? value.get<int>() : -1;
  };
  try {
    for (const auto& [name, value] : object.items()) {
      what = "'" + name + "' has the wrong type";
      if (name == "servers") {
        if (!value.is_array()) throw Trouble("the configuration " + path + " cannot be used: " + what);
        for (const auto& item : value) {
          settings.servers.push_back(member_of(path, item));
        }
      } else if (name == "user") {
        settings.access.user = value.get<std::string>();
      } else if (name == "password") {
        settings.access.password = value.get<std::string>();
      } else if (name == "timeout_ms") {
        settings.access.timeout_ms = whole(value);
      } else if (name == "journal") {
        settings.journal = value.get<std::string>();
      } else if (name == "batch") {
        settings.batch = static_cast<std::size_t>(whole(value));
      } else if (name == "batch_mb") {
        settings.batch_mb = static_cast<std::size_t>(whole(value));
      } else if (name == "disk_wait_ms") {
        settings.disk_wait_ms = whole(value);
      } else {
        throw Trouble("the configuration " + path + " has '" + name + "', which is not known");
      }
    }
  } catch (const nlohmann::json::exception&) {
    throw Trouble("the configuration " + path + " cannot be used: " + what);
  }
  return settings;
}

/// Writes other servers into the file, all of it or nothing.
inline void write_servers(const std::string& path, const Members& members) {
  nlohmann::json object = read_json(path);
  nlohmann::json list = nlohmann::json::array();
  for (const Member& member : members) {
    if (member.weight == 1) {
      list.push_back(member.name);
    } else {
      list.push_back({{"address", member.name}, {"weight", member.weight}});
    }
  }
  object["servers"] = list;
  const std::string temporary = path + ".new";
  {
    std::ofstream out(temporary);
    out << object.dump(2) << '\n';
    out.flush();
    if (!out) throw Trouble(temporary + " cannot be written: " + std::strerror(errno));
  }
  if (std::rename(temporary.c_str(), path.c_str()) != 0) {
    throw Trouble(path + " cannot be replaced: " + std::strerror(errno));
  }
}

}  // namespace shards
