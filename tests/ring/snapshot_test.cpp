// SPDX-License-Identifier: MIT
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/md5_hash.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/textbook.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

using perturb::BoundRule;
using perturb::HashRing;
using perturb::SnapshotError;
using perturb::TieRule;
using testing::AllOf;
using testing::HasSubstr;
using Bytes = std::vector<std::byte>;
using Strings = HashRing<std::string>;

std::string hex(const Bytes& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

template <class Ring = Strings, class... Arguments>
std::string refusal(const Bytes& bytes, const Arguments&... arguments) {
  try {
    (void)Ring::deserialize(bytes, arguments...);
  } catch (const SnapshotError& error) {
    return error.what();
  }
  return "not refused";
}

// The image with its size and checksum made right again, as only an attacker makes them.
Bytes with_checksum(Bytes bytes) {
  const std::uint64_t size = bytes.size() - 28;
  for (std::size_t i = 0; i < 8; ++i) bytes[12 + i] = static_cast<std::byte>(size >> (8 * i));
  const std::uint64_t checksum = perturb::detail::hashing::xxh3(bytes.data() + 28, bytes.size() - 28,
                                                                perturb::detail::hashing::xxh3(bytes.data(), 20, 0));
  for (std::size_t i = 0; i < 8; ++i) bytes[20 + i] = static_cast<std::byte>(checksum >> (8 * i));
  return bytes;
}

Strings weighted_ring() {
  return Strings(std::vector<std::pair<std::string, double>>{{"alpha", 1.0}, {"beta", 2.5}, {"gamma", 0.25}},
                 perturb::XxHash<>(7));
}

template <class Ring>
void expect_round_trip(Ring ring, const Ring& empty) {
  for (const char* name : {"c", "a", "e", "b", "d"}) ring.add_node(name, 1.5);
  ring.remove_node("e");
  ring.set_weight("b", 0.5);
  const Ring copy = Ring::deserialize(ring.serialize(), empty.hash_function(), empty.placement());
  EXPECT_TRUE(copy == ring);
  EXPECT_EQ(copy.serialize(), ring.serialize());
  EXPECT_EQ(copy.fingerprint(), ring.fingerprint());
  for (int key = 0; key < 200; ++key) {
    const std::string text = "key " + std::to_string(key);
    EXPECT_EQ(copy.owner(text), ring.owner(text));
  }
}

TEST(Snapshot, GivesTheSameRingBackWithItsSeed) {
  const Strings ring = weighted_ring();
  const Strings copy = Strings::deserialize(ring.serialize());
  EXPECT_EQ(copy, ring);
  EXPECT_EQ(copy.hash_function().seed(), 7u);
  EXPECT_EQ(copy.weight("beta"), 2.5);
  EXPECT_EQ(copy.serialize(), ring.serialize());
  EXPECT_EQ(Strings::deserialize(Strings().serialize()), Strings());
}

TEST(Snapshot, HoldsForEveryPlacementAndBoundRule) {
  using kit::Narrow;
  const auto round_trip = [](auto empty) { expect_round_trip(empty, empty); };
  round_trip(Strings());
  round_trip(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::at_or_after, TieRule::identity>>({0xFF}));
  round_trip(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::after, TieRule::insertion>>());
  round_trip(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::keep_first>>({0xFFF}));
  round_trip(HashRing<std::string, kit::Fnv32, Narrow<BoundRule::nearest, TieRule::keep_last>>({0xFF}));
  round_trip(HashRing<std::string, perturb::XxHash<>, kit::WholeDigest>());
  round_trip(HashRing<std::string, perturb::XxHash<>, kit::RelativeWeights>());
}

TEST(Snapshot, OfEqualRingsHasEqualBytesWhateverTheirHistory) {
  Strings other;
  other.add_node("gone");
  for (const char* name : {"c", "b", "a"}) other.add_node(name, 3.0);
  for (const char* name : {"a", "b", "c"}) other.set_weight(name, 1.0);
  other.remove_node("gone");
  const Strings ring({"a", "b", "c"});
  EXPECT_EQ(other.serialize(), ring.serialize());
  EXPECT_EQ(other.fingerprint(), ring.fingerprint());
}

TEST(SnapshotGolden, BytesAndFingerprintNeverChange) {
  EXPECT_EQ(hex(weighted_ring().serialize()),
            "7065727475726252010000008800000000000000dcb38b40c68b5a9273080000190000005669727475616c4e6f646573"
            "3c3235362c205878486173683e060000005878486173680700000000000000eba4e2069f17fb15030000000000000005"
            "000000616c706861000000000000f03f0004000000626574610000000000000440000500000067616d6d610000000000"
            "00d03f00c003000000000000d69d1bfdb1be067f");
  EXPECT_EQ(weighted_ring().fingerprint(), 11023822130368111387u);
  EXPECT_EQ(hex(HashRing<int>({-1, 5}).serialize()),
            "70657274757262520100000075000000000000001e5d9c3d366fbbc569080000190000005669727475616c4e6f646573"
            "3c3235362c205878486173683e0600000058784861736800000000000000007ee4a27265b1832c0200000000000000ff"
            "ffffffffffffff000000000000f03f000500000000000000000000000000f03f0000020000000000002ca76ad6094c1e"
            "f7");
}

TEST(SnapshotFingerprint, DiffersForAnyOtherRing) {
  std::map<std::uint64_t, int> seen;
  const Strings ring({"a", "b", "c"});
  Strings heavier = ring;
  heavier.set_weight("c", 1.01);
  ++seen[ring.fingerprint()];
  ++seen[heavier.fingerprint()];
  ++seen[Strings().fingerprint()];
  ++seen[Strings({"a", "b"}).fingerprint()];
  ++seen[Strings({"a", "b", "d"}).fingerprint()];
  ++seen[Strings({"a", "b", "c"}, perturb::XxHash<>(1)).fingerprint()];
  ++seen[HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<255>>({"a", "b", "c"}).fingerprint()];
  ++seen[Strings({"a", "b", "c"}, {}, perturb::VirtualNodes<>(perturb::XxHash<>(1))).fingerprint()];
  ++seen[HashRing<std::string, perturb::Md5Hash>({"a", "b", "c"}).fingerprint()];
  EXPECT_EQ(seen.size(), 9u);
}

TEST(SnapshotNodes, OfOtherTypesAreMadeFromTheirIdentities) {
  struct Machine {
    std::string name;
    std::string address;
    const std::string& id() const { return name; }
  };
  HashRing<Machine> ring;
  ring.add_node({"a", "10.0.0.1"});
  ring.add_node({"b", "10.0.0.2"});
  const std::map<std::string, std::string> addresses = {{"a", "192.168.0.1"}, {"b", "192.168.0.2"}};
  const auto make = [&](const std::string& name) { return Machine{name, addresses.at(name)}; };
  const HashRing<Machine> copy = HashRing<Machine>::deserialize(ring.serialize(), make);
  EXPECT_EQ(copy, ring);
  EXPECT_EQ(copy.find_node("b")->address, "192.168.0.2");
  EXPECT_THAT(refusal<HashRing<Machine>>(ring.serialize(), [](const std::string&) { return Machine{"x", ""}; }),
              HasSubstr("another identity"));
}

TEST(SnapshotRefusal, NamesWhatIsWrong) {
  const Bytes image = weighted_ring().serialize();
  const auto changed = [&](std::size_t at, int value) {
    Bytes bytes = image;
    bytes[at] = static_cast<std::byte>(value);
    return bytes;
  };
  EXPECT_THAT(refusal({}), HasSubstr("truncated: it has 0 of at least 28 bytes"));
  EXPECT_THAT(refusal(Bytes(image.begin(), image.begin() + 20)), HasSubstr("truncated"));
  EXPECT_THAT(refusal(Bytes(image.begin(), image.end() - 1)), HasSubstr("truncated: its body has"));
  Bytes longer = image;
  longer.push_back(std::byte{0});
  EXPECT_THAT(refusal(longer), HasSubstr("1 bytes follow its end"));
  EXPECT_THAT(refusal(changed(0, 'P')), HasSubstr("something else than perturb"));
  EXPECT_THAT(refusal(Bytes(100)), HasSubstr("something else than perturb"));
  EXPECT_THAT(refusal(changed(8, 2)), HasSubstr("format version 2, and this library reads versions up to 1"));
  EXPECT_THAT(refusal(changed(8, 0)), HasSubstr("there is no format version 0"));
  EXPECT_THAT(refusal(changed(7, 99)), HasSubstr("an unknown kind of object"));
  EXPECT_THAT(refusal(changed(40, 99)), HasSubstr("checksum is wrong"));
  EXPECT_THAT(refusal(perturb::diff(weighted_ring(), weighted_ring()).serialize()),
              HasSubstr("image of a migration plan, not of a ring"));
}

TEST(SnapshotRefusal, OfAnotherKindOfRingSaysInWhatItDiffers) {
  using perturb::VirtualNodes;
  using perturb::XxHash;
  const Bytes image = weighted_ring().serialize();
  EXPECT_THAT((refusal<HashRing<std::string, XxHash<>, VirtualNodes<64>>>(image)),
              AllOf(HasSubstr("placement 'VirtualNodes<256, XxHash>'"), HasSubstr("'VirtualNodes<64, XxHash>'")));
  EXPECT_THAT((refusal<HashRing<std::string, perturb::Md5Hash>>(image)), HasSubstr("hasher 'XxHash'"));
  EXPECT_THAT((refusal<HashRing<std::string, kit::Fnv32>>(image)),
              HasSubstr("hasher 'XxHash', and this one has one without a name"));
  EXPECT_THAT(refusal<HashRing<int>>(image), HasSubstr("kind of identity"));
  EXPECT_THAT((refusal<HashRing<std::string, kit::Fnv32, kit::RelativeWeights>>(image)), HasSubstr("width of tokens"));
  EXPECT_THAT(refusal(image, XxHash<>(8), VirtualNodes<>()), HasSubstr("with the seed 7, and this one with 8"));
  EXPECT_THAT(refusal(Strings({"a"}, {}, VirtualNodes<>(XxHash<>(3))).serialize()),
              HasSubstr("'VirtualNodes<256, XxHash(3)>'"));
  EXPECT_EQ(Strings::deserialize(Strings({"a"}, {}, VirtualNodes<>(XxHash<>(3))).serialize(), XxHash<>(),
                                 VirtualNodes<>(XxHash<>(3)))
                .size(),
            1u);
  using Hand = kit::HandMadeRing<>;
  Hand hand;
  hand.add_node({"a", {5}});
  EXPECT_THAT(
      refusal<Hand>(hand.serialize(), [](const std::string& id) { return kit::Placed<std::uint64_t>{id, {6}}; }),
      HasSubstr("puts its points elsewhere"));
  using Masked = HashRing<std::string, kit::Fnv32, kit::Narrow<BoundRule::after, TieRule::identity>>;
  EXPECT_THAT(refusal<Masked>(Masked({"a"}, {}, {0xFF}).serialize()), HasSubstr("gives keys other tokens"));
  EXPECT_THAT(
      refusal<perturb::TextbookRing::ring_type>(
          perturb::TextbookRing::ring_type({1, 2}, {}, perturb::detail::ring::TextbookPlacement(10)).serialize()),
      HasSubstr("Textbook<10>"));
}

TEST(SnapshotRefusal, OfTenThousandRandomDamagesIsAlwaysAnErrorAndNeverAnotherRing) {
  const Strings ring = weighted_ring();
  const Bytes image = ring.serialize();
  std::mt19937 random(11);
  const auto damaged = [&] {
    Bytes bytes = image;
    for (int damage = static_cast<int>(random() % 3); damage >= 0; --damage) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] ^= static_cast<std::byte>(1 << random() % 8);
          break;
        case 1:
          bytes[at] = static_cast<std::byte>(random());
          break;
        case 2:
          bytes.resize(at);
          break;
        default:
          bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), random() % 20,
                       static_cast<std::byte>(random()));
      }
      if (bytes.empty()) return bytes;
    }
    return bytes;
  };
  for (int round = 0; round < 10'000; ++round) {
    const Bytes bytes = damaged();
    if (bytes == image) continue;
    const std::string message = refusal(bytes);
    ASSERT_THAT(message, HasSubstr("not a usable image")) << hex(bytes);
    // With the checksum made right, what is read is exactly what the bytes say.
    if (bytes.size() < 28) continue;
    const Bytes forged = with_checksum(bytes);
    try {
      ASSERT_EQ(Strings::deserialize(forged).serialize(), forged) << hex(bytes);
    } catch (const SnapshotError&) {
    }
  }
}

TEST(SnapshotRefusal, OfMembersThatNoRingHasIsAnError) {
  // A body written by hand: the head of a true image, then other members.
  const auto image = [](const std::vector<std::pair<std::string, double>>& members) {
    const Bytes whole = Strings().serialize();
    Bytes bytes(whole.begin(), whole.end() - 24);
    const auto append = [&](std::uint64_t value, std::size_t size) {
      for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    };
    append(members.size(), 8);
    for (const auto& [name, weight] : members) {
      append(name.size(), 4);
      for (const char c : name) bytes.push_back(static_cast<std::byte>(c));
      append(std::bit_cast<std::uint64_t>(weight), 8);
      append(0, 1);
    }
    append(256 * members.size(), 8);
    append(0, 8);
    return with_checksum(bytes);
  };
  EXPECT_THAT(refusal(image({{"a", 1.0}})), HasSubstr("puts its points elsewhere"));
  EXPECT_THAT(refusal(image({{"a", -1.0}})), HasSubstr("not positive"));
  EXPECT_THAT(refusal(image({{"a", std::numeric_limits<double>::quiet_NaN()}})), HasSubstr("not positive"));
  EXPECT_THAT(refusal(image({{"a", 1e30}})), HasSubstr("refuses its nodes"));
  EXPECT_THAT(refusal(image({{"a", 6e4}})), HasSubstr("its weights make more points"));
  EXPECT_THAT(refusal(image({{"a", 1.0}, {"a", 1.0}})), HasSubstr("two nodes in it have one identity"));
  EXPECT_THAT(refusal(image({{"b", 1.0}, {"a", 1.0}})), HasSubstr("not in order"));
}

TEST(RingSnapshot, HasNoPointsOfNodesThatAreNotUp) {
  perturb::HashRing<int> ring;
  for (int node = 0; node < 100; ++node) ring.add_node(node, 1);
  for (int node = 10; node < 100; ++node) ring.set_state(node, perturb::NodeState::down);
  ring.set_weight(99, 1e300);
  EXPECT_EQ(perturb::HashRing<int>::deserialize(ring.serialize()), ring);
}

// The checksum keeps accidents out; here every bit of the body is changed in turn and the checksum is made anew.
template <class Ring>
void expect_sound_with_any_bit_changed(const Ring& ring) {
  const std::vector<std::byte> image = ring.serialize();
  ASSERT_EQ(Ring::deserialize(image), ring);
  std::size_t refused = 0;
  std::size_t changes = 0;
  for (std::size_t changed = 28; changed < image.size(); ++changed) {
    for (int bit = 0; bit < 8; ++bit) {
      perturb::detail::ring::ImageWriter writer;
      for (std::size_t i = 28; i < image.size(); ++i) {
        writer.integer(
            static_cast<std::uint8_t>(std::to_integer<unsigned>(image[i]) ^ (i == changed ? 1u << bit : 0u)));
      }
      const auto forged = std::move(writer).finish(perturb::detail::ring::ImageKind::ring);
      ++changes;
      try {
        ASSERT_EQ(Ring::deserialize(forged).serialize(), forged) << "byte " << changed << ", bit " << bit;
      } catch (const perturb::SnapshotError&) {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, changes / 2);
}

TEST(Snapshot, WithAnyBitOfItsBodyChangedIsRefusedOrTheImageOfAnotherRing) {
  HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<3>> strings({"a", "b"});
  strings.set_state("b", perturb::NodeState::down);
  expect_sound_with_any_bit_changed(strings);
  HashRing<std::uint16_t, perturb::XxHash<>, perturb::VirtualNodes<3>> integers({1, 300});
  expect_sound_with_any_bit_changed(integers);
  HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<3>> balanced({"a", "b", "c"});
  balanced.set_state("b", perturb::NodeState::draining);
  expect_sound_with_any_bit_changed(balanced);
}

}  // namespace
