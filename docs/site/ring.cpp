// SPDX-License-Identifier: MIT
/// @file The ring of the page docs/site/ring.html, compiled to WebAssembly by tools/docs/ring.sh: it is changed by the
/// functions below, and each gives the ring, and what the last change moved, as JSON.
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/ring_members.hpp>
#include <perturb/virtual_nodes.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

template <class Placement>
struct World {
  using Ring = perturb::HashRing<std::string, perturb::XxHash<>, Placement>;
  Ring ring;
  Ring before;
};

std::variant<World<perturb::VirtualNodes<4>>, World<perturb::VirtualNodes<16>>, World<perturb::VirtualNodes<64>>,
             World<perturb::VirtualNodes<256>>, World<perturb::BalancedTokens<16>>>
    world;
std::string answer;

double on_circle(std::uint64_t token) { return std::ldexp(static_cast<double>(token), -64); }

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) result += c;
  }
  return result + '"';
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

// The members, the arcs by their ends, and what differs from the ring before the last change.
template <class Ring>
std::string described(const Ring& ring, const Ring& before) {
  std::string json = "{\"nodes\":[";
  std::string separator;
  for (const std::string& node : ring.nodes()) {
    json += separator + "{\"name\":" + quoted(node) + ",\"weight\":" + number(ring.weight(node)) +
            ",\"up\":" + (ring.state(node) == perturb::NodeState::up ? "true" : "false") +
            ",\"share\":" + number(ring.share(node)) + ",\"before\":" + number(before.share(node)) + '}';
    separator = ",";
  }
  json += "],\"arcs\":[";
  separator.clear();
  for (const auto end : ring.arcs()) {
    json += separator + '[' + number(on_circle(end.upto)) + ',' + quoted(end.node) + ']';
    separator = ",";
  }
  const auto plan = perturb::diff(before, ring);
  json += "],\"moves\":[";
  separator.clear();
  for (const auto& move : plan) {
    json += separator + '[' + number(on_circle(move.arc.after)) + ',' + number(on_circle(move.arc.upto)) + ',' +
            (move.has_from ? quoted(move.from) : "null") + ',' + (move.has_to ? quoted(move.to) : "null") + ',' +
            number(move.fraction()) + ']';
    separator = ",";
  }
  return json + "],\"moved\":" + number(plan.fraction()) + ",\"points\":" + std::to_string(ring.points().size()) +
         ",\"bytes\":" + std::to_string(ring.memory_bytes()) + '}';
}

template <class Change>
const char* changed(const Change& change) {
  answer = std::visit(
      [&](auto& the) {
        the.before = the.ring;
        change(the.ring);
        return described(the.ring, the.before);
      },
      world);
  return answer.c_str();
}

}  // namespace

extern "C" {

char* text_of(std::size_t size) { return static_cast<char*>(std::malloc(size)); }

const char* add_node(const char* name, double weight) {
  return changed([&](auto& ring) { ring.add_node(name, weight); });
}
const char* remove_node(const char* name) {
  return changed([&](auto& ring) { ring.remove_node(name); });
}
const char* set_weight(const char* name, double weight) {
  return changed([&](auto& ring) { ring.set_weight(name, weight); });
}
const char* set_up(const char* name, bool up) {
  return changed([&](auto& ring) { ring.set_state(name, up ? perturb::NodeState::up : perturb::NodeState::down); });
}

// The same members with another placement: 0 to 3 are VirtualNodes of 4, 16, 64, 256 points, 4 is BalancedTokens.
const char* set_placement(int which) {
  std::vector<perturb::RingMember<std::string>> members;
  std::visit(
      [&](auto& the) {
        for (const std::string& node : the.ring.nodes()) {
          members.emplace_back(node, the.ring.weight(node), *the.ring.state(node));
        }
      },
      world);
  if (which == 0) world.emplace<0>();
  if (which == 1) world.emplace<1>();
  if (which == 2) world.emplace<2>();
  if (which == 3) world.emplace<3>();
  if (which == 4) world.emplace<4>();
  std::visit([&](auto& the) { the.ring.add_nodes(members); }, world);
  return changed([](auto&) {});
}

// Where a key is, and the nodes that take over.
const char* look_up(const char* key) {
  answer = std::visit(
      [&](auto& the) {
        std::string json = "{\"token\":" + number(on_circle(the.ring.token(std::string_view(key)))) + ",\"nodes\":[";
        std::string separator;
        for (const std::string* node : the.ring.preference_list(std::string_view(key), 3)) {
          json += separator + quoted(*node);
          separator = ",";
        }
        return json + "]}";
      },
      world);
  return answer.c_str();
}

}  // extern "C"
