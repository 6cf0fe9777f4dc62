// SPDX-License-Identifier: MIT
/// @file The ring as the servers keep it: as it is, or as it was and as it will be while keys move.
#pragma once

#include "connection.hpp"

#include <perturb/hash_ring.hpp>
#include <perturb/migration_ranges.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shards {

using Ring = perturb::HashRing<std::string>;
using Range = perturb::MigrationRange<std::string, std::uint64_t>;
using Ranges = perturb::MigrationRanges<std::string, std::uint64_t>;

/// A server of a ring, HOST:PORT, which is also its identity.
struct Member {
  std::string name;
  double weight = 1;
  friend bool operator==(const Member&, const Member&) = default;
};
using Members = std::vector<Member>;

inline Ring ring_of(const Members& members) {
  Ring ring;
  for (const Member& member : members) ring.add_node(member.name, member.weight);
  return ring;
}

inline std::vector<std::string> names_of(const Members& members) {
  std::vector<std::string> names;
  for (const Member& member : members) names.push_back(member.name);
  return names;
}

/// A version of the ring. A change of servers takes two epochs: one in which keys move, and one in which they have
/// moved.
class RingState {
 public:
  using Numbers = std::vector<std::uint32_t>;

  RingState() = default;
  RingState(std::string ring_id, std::uint64_t epoch, Members now, Members next = {}, std::optional<Numbers> kept = {})
      : ring_id_(std::move(ring_id)),
        epoch_(epoch),
        now_(std::move(now)),
        next_(std::move(next)),
        kept_(std::move(kept)),
        ring_(ring_of(now_)) {
    if (!is_moving()) return;
    next_ring_ = ring_of(next_);
    // A scan of a server looks at all its keys, so all that pass between two servers pass at once.
    ranges_ = Ranges(perturb::diff(ring_, next_ring_), Ranges::kAllArcs);
  }

  /// Tells this ring from all others, whatever their epochs.
  [[nodiscard]] const std::string& ring_id() const noexcept { return ring_id_; }
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }
  [[nodiscard]] bool is_known() const noexcept { return epoch_ != 0; }
  [[nodiscard]] bool is_moving() const noexcept { return !next_.empty(); }
  [[nodiscard]] const Members& now() const noexcept { return now_; }
  [[nodiscard]] const Members& next() const noexcept { return next_; }
  [[nodiscard]] const Ring& ring() const noexcept { return ring_; }
  [[nodiscard]] const Ring& next_ring() const noexcept { return next_ring_; }
  [[nodiscard]] const Ranges& ranges() const noexcept { return ranges_; }

  /// The way back from this change of servers. `kept`: its ranges that have not passed, and will not. In the ring that
  /// goes back these have passed from the beginning.
  [[nodiscard]] RingState undone(const std::vector<const Range*>& kept) const {
    const Ranges back(perturb::diff(next_ring_, ring_), Ranges::kAllArcs);
    Numbers numbers;
    for (const Range& range : back) {
      const auto is_this = [&](const Range* other) {
        return other->from() == range.to() && other->to() == range.from();
      };
      if (std::any_of(kept.begin(), kept.end(), is_this)) numbers.push_back(range.number());
    }
    return RingState(ring_id_, epoch_ + 1, next_, now_, std::move(numbers));
  }
  [[nodiscard]] bool is_undo() const noexcept { return kept_.has_value(); }
  /// What a server knows of ranges from the beginning: number and state, one after the other.
  [[nodiscard]] std::vector<std::string> first_states(const std::string& server) const {
    std::vector<std::string> result;
    for (const std::uint32_t number : kept_.value_or(Numbers())) {
      const Range& range = ranges_[number];
      if (range.from() == server) result.insert(result.end(), {std::to_string(number), "released"});
      if (range.to() == server) result.insert(result.end(), {std::to_string(number), "owned"});
    }
    return result;
  }

  /// Whether nothing is lost if the server knows nothing of the ring: it has no keys that are not elsewhere.
  [[nodiscard]] bool may_be_empty(const std::string& server) const {
    const auto has = [&](const Members& members) {
      return std::any_of(members.begin(), members.end(), [&](const Member& member) { return member.name == server; });
    };
    if (!is_undo()) return !has(now_);
    const auto is_source = [&](const Range& range) {
      return range.from() == server && std::find(kept_->begin(), kept_->end(), range.number()) == kept_->end();
    };
    return !has(next_) && std::none_of(ranges_.begin(), ranges_.end(), is_source);
  }

  /// The servers before and after, each once, sorted.
  [[nodiscard]] std::vector<std::string> servers() const {
    std::vector<std::string> names = names_of(now_);
    for (const Member& member : next_) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  }
  /// The server that decides which of several changes of this ring comes first.
  [[nodiscard]] std::string first_server() const { return ring_.nodes().front(); }

  [[nodiscard]] std::string json() const {
    const auto list = [](const Members& members) {
      nlohmann::json array = nlohmann::json::array();
      for (const Member& member : members) array.push_back({member.name, member.weight});
      return array;
    };
    nlohmann::json object{{"ring", ring_id_}, {"servers", list(now_)}};
    if (is_moving()) object["next"] = list(next_);
    if (kept_) object["kept"] = *kept_;
    return object.dump();
  }
  static RingState parse(const std::string& server, std::uint64_t epoch, const std::string& text) {
    try {
      const nlohmann::json object = nlohmann::json::parse(text);
      const auto list = [&](const char* name) {
        Members members;
        for (const auto& item : object.value(name, nlohmann::json::array())) {
          members.push_back({item.at(0).get<std::string>(), item.at(1).get<double>()});
        }
        return members;
      };
      std::optional<Numbers> kept;
      if (object.contains("kept")) kept = object["kept"].get<Numbers>();
      return RingState(object.at("ring").get<std::string>(), epoch, list("servers"), list("next"), kept);
    } catch (const std::exception&) {
      throw Trouble("the ring that " + server + " keeps in the key perturb:ring cannot be read");
    }
  }

 private:
  std::string ring_id_;
  std::uint64_t epoch_ = 0;
  Members now_;
  Members next_;
  std::optional<Numbers> kept_;
  Ring ring_;
  Ring next_ring_;
  Ranges ranges_;
};

}  // namespace shards
