// SPDX-License-Identifier: MIT
/// @file Rings read from other programs' configurations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../ring_spec.hpp"
#include "../text_file.hpp"

namespace ring_tool {

struct Imported {
  RingSpec spec = {};
  std::vector<std::string> notes = {};  ///< what the description cannot say, each with its place
};

/// Whether `program` is one of those below.
[[nodiscard]] bool is_importable(std::string_view program);

/// `input` is a file, for libmemcached the option string itself or a file with it. `name` is that of an upstream, a
/// backend or a pool; empty: the only one. Throws: InputError with file and line.
[[nodiscard]] Imported import_ring(std::string_view program, const std::string& input, const std::string& name);

[[nodiscard]] Imported import_nginx(const std::string& path, const std::string& upstream);
[[nodiscard]] Imported import_haproxy(const TextFile& file, const std::string& backend);
[[nodiscard]] Imported import_twemproxy(const TextFile& file, const std::string& pool);
[[nodiscard]] Imported import_libmemcached(const TextFile& options);

/// Throws: InputError that says which names there are, where one was not found or has to be chosen.
[[noreturn]] void refuse_name(const std::string& file, std::string_view what, const std::string& wanted,
                              const std::vector<std::string>& names);

}  // namespace ring_tool
