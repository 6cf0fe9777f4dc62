// SPDX-License-Identifier: MIT
// The members that all profiles have: changes one by one against a ring made at once, states, names, ids, addresses.
#include <perturb/profiles.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace perturb::profiles {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> sample_keys() {
  std::vector<std::string> keys;
  for (int i = 0; i < 300; ++i) keys.push_back("key " + std::to_string(i));
  return keys;
}
template <class Ring>
std::vector<std::string> owners(const Ring& ring) {
  std::vector<std::string> result;
  for (const std::string& key : sample_keys()) {
    const Server* const server = ring.find_server(key);
    result.push_back(server == nullptr ? "nobody" : server->host + ':' + std::to_string(server->port));
  }
  return result;
}
Server server_of(std::uint32_t number, std::uint32_t weight) {
  return {"10.0.0." + std::to_string(number), "name" + std::to_string(number), 8080, weight, number};
}

template <class Ring>
class AnyProfile : public testing::Test {};
using Profiles = testing::Types<LibmemcachedRing, TwemproxyRing, NginxRing, HaproxyRing, EnvoyRing, MaglevRing,
                                GrpcRing, BrpcRing, KetamaRing, UhashringRing, UhashringKetamaRing>;
TYPED_TEST_SUITE(AnyProfile, Profiles);

TYPED_TEST(AnyProfile, WithoutAServerThatIsUpChoosesNone) {
  TypeParam ring;
  EXPECT_EQ(ring.find_server("key"), nullptr);
  ring.add_servers({server_of(1, 1), server_of(2, 1)});
  const TypeParam before = ring;
  for (const std::uint32_t id : {1U, 2U}) EXPECT_TRUE(ring.set_state(id, NodeState::down));
  EXPECT_EQ(ring.find_server("key"), nullptr);
  EXPECT_TRUE(ring.ring().points().empty());
  for (const std::uint32_t id : {1U, 2U}) EXPECT_TRUE(ring.set_state(id, NodeState::up));
  EXPECT_EQ(owners(ring), owners(before));
}

TYPED_TEST(AnyProfile, ChangedOneByOneEqualsThatOfTheListMadeAtOnce) {
  std::mt19937_64 random(31);
  TypeParam ring;
  std::vector<Server> list;
  std::vector<NodeState> states;
  for (int step = 0; step < 60; ++step) {
    const auto number = static_cast<std::uint32_t>(1 + random() % 12);
    const auto weight = static_cast<std::uint32_t>(1 + random() % 3);
    const auto it = std::find_if(list.begin(), list.end(), [&](const Server& server) { return server.id == number; });
    const bool is_known = it != list.end();
    const auto place = it - list.begin();
    switch (random() % 4) {
      case 0:
        if (is_known) break;
        ASSERT_TRUE(ring.add_server(server_of(number, weight)));
        list.push_back(server_of(number, weight));
        states.push_back(NodeState::up);
        break;
      case 1:
        ASSERT_EQ(ring.remove_server("name" + std::to_string(number)), is_known);
        if (is_known) {
          list.erase(it);
          states.erase(states.begin() + place);
        }
        break;
      case 2:
        ASSERT_EQ(ring.set_weight(number, weight), is_known);
        if (is_known) it->weight = weight;
        break;
      default:
        ASSERT_EQ(ring.set_state(number, static_cast<NodeState>(step % 3)), is_known);
        if (is_known) states[static_cast<std::size_t>(place)] = static_cast<NodeState>(step % 3);
    }
    TypeParam expected;
    std::vector<Server> up;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (states[i] == NodeState::up) up.push_back(list[i]);
    }
    expected.add_servers(up);
    ASSERT_EQ(owners(ring), owners(expected)) << "step " << step;
    ASSERT_EQ(ring.size(), list.size());
    for (const Server& server : ring.servers()) {
      const auto same = std::find_if(list.begin(), list.end(), [&](const Server& s) { return s.id == server.id; });
      ASSERT_TRUE(same != list.end() && *same == server);
    }
  }
}

TYPED_TEST(AnyProfile, IsChangedByAddressNameOrId) {
  TypeParam ring;
  ring.add_servers(std::vector<Server>{server_of(1, 1), server_of(2, 1), server_of(3, 1)});
  const auto before = owners(ring);
  if constexpr (!std::is_same_v<TypeParam, HaproxyRing> && !std::is_same_v<TypeParam, GrpcRing>) {
    EXPECT_FALSE(ring.set_state("10.0.0.9", 8080, NodeState::down));
  }
  EXPECT_FALSE(ring.remove_server("name9"));
  EXPECT_FALSE(ring.remove_server(0u));
  EXPECT_TRUE(ring.set_state("10.0.0.2", 8080, NodeState::down));
  for (const std::string& key : sample_keys()) ASSERT_NE(ring.find_server(key)->host, "10.0.0.2");
  EXPECT_TRUE(ring.set_state("name2", NodeState::up));
  EXPECT_EQ(owners(ring), before);
  EXPECT_TRUE(ring.set_weight("10.0.0.2", 8080, 3));
  EXPECT_TRUE(ring.set_weight("name2", 2));
  EXPECT_EQ(ring.servers()[1].weight, 2u);
  EXPECT_TRUE(ring.set_weight(2u, 1));
  EXPECT_EQ(owners(ring), before);
  EXPECT_THROW(ring.set_weight(2u, 0), std::invalid_argument);
  EXPECT_TRUE(ring.remove_server(2u));
  EXPECT_TRUE(ring.remove_server("10.0.0.1", 8080));
  EXPECT_EQ(ring.size(), 1u);
}

TYPED_TEST(AnyProfile, TakesNoZeroForAName) {
  static_assert(!requires(TypeParam ring) { ring.add_server("10.0.0.1", 80, 1, nullptr); });
  static_assert(requires(TypeParam ring) { ring.add_server("10.0.0.1", 80, 1, "name"); });
  static_assert(requires(TypeParam ring) { ring.add_server("10.0.0.1", 80, 1, 0); } ==
                std::is_same_v<TypeParam, HaproxyRing>);
  SUCCEED();
}

TYPED_TEST(AnyProfile, RingMakesNoTokenForAKeyThatTheProgramCannotHash) {
  TypeParam ring;
  ring.add_server(server_of(1, 1));
  EXPECT_EQ(ring.ring().token("key"), ring.token("key"));
  EXPECT_EQ(ring.ring(), ring.ring());
}

TEST(HaproxyRingState, KeepsTheIdsOfOtherServers) {
  HaproxyRing ring;
  for (std::uint16_t port = 1; port <= 10; ++port) ring.add_server("10.0.0.1", port, 10);  // without ids
  const HaproxyRing before = ring;
  ring.set_state("10.0.0.1", 3, NodeState::down);
  for (const std::string& key : sample_keys()) {
    const std::uint16_t port = before.find_server(key)->port;
    if (port == 3) {
      ASSERT_NE(ring.find_server(key)->port, 3);
    } else {
      ASSERT_EQ(ring.find_server(key)->port, port);
    }
  }
  ring.set_state("10.0.0.1", 3, NodeState::up);
  EXPECT_EQ(owners(ring), owners(before));
}

TEST(HaproxyRingIds, TellServersAtOneAddressApart) {
  HaproxyRing ring;
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80, 1, 1u));
  EXPECT_TRUE(ring.add_server("10.0.0.1", 80, 1, 2u));
  EXPECT_FALSE(ring.add_server("10.0.0.1", 80, 1, 2u));
  EXPECT_EQ(ring.size(), 2u);
}

TEST(HaproxyRingWarnings, NameIdsThatAreEqualModuloTwoToThe20) {
  HaproxyRing ring;
  ring.add_server("10.0.0.1", 80, 1, 1u);
  ring.add_server("10.0.0.2", 80, 1, 2u);
  EXPECT_THAT(ring.warnings(), IsEmpty());
  ring.add_server("10.0.0.3", 80, 1, 1u + (1u << 20));
  EXPECT_THAT(ring.warnings(), ElementsAre(kServersWithEqualPoints));
  HaproxyRing by_address({.hash_key = HaproxyHashKey::addr});
  by_address.add_servers(ring.servers());
  EXPECT_THAT(by_address.warnings(), IsEmpty());
  HaproxyRing by_name({.hash_key = HaproxyHashKey::guid});
  by_name.add_servers({server_of(1, 1), server_of(2, 1)});
  EXPECT_THAT(by_name.warnings(), IsEmpty());
}

// As nginx 1.22.1 answers: of two lines of one address the heavier counts, whatever their order.
TEST(NginxRingDuplicates, GiveAServerTheWeightOfTheHeaviest) {
  const NginxRing heavy = [] {
    NginxRing ring;
    ring.add_servers({{"127.1.0.1", "", 8080, 3}, {"127.1.0.2", "", 8080}, {"127.1.0.3", "", 8080}});
    return ring;
  }();
  NginxRing ring;
  EXPECT_EQ(ring.add_servers({{"127.1.0.1", "", 8080}, {"127.1.0.2", "", 8080}, {"127.1.0.3", "", 8080}}), 3u);
  EXPECT_TRUE(ring.add_server("127.1.0.1", 8080, 3)) << "heavier";
  EXPECT_FALSE(ring.add_server("127.1.0.1", 8080, 2)) << "lighter";
  EXPECT_FALSE(ring.add_server("127.1.0.1:8080", 0, 3)) << "the same text";
  EXPECT_EQ(ring.size(), 3u);
  EXPECT_EQ(owners(ring), owners(heavy));
  NginxRing at_once;
  EXPECT_EQ(at_once.add_servers({{"127.1.0.1", "", 8080},
                                 {"127.1.0.2", "", 8080},
                                 {"127.1.0.1", "", 8080, 2},
                                 {"127.1.0.3", "", 8080},
                                 {"127.1.0.1", "", 8080, 3}}),
            5u);
  EXPECT_EQ(owners(at_once), owners(heavy));
}

TEST(NginxRingAddresses, AreTheTextOfTheServerLine) {
  NginxRing ring;
  ring.add_server("10.0.0.1:8080", 0);
  EXPECT_TRUE(ring.remove_server("10.0.0.1", 8080));
  for (const char* refused :
       {"2001:db8::1", "::1", "[2001:db8::zz]", "a:b", "1.2.3.4:", "1.2.3.4:0", "[::1]:0", "1.2.3.4:99999"}) {
    EXPECT_THROW(ring.add_server(refused, 0), std::invalid_argument) << refused;
  }
  EXPECT_THROW(ring.add_server("2001:db8::1", 8080), std::invalid_argument);
  EXPECT_TRUE(ring.add_server("[2001:db8::1]", 8080));
  EXPECT_TRUE(ring.add_server("[2001:db8::1]", 0));
  EXPECT_TRUE(ring.add_server("127.0.0.1:080", 0));
}

TEST(NginxRingKeys, ThatAreEmptyHaveNoServerThroughTheBaseEither) {
  NginxRing ring;
  ring.add_servers({{"10.0.0.1", "", 80}, {"10.0.0.2", "", 80}});
  const detail::profiles::ServerRing<detail::profiles::NginxKeyHash, detail::profiles::NginxPoints,
                                     BoundRule::at_or_after, TieRule::keep_first>& base = ring;
  EXPECT_EQ(ring.find_server(""), nullptr);
  EXPECT_EQ(base.find_server(""), nullptr);
}

TEST(LibmemcachedRingDuplicates, AreJudgedAlikeOnAddingAndRemoving) {
  LibmemcachedRing ring;
  EXPECT_TRUE(ring.add_server("10.0.0.1", 0));
  EXPECT_FALSE(ring.add_server("10.0.0.1", 11211));
  EXPECT_TRUE(ring.remove_server("10.0.0.1", 11211));
  EXPECT_TRUE(ring.empty());
}

template <class Ring>
class ProfileOfSockets : public testing::Test {};
using SocketProfiles = testing::Types<EnvoyRing, MaglevRing, GrpcRing>;
TYPED_TEST_SUITE(ProfileOfSockets, SocketProfiles);

TYPED_TEST(ProfileOfSockets, TakesAllSpellingsOfAnAddressForOne) {
  TypeParam one;
  TypeParam other;
  one.add_servers(std::vector<Server>{{"2001:db8::1", "", 80}, {"fd00::a", "", 80}, {"::ffff:10.0.0.1", "", 80}});
  other.add_servers(
      std::vector<Server>{{"2001:0DB8:0:0:0::1", "", 80}, {"[fd00:0::000A]", "", 80}, {"::FFFF:a00:1", "", 80}});
  for (const std::string& key : sample_keys()) ASSERT_EQ(one.token(key), other.token(key));
  ASSERT_EQ(one.ring().points().size(), other.ring().points().size());
  for (std::size_t i = 0; i < one.ring().points().size(); ++i) {
    ASSERT_EQ(one.ring().points()[i].token, other.ring().points()[i].token);
  }
  EXPECT_FALSE(one.add_server("2001:db8:0::1", 80)) << "a duplicate";
  EXPECT_TRUE(one.remove_server("2001:DB8::1", 80));
  EXPECT_THROW(one.add_server("backend.example.com", 80), std::invalid_argument) << "hashes what it resolves to";
  EXPECT_TRUE(one.add_server("/run/backend.sock", 0));
}

TYPED_TEST(ProfileOfSockets, TakesEveryKindOfSocketAndNoName) {
  TypeParam ring;
  EXPECT_TRUE(ring.add_server("/run/a.sock", 0));
  EXPECT_TRUE(ring.add_server("@abstract", 0));
  EXPECT_TRUE(ring.add_server("unix:relative", 0));
  EXPECT_TRUE(ring.add_server("::", 0));
  EXPECT_TRUE(ring.add_server("::", 80)) << "another port";
  EXPECT_FALSE(ring.add_server("0:0:0:0:0:0:0:0", 80)) << "a duplicate";
  EXPECT_THROW(ring.add_server("[::", 80), std::invalid_argument);
  EXPECT_THROW(ring.add_server("::]", 80), std::invalid_argument);
  EXPECT_THROW(ring.add_server("unixoid", 80), std::invalid_argument);
  EXPECT_EQ(ring.size(), 5u);
}

TEST(ServerRingRefusals, AreOfWhatEndsEarlyInC) {
  NginxRing ring;
  EXPECT_THROW(ring.add_server(std::string("a\0b", 3), 80), std::invalid_argument);
  EXPECT_THROW(ring.add_server("a", 80, 1, std::string("n\0", 2)), std::invalid_argument);
  EXPECT_THROW(ring.add_server("", 80), std::invalid_argument);
  EXPECT_THROW(ring.add_server("a", 80, 0), std::invalid_argument);
  EXPECT_TRUE(ring.empty());
}

TEST(ServerRingRefusals, AreOfHostsWithoutTheNameThatIsHashed) {
  EnvoyRing envoy({.use_hostname_for_hashing = true});
  MaglevRing maglev({.table_size = 13, .use_hostname_for_hashing = true});
  EXPECT_THROW(envoy.add_server("10.0.0.1", 80), std::invalid_argument);
  EXPECT_THROW(maglev.add_server("10.0.0.1", 80), std::invalid_argument);
  EXPECT_TRUE(envoy.add_server("10.0.0.1", 80, 1, "a"));
  EXPECT_TRUE(maglev.add_server("10.0.0.1", 80, 1, "a"));
}

TEST(ServerRingChanges, OfUnknownServersChangeNothing) {
  BrpcRing ring;
  ring.add_server("10.0.0.1", 80);
  const BrpcRing before = ring;
  EXPECT_FALSE(ring.remove_server("10.0.0.2", 80));
  EXPECT_FALSE(ring.remove_server("no-address", 80)) << "a name is the identity of no server";
  EXPECT_FALSE(ring.remove_server("nobody"));
  EXPECT_FALSE(ring.remove_server(7u));
  EXPECT_FALSE(ring.set_state("10.0.0.2", 80, NodeState::down));
  EXPECT_FALSE(ring.set_weight("10.0.0.2", 80, 2));
  EXPECT_EQ(ring.ring(), before.ring());
}

template <class Ring, class Options>
void expect_unequal(const Options& a, const Options& b) {
  Ring first(a);
  Ring second(b);
  EXPECT_TRUE(first.ring() == Ring(a).ring());
  EXPECT_FALSE(first.ring() == second.ring());
}

TEST(ServerRings, WithOtherOptionsAreNotEqualEvenWithoutServers) {
  expect_unequal<BrpcRing>(BrpcOptions{}, BrpcOptions{.replicas = 80});
  expect_unequal<EnvoyRing>(EnvoyOptions{}, EnvoyOptions{.hash_function = EnvoyHashFunction::murmur_hash_2});
  expect_unequal<GrpcRing>(GrpcOptions{}, GrpcOptions{.implementation = GrpcImplementation::go});
  expect_unequal<HaproxyRing>(HaproxyOptions{}, HaproxyOptions{.function = HaproxyFunction::wt6});
  expect_unequal<LibmemcachedRing>(LibmemcachedOptions{}, LibmemcachedOptions{.mode = LibmemcachedMode::spy});
  expect_unequal<MaglevRing>(MaglevOptions{}, MaglevOptions{.table_size = 13});
  expect_unequal<TwemproxyRing>(TwemproxyOptions{}, TwemproxyOptions{.hash = TwemproxyHash::murmur});
  expect_unequal<UhashringKetamaRing>(UhashringKetamaOptions{}, UhashringKetamaOptions{.vnodes = 41});
}

TEST(ServerRings, DifferInTheNamesOfServersToo) {
  const Server server{"10.0.0.1", "a", 80};
  Server other = server;
  EXPECT_EQ(server, other);
  other.name = "b";
  EXPECT_NE(server, other);
  EXPECT_NE((Warning{"narrow-key-hash", "few keys"}), (Warning{"narrow-key-hash", "many keys"}));
}

TEST(ServerRingChanges, FindServersWithoutNamesByAddressAndPort) {
  EnvoyRing ring;
  ring.add_server("10.0.0.1", 80);
  ring.add_server("10.0.0.2", 80);
  EXPECT_TRUE(ring.set_weight("10.0.0.2:80", 3));
  EXPECT_TRUE(ring.remove_server("10.0.0.1:80"));
  EXPECT_FALSE(ring.remove_server("10.0.0.1:80"));
  EXPECT_EQ(ring.find_server("key")->host, "10.0.0.2");
}

TEST(ServerRingChanges, FindServersWithoutNamesByTheNameThatTheProgramGives) {
  TwemproxyRing ring;
  ring.add_servers({{"10.0.0.1", "", 11211}, {"10.0.0.2", "", 80}, {"10.0.0.3", "", 80}});
  EXPECT_TRUE(ring.remove_server("10.0.0.1"));
  EXPECT_TRUE(ring.remove_server("10.0.0.2:80"));
  EXPECT_FALSE(ring.remove_server("10.0.0.3"));
  EXPECT_EQ(ring.find_server("key")->host, "10.0.0.3");
}

TEST(ServerRingWarnings, AreNotOfServersThatAreDown) {
  BrpcRing ring;
  ring.add_server("10.0.0.1", 80);
  ring.add_server("10.0.0.2", 80);
  ring.set_state("10.0.0.2", 80, NodeState::down);
  EXPECT_THAT(ring.warnings(), IsEmpty());
  EXPECT_EQ(ring.find_server("key")->host, "10.0.0.1");
}

}  // namespace
}  // namespace perturb::profiles
