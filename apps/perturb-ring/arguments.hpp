// SPDX-License-Identifier: MIT
/// @file What several commands take: a ring, and keys.
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "keys.hpp"
#include "ring.hpp"
#include "ring_spec.hpp"

namespace ring_tool {

/// What the help says of an argument that is a ring.
inline constexpr const char* kRingHelp =
    "a JSON file (- for standard input), or nginx:FILE, haproxy:FILE, twemproxy:FILE, libmemcached:OPTIONS; FILE#NAME "
    "names an upstream, a backend or a pool";

/// The description that a text names, as kRingHelp says. Throws: InputError.
[[nodiscard]] RingSpec load_ring(const std::string& text);

/// NAME=VALUE of a command line as an option of a profile.
void set_option(RingSpec& spec, const std::string& text);

/// That a number is positive: CLI11 itself reads -1 as the largest one.
[[nodiscard]] inline CLI::Range from_one() { return {std::uint64_t{1}, std::uint64_t{1} << 40}; }

/// --ring, or --profile, --option and --server.
class RingArguments {
 public:
  void add_to(CLI::App& command);
  [[nodiscard]] RingSpec load() const;
  [[nodiscard]] bool reads_standard_input() const { return ring_ == "-"; }

 private:
  std::string ring_;
  std::string profile_;
  std::vector<std::string> options_;
  std::vector<std::string> servers_;
};

/// --keys and --zero.
class KeyArguments {
 public:
  void add_to(CLI::App& command, const std::string& help);
  [[nodiscard]] bool is_given() const { return !path_.empty(); }
  [[nodiscard]] bool reads_standard_input() const { return path_ == "-"; }
  [[nodiscard]] std::unique_ptr<KeySource> open() const { return open(path_); }
  [[nodiscard]] std::unique_ptr<KeySource> open(const std::string& path) const {
    return keys_of_file(path, is_zero_terminated_);
  }

 private:
  std::string path_;
  bool is_zero_terminated_ = false;
};

}  // namespace ring_tool
