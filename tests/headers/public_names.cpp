// SPDX-License-Identifier: MIT
/// @file Every name that docs/api.md lists, as a user writes it. It is compiled, not run; tools/check_api.py says which
/// names it forgets. The tests of packaging/ compile it with the single header and with the module as well.
#if defined(PERTURB_TEST_SINGLE_HEADER)
#include <perturb_all.hpp>
#elif defined(PERTURB_TEST_MODULE)
#include <perturb/config.hpp>
#include <perturb/version.hpp>
import perturb;
#else
#include <perturb/perturb.hpp>
#include <perturb/profiles.hpp>
#include <perturb/table/probe_sequence.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

static_assert(PERTURB_NO_SIMD <= 1 && PERTURB_CHECKED <= 1);
static_assert(PERTURB_VERSION_MAJOR + PERTURB_VERSION_MINOR + PERTURB_VERSION_PATCH > 0);

namespace users {

struct Address {
  std::string city;
  int number = 0;
  bool operator==(const Address&) const = default;
};
template <class State>
void perturb_hash(State& state, const Address& address) {
  state(address.city, address.number);
}
// A perturb_hash need not be a template.
struct Port {
  std::uint16_t number = 0;
  bool operator==(const Port&) const = default;
};
inline void perturb_hash(perturb::HashState& state, const Port& port) noexcept { state(port.number); }

static_assert(perturb::is_hashable_v<Address> && !perturb::is_nothrow_hashable_v<Address>);
static_assert(perturb::is_nothrow_hashable_v<Port> && perturb::is_value_hashed_v<Port>);

struct Machine {
  int rack = 0;
};

// A growth policy and a placement of a user's own.
struct Growth : perturb::growth::Dict {};
static_assert(perturb::GrowthPolicy<Growth> && perturb::growth::is_consistent<Growth>());

struct OnePoint {
  using token_type = std::uint64_t;
  static constexpr perturb::BoundRule kBound = perturb::BoundRule::after;
  static constexpr perturb::TieRule kTies = perturb::TieRule::identity;

  static std::size_t point_count(double) { return 1; }
  template <class Node, class AddPoint>
  void place(const Node& node, double, AddPoint&& add_point) const {
    add_point(perturb::hash_key(perturb::XxHash<>(), node).value);
  }
};

// A store without entries, from which and to which any range has moved.
struct Nowhere {
  using entry_type = std::string;
  using cursor_type = int;
  using Range = perturb::MigrationRange<std::string, std::uint64_t>;
  using Entries = std::span<const entry_type>;
  using Batch = perturb::MigrationBatch<entry_type, cursor_type>;

  void claim(std::uint64_t fence) {
    if (fence == 0) throw perturb::StaleMover("0");
  }
  bool has_released(const Range&) { return false; }
  void begin_sending(const Range&, std::uint64_t) {}
  void begin_receiving(const Range&, std::uint64_t) {}
  Batch scan(const Range&, cursor_type, std::size_t) { return {}; }
  std::vector<entry_type> missing(const Range&, Entries) { return {}; }
  std::vector<entry_type> changes(const Range&, std::size_t) { return {}; }
  void confirm(const Range&, Entries, std::uint64_t) {}
  bool release(const Range&, std::uint64_t) { return true; }
  perturb::MigrationErased<cursor_type> erase(const Range&, cursor_type, std::size_t, std::uint64_t) { return {}; }
  void put(const Range&, Entries, std::uint64_t) {}
  std::vector<std::size_t> compare(const Range&, Entries) { return {}; }
  void sync(const Range&) {}
  void accept(const Range&, std::uint64_t) {}
};
static_assert(perturb::MigrationSource<Nowhere, Nowhere::Range> && perturb::MigrationSink<Nowhere, Nowhere::Range>);

struct NoJournal final : perturb::MigrationJournal {
  std::vector<std::vector<std::byte>> records() override { return {}; }
  void append(std::span<const std::byte>) override {}
};

}  // namespace users

template <>
struct perturb::NodeTraits<users::Machine> {
  static int id(const users::Machine& machine) { return machine.rack; }
};

std::size_t tables();
std::uint64_t hashers();
std::string rings();
std::size_t migrations();
std::size_t profiles_of_programs();

std::size_t tables() {
  perturb::HashTable<users::Address, int> visits;
  visits[{"Bath", 1}] = 2;
  const perturb::HashValue hash = visits.hash({"Bath", 1});
  const std::vector<std::string> words = {"a", "b"};
  perturb::HashSet<std::string> set(perturb::from_range, words);
  const perturb::from_range_t tag = perturb::from_range;
  const perturb::HashSet<std::string> again(tag, words);
  const perturb::TableStats stats = set.stats();

  std::pmr::monotonic_buffer_resource memory;
  perturb::pmr::HashTable<std::string, int> counts(&memory);
  perturb::pmr::HashSet<int> numbers(&memory);
  perturb::OrderedHashTable<std::string, int> first_seen = {{"b", 1}, {"a", 2}};
  perturb::OrderedHashSet<std::string> seen(perturb::from_range, words);
  perturb::pmr::OrderedHashTable<std::string, int> ordered_counts(&memory);
  perturb::pmr::OrderedHashSet<int> ordered_numbers(&memory);
  perturb::HashSet<int, perturb::XxHash<int>, perturb::Equal<int>, perturb::HugePageAllocator<int>> large;
  perturb::HashSet<int>::with_growth<perturb::growth::NoShrink> kept;
  perturb::HashSet<int>::with_growth<perturb::growth::Doubling> lean;
  perturb::HashTable<int, int>::with_growth<perturb::growth::Quadrupling> as_in_the_article;
  perturb::ProbeSequence sequence(hash.value, perturb::growth::kMinCapacity - 1);
  sequence.advance();
  return perturb::erase_if(set, [](const std::string& word) { return word.empty(); }) +
         visits.count({"Bath", 1}, hash) + again.size() + stats.size + counts.size() + numbers.size() + large.size() +
         kept.size() + lean.size() + first_seen.size() + seen.size() + ordered_counts.size() + ordered_numbers.size() +
         sequence.position();
}

std::uint64_t hashers() {
  static_assert(perturb::is_avalanching_v<perturb::XxHash<int>> && !perturb::is_avalanching_v<perturb::StdHash<int>>);
  static_assert(perturb::is_transparent_v<perturb::XxHash<std::string>>);
  const perturb::RandomSeed<perturb::XxHash<std::string>> unpredictable;
  return perturb::XxHash<>()(users::Port{80}) ^ perturb::hash_key(perturb::IdentityHash(), 7).value ^
         perturb::Md5Hash()("text") ^ unpredictable("text");
}

std::string rings() {
  perturb::HashRing<std::string> ring = {"a", "b"};
  ring.add_nodes({perturb::RingMember<std::string>("c", 2.0, perturb::NodeState::down)});
  ring.apply({perturb::RingChange<std::string>::remove_node("c")});
  const bool is_empty_range = perturb::PointRange{0, 40} == perturb::PointRange{};
  const perturb::PreferenceList<std::string> preferred = ring.preference_list("key", 2);
  const perturb::RingView<perturb::RingPoint<std::string, std::uint64_t>> points = ring.points();
  const perturb::RingView<perturb::ArcEnd<std::string, std::uint64_t>> ends = ring.arcs();
  const std::vector<perturb::Arc<std::uint64_t>> arcs = ring.arcs_of("a");
  const perturb::Balance balance = ring.balance();
  std::ostringstream picture;
  perturb::write_svg(ring, picture);

  perturb::SharedRing<perturb::HashRing<std::string>> shared(ring);
  shared.store({"a", "b"});
  perturb::BoundedAssigner<std::string> assigner(ring);
  assigner.assign("key");
  const perturb::MigrationPlan<std::string, std::uint64_t> plan = perturb::diff(ring, {});
  const perturb::Move<std::string, std::uint64_t>* const move = plan.find(0);
  try {
    (void)plan.deserialize({});
  } catch (const perturb::SnapshotError&) {
  }

  perturb::HashRing<users::Machine, perturb::XxHash<>, perturb::VirtualNodes<64>> machines;
  perturb::HashRing<std::string, perturb::XxHash<>, users::OnePoint> own;
  perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<64>> even({"a", "b"});
  perturb::ShardedTable<std::string, int, std::string> table;
  const perturb::MoveReport report = table.add_node("a");
  perturb::TextbookRing textbook_ring(100);
  perturb::TextbookStore textbook_store(100);
  const perturb::Token128 token;
  if (is_empty_range) return {};
  try {
    return own.owner("key");
  } catch (const perturb::EmptyRing& error) {
    return error.what() + picture.str() + *preferred[0] + PERTURB_VERSION +
           std::to_string(points.size() + ends.size() + arcs.size() + machines.size() + even.size() + report.moved +
                          move->rank + textbook_ring.size() + textbook_store.size() +
                          static_cast<std::size_t>(balance.peak + (token == perturb::Token128())));
  }
}

std::size_t migrations() {
  const perturb::HashRing<std::string> before({"a"});
  const perturb::HashRing<std::string> after({"a", "b"});
  const perturb::MigrationRanges<std::string, std::uint64_t> ranges(perturb::diff(before, after));
  users::Nowhere store;
  const auto store_of = [&](const std::string&) -> users::Nowhere& { return store; };
  users::NoJournal none;
  try {
    perturb::FileJournal file("a.journal");
    perturb::Migration<users::Nowhere, users::Nowhere> migration(ranges.plan(), store_of, store_of, none,
                                                                 perturb::MigrationOptions{.id = 1});
    if (perturb::unfinished_migration(none).value_or(1) != 1) perturb::abandon_migration(none);
    migration.run();
    const perturb::MigrationProgress progress = migration.progress();
    return progress.ranges_done + (migration.phase() == perturb::MigrationPhase::done ? file.path().size() : 0);
  } catch (const perturb::MigrationError&) {
  } catch (const perturb::JournalError&) {
  }
  return ranges.size();
}

std::size_t profiles_of_programs() {
  namespace profiles = perturb::profiles;
  const profiles::Server server{.host = "10.0.0.1", .port = 11211};
  profiles::LibmemcachedRing libmemcached(profiles::LibmemcachedOptions{.mode = profiles::LibmemcachedMode::consistent,
                                                                        .hash = profiles::LibmemcachedHash::md5});
  profiles::TwemproxyRing twemproxy(profiles::TwemproxyOptions{.hash = profiles::TwemproxyHash::crc32});
  profiles::NginxRing nginx;
  profiles::HaproxyRing haproxy(
      profiles::HaproxyOptions{.function = profiles::HaproxyFunction::djb2, .hash_key = profiles::HaproxyHashKey::id});
  profiles::EnvoyRing envoy(profiles::EnvoyOptions{.hash_function = profiles::EnvoyHashFunction::xx_hash});
  profiles::MaglevRing maglev{profiles::MaglevOptions{}};
  profiles::GrpcRing grpc(profiles::GrpcOptions{.implementation = profiles::GrpcImplementation::core});
  profiles::BrpcRing brpc(profiles::BrpcOptions{.balancer = profiles::BrpcBalancer::c_md5});
  profiles::KetamaRing ketama;
  profiles::UhashringRing uhashring{profiles::UhashringOptions{}};
  profiles::UhashringKetamaRing uhashring_ketama{profiles::UhashringKetamaOptions{}};
  for (const profiles::Warning& warning : twemproxy.warnings()) {
    if (warning == profiles::kNarrowKeyHash || warning == profiles::kServerWithoutPoints ||
        warning == profiles::kServersWithEqualPoints) {
      return 0;
    }
  }
  ketama.add_server(server);
  const profiles::ServerNode* const node = ketama.ring().find_owner("key");
  return (node != nullptr ? node->id().size() : 0) + libmemcached.ring().size() + nginx.ring().size() +
         haproxy.ring().size() + envoy.ring().size() + maglev.ring().size() + grpc.ring().size() + brpc.ring().size() +
         uhashring.ring().size() + uhashring_ketama.ring().size();
}
