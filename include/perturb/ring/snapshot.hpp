// SPDX-License-Identifier: MIT
/// @file Snapshots of rings: HashRing::serialize, deserialize and fingerprint.
///
/// The body of the image (serialized_format.hpp) describes the ring in full:
///
///   the kind of identity ('s' string, 'i' integer), bytes of a token, bound rule, tie rule
///   the names of placement and hasher, the hasher's seed, and a probe: a hash of the tokens of a few keys
///   the number of nodes, then of each its identity, weight and state
///   the number of points and a hash of them; where the points depend on the ring's history, also the points, each its
///   token and the number of its node
///
/// Any other ring is read by placing the points again and comparing with that hash. A placement that was changed, or a
/// hasher that differs on this platform, is therefore an error and never another ring.
#pragma once

#include <perturb/config.hpp>
#include <perturb/errors.hpp>
#include <perturb/hash/byte_order.hpp>
#include <perturb/hash/integer_cast.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/ring/access.hpp>
#include <perturb/ring/identity.hpp>
#include <perturb/ring/key_probe.hpp>
#include <perturb/ring/members.hpp>
#include <perturb/ring/placement_concepts.hpp>
#include <perturb/ring/points.hpp>
#include <perturb/ring/serialized_format.hpp>
#include <perturb/ring/snapshot_name.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring/weight.hpp>
#include <perturb/ring_members.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

/// Makes a node of its identity where a node is nothing else.
template <class Node>
struct IdentityIsNode {
  [[nodiscard]] Node operator()(const OwnedIdentityOf<Node>& id) const {
    static_assert(std::same_as<Node, std::string> || IdentityInteger<Node>,
                  "perturb::HashRing::deserialize: a snapshot keeps the identities of nodes and nothing else of them; "
                  "pass a function that makes a node of its identity, as the last argument");
    return id;
  }
};

template <class Ring>
class Snapshot {
  using Node = typename Ring::node_type;
  using Hash = typename Ring::hasher;
  using Placement = typename Ring::placement_type;
  using Token = typename Ring::token_type;
  using Id = OwnedIdentityOf<Node>;

 public:
  [[nodiscard]] static std::vector<std::byte> write(const Ring& ring) {
    ImageWriter image;
    describe(ring, image);
    if constexpr (kHasPoints) {
      const auto& points = RingAccess::points(ring);
      for (std::size_t i = 0; i < points.size(); ++i) {
        image.token(points.token(i));
        image.integer(points.value(i));
      }
    }
    return std::move(image).finish(ImageKind::ring);
  }

  [[nodiscard]] static std::uint64_t fingerprint(const Ring& ring) {
    ImageWriter image;
    describe(ring, image);
    return image.body_hash();
  }

  /// Throws: SnapshotError.
  template <class MakeNode>
  [[nodiscard]] static Ring read(std::span<const std::byte> bytes, const MakeNode& make_node) {
    static_assert(std::default_initializable<Placement> && (SeededHash<Hash> || std::default_initializable<Hash>),
                  "perturb::HashRing::deserialize: this ring's hasher or placement cannot be made from nothing; pass "
                  "both as the second and the third argument");
    ImageReader image(bytes, ImageKind::ring);
    const Head head = read_head(image);
    if constexpr (SeededHash<Hash>) {
      return read_body(image, head, Ring(Hash(head.seed), Placement()), make_node);
    } else {
      return read_body(image, head, Ring(Hash(), Placement()), make_node);
    }
  }
  /// Into a ring without nodes. Throws: SnapshotError.
  template <class MakeNode>
  [[nodiscard]] static Ring read(std::span<const std::byte> bytes, Ring ring, const MakeNode& make_node) {
    ImageReader image(bytes, ImageKind::ring);
    const Head head = read_head(image);
    return read_body(image, head, std::move(ring), make_node);
  }

 private:
  static constexpr std::uint8_t kIdentityKind = std::same_as<Id, std::string> ? 's' : 'i';
  static constexpr bool kHasPoints = ContextPlacement<Placement, Node>;

  struct Head {
    std::string placement;
    std::string hasher;
    std::uint64_t seed;
    std::uint64_t probe;
  };

  static void describe(const Ring& ring, ImageWriter& image) {
    image.integer(kIdentityKind);
    image.integer(static_cast<std::uint8_t>(sizeof(Token)));
    image.integer(static_cast<std::uint8_t>(Placement::kBound));
    image.integer(static_cast<std::uint8_t>(Placement::kTies));
    image.text(ring::name_of(ring.placement()));
    image.text(ring::name_of(ring.hash_function()));
    image.integer(ring::seed_of(ring.hash_function()));
    image.integer(ring::key_probe(ring));
    const auto weights = RingAccess::weights(ring);
    const auto states = RingAccess::states(ring);
    image.integer(static_cast<std::uint64_t>(ring.size()));
    for (std::size_t i = 0; i < ring.size(); ++i) {
      image.identity(ring::owned_identity(ring.nodes()[i]));
      image.real(weights[i]);
      image.integer(static_cast<std::uint8_t>(states[i]));
    }
    image.integer(static_cast<std::uint64_t>(ring.points().size()));
    image.integer(hash_of_points(ring));
  }

  static std::uint64_t hash_of_points(const Ring& ring) {
    const auto& points = RingAccess::points(ring);
    hashing::Xxh3Stream stream(0);
    const auto add = [&](const auto& bytes) { stream.update(bytes.data(), bytes.size()); };
    for (std::size_t i = 0; i < points.size(); ++i) {
      add(ring::bytes_of(points.token(i)));
      add(hashing::little_endian_bytes(points.value(i)));
    }
    return stream.digest();
  }

  static Head read_head(ImageReader& image) {
    const auto expect = [&](std::uint8_t mine, const char* what) {
      if (image.integer<std::uint8_t>() != mine)
        refuse_image(std::string("its ring has another ") + what + " than this type of ring");
    };
    expect(kIdentityKind, "kind of identity");
    expect(static_cast<std::uint8_t>(sizeof(Token)), "width of tokens");
    expect(static_cast<std::uint8_t>(Placement::kBound), "bound rule");
    expect(static_cast<std::uint8_t>(Placement::kTies), "tie rule");
    Head head;
    head.placement = image.text();
    head.hasher = image.text();
    head.seed = image.integer<std::uint64_t>();
    head.probe = image.integer<std::uint64_t>();
    return head;
  }

  static void expect_name(const std::string& found, const std::string& mine, const char* what) {
    const auto quoted = [](const std::string& name) { return name.empty() ? "without a name" : "'" + name + "'"; };
    if (found != mine)
      refuse_image(std::string("its ring has a ") + what + " " + quoted(found) + ", and this one has one " +
                   quoted(mine));
  }

  template <class MakeNode>
  static Ring read_body(ImageReader& image, const Head& head, Ring ring, const MakeNode& make_node) {
    expect_name(head.placement, ring::name_of(ring.placement()), "placement");
    expect_name(head.hasher, ring::name_of(ring.hash_function()), "hasher");
    if (head.seed != ring::seed_of(ring.hash_function())) {
      refuse_image("its ring hashes keys with the seed " + std::to_string(head.seed) + ", and this one with " +
                   std::to_string(ring::seed_of(ring.hash_function())));
    }
    if (head.probe != ring::key_probe(ring)) refuse_image("its ring gives keys other tokens than this one");

    const std::size_t count = image.count(4 + 8 + 1);
    std::vector<RingMember<Node>> members;
    members.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Id id = image.template identity<Id>();
      const double weight = image.real();
      if (!ring::is_weight(weight)) refuse_image("it is damaged: a weight in it is not positive");
      const auto state = image.integer<std::uint8_t>();
      if (state > static_cast<std::uint8_t>(NodeState::down)) {
        refuse_image("it is damaged: a node in it has an unknown state");
      }
      members.emplace_back(make_node(id), weight, static_cast<NodeState>(state));
      if (!ring::is_named(members.back().node, id)) refuse_image("the node made for an identity has another identity");
    }
    const auto point_count = image.integer<std::uint64_t>();
    const auto points_hash = image.integer<std::uint64_t>();
    if constexpr (kHasPoints) {
      auto points = read_points(image, point_count, members);
      image.expect_end();
      RingAccess::restore(ring, members, std::move(points));
    } else {
      image.expect_end();
      add(ring, members, point_count);
    }
    if (ring.size() != count) refuse_image("it is damaged: two nodes in it have one identity");
    const auto has_same_identity = [](const Node& node, const RingMember<Node>& member) {
      return ring::with_identity(member.node, [&](auto id) { return ring::is_named(node, id); });
    };
    if (!std::ranges::equal(ring.nodes(), members, has_same_identity))
      refuse_image("it is damaged: its nodes are not in order");
    if (ring.points().size() != point_count || hash_of_points(ring) != points_hash)
      refuse_image("the placement of this ring puts its points elsewhere");
    return ring;
  }

  static TokenMap<Token> read_points(ImageReader& image, std::uint64_t count,
                                     const std::vector<RingMember<Node>>& members) {
    image.expect_room(count, sizeof(Token) + sizeof(NodeNumber));
    TokenMapBuilder<Token> points(hashing::integer_cast<std::size_t>(count));
    PlacedPoint<Token> last{};
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto token = image.template token<Token>();
      const PlacedPoint<Token> point{token, image.template integer<NodeNumber>()};
      if (point.node >= members.size() || (i > 0 && !(last < point)))
        refuse_image("it is damaged: its points are not in order");
      if (members[point.node].state != NodeState::up) refuse_image("it is damaged: a node that is not up has points");
      points.append(point.token, point.node);
      last = point;
    }
    return std::move(points).finish();
  }

  // A placement refuses members by an exception of its own.
  static void add(Ring& ring, const std::vector<RingMember<Node>>& members, std::uint64_t point_count) {
#if PERTURB_EXCEPTIONS
    try {
#endif
      if constexpr (IncrementalPlacement<Placement, Node> && !keeps_one_v<Placement>) {
        // Before any point is placed: wrong weights would only fill the memory.
        std::uint64_t expected = 0;
        for (const auto& member : members) {
          if (member.state == NodeState::up) expected += ring.placement().point_count(member.weight);
        }
        if (expected / 2 > point_count + 4096) refuse_image("it is damaged: its weights make more points");
      }
      ring.assign(members);
#if PERTURB_EXCEPTIONS
    } catch (const std::logic_error& error) {
      refuse_image(std::string("this ring refuses its nodes: ") + error.what());
    }
#endif
  }
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
