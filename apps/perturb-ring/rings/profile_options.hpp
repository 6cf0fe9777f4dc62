// SPDX-License-Identifier: MIT
/// @file The options of a description, read one by one by a profile; one that no profile asks for is refused.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../input_error.hpp"
#include "../ring_spec.hpp"

namespace ring_tool {

class ProfileOptions {
 public:
  explicit ProfileOptions(const RingSpec& spec) : spec_(spec) {}

  [[nodiscard]] std::uint64_t whole(const std::string& name, std::uint64_t otherwise, std::uint64_t most = 0xFFFFFFFF) {
    const Json* const value = find(name);
    if (value == nullptr) return otherwise;
    if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most)
      refuse(name, "must be a whole number from 0 to " + std::to_string(most));
    return value->get<std::uint64_t>();
  }
  [[nodiscard]] bool flag(const std::string& name) {
    const Json* const value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) refuse(name, "must be true or false");
    return value->get<bool>();
  }
  [[nodiscard]] std::string text(const std::string& name) {
    const Json* const value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(name, "must be a text");
    return value->get<std::string>();
  }
  /// The enumerator that a text names, in a list in the order of the enumeration; nothing if there is no such option.
  template <class Enumeration>
  [[nodiscard]] std::optional<Enumeration> choice(const std::string& name,
                                                  std::initializer_list<std::string_view> names) {
    const Json* const value = find(name);
    if (value == nullptr) return std::nullopt;
    const auto* const it =
        value->is_string() ? std::find(names.begin(), names.end(), value->get<std::string>()) : names.end();
    if (it == names.end()) {
      std::string list;
      for (const std::string_view known : names) list += (list.empty() ? "" : ", ") + std::string(known);
      refuse(name, "must be one of " + list);
    }
    return static_cast<Enumeration>(it - names.begin());
  }

  /// Refuses options that were not asked for. Call it after all others.
  void expect_no_others() const {
    for (const auto& [name, value] : spec_.options.items()) {
      if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      std::string list;
      for (const std::string& known : asked_) list += (list.empty() ? "" : ", ") + known;
      throw InputError(spec_.option_place(name), "the profile " + spec_.profile + " has no option \"" + name + "\"; " +
                                                     (list.empty() ? "it has none" : "it has " + list));
    }
  }

  [[noreturn]] void refuse(const std::string& name, const std::string& why) const {
    throw InputError(spec_.option_place(name), "the option " + name + " of the profile " + spec_.profile + " " + why);
  }

 private:
  [[nodiscard]] const Json* find(const std::string& name) {
    asked_.push_back(name);
    const auto it = spec_.options.find(name);
    return it == spec_.options.end() ? nullptr : &*it;
  }

  const RingSpec& spec_;
  std::vector<std::string> asked_;
};

}  // namespace ring_tool
