// SPDX-License-Identifier: MIT
/// @file The questions that were put to a real program, in the text form of tools/oracles/common.py, and what its
/// profile answers to them.
#pragma once

#include "profiles/choosers.hpp"

#include <perturb/profiles/server.hpp>

#include <charconv>
#include <cstddef>
#include <istream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kit {

/// One question: the options, the server list, and the keys.
struct ProfileCase {
  Options options;
  std::vector<perturb::profiles::Server> servers;
  std::string text;
};

inline std::string key_of_text(std::string_view text) {
  std::string key;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      key.push_back(text[i]);
    } else {
      key.push_back(static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
      i += 2;
    }
  }
  return key;
}

inline perturb::profiles::Server server_of_text(const std::string& text) {
  std::vector<std::string> fields;
  std::istringstream stream(text);
  for (std::string field; std::getline(stream, field, '|');) fields.push_back(field);
  fields.resize(5);
  const auto number = [](const std::string& field) { return field.empty() ? 0ul : std::stoul(field); };
  return {fields[0], fields[3], static_cast<std::uint16_t>(number(fields[1])),
          static_cast<std::uint32_t>(number(fields[2])), static_cast<std::uint32_t>(number(fields[4]))};
}

/// Reads a file of cases and calls `visit(program, case, keys, owners)` for each; `owners` is the program's answer,
/// empty if the file has none.
template <class Visit>
void for_each_case(std::istream& stream, std::vector<std::string> keys, Visit&& visit) {
  std::map<std::string, std::vector<perturb::profiles::Server>> lists;
  std::string program;
  ProfileCase question;
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "program") {
      words >> program;
    } else if (word == "keys") {
      keys.clear();
    } else if (word == "key") {
      words >> word;
      keys.push_back(key_of_text(line.size() > 4 ? word : std::string_view()));
    } else if (word == "list") {
      std::string name;
      words >> name;
      lists[name].clear();
      while (words >> word) lists[name].push_back(server_of_text(word));
    } else if (word == "case") {
      question = {{}, {}, line};
      while (words >> word) {
        const std::size_t equals = word.find('=');
        question.options[word.substr(0, equals)] = word.substr(equals + 1);
      }
      question.servers = lists.at(question.options["list"]);
      question.options.erase("list");
      visit(program, question, keys, std::string_view());
    } else if (word == "owners") {
      visit(program, question, keys, std::string_view(line).substr(7));
    } else if (word != "made-by") {
      throw std::runtime_error("cases: unknown kind of line: " + line);
    }
  }
}

/// The profile's answer to a question, as the line `owners` has it.
inline std::string owners_text(const std::string& program, const ProfileCase& question,
                               const std::vector<std::string>& keys) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/";
  std::map<std::string, std::size_t> places;
  const auto name = [](const perturb::profiles::Server& server) {
    return server.host + '|' + std::to_string(server.port) + '|' + server.name;
  };
  for (std::size_t i = 0; i < question.servers.size(); ++i) places[name(question.servers[i])] = i;
  const Chooser choose = make_chooser(program, question.options, question.servers);
  const bool is_wide = question.servers.size() > 64;
  std::string text;
  for (const std::string& key : keys) {
    const perturb::profiles::Server* const server = choose(key);
    if (server == nullptr) {
      text += is_wide ? "--" : "-";
      continue;
    }
    const std::size_t place = places.at(name(*server));
    if (is_wide) text += kDigits[place / 64];
    text += kDigits[place % 64];
  }
  return text;
}

}  // namespace kit
