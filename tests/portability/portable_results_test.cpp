// SPDX-License-Identifier: MIT
/// @file What must be the same on every platform: hashes, the order of tables, placements, snapshots and plans, line by
/// line as in golden/portable.txt. With PERTURB_WRITE_GOLDEN=FILE in the environment the lines are written to FILE too.
#include <perturb/perturb.hpp>
#include <perturb/profiles.hpp>

#include <perturb/hash/crc16.hpp>
#include <perturb/hash/crc32.hpp>
#include <perturb/hash/fnv.hpp>
#include <perturb/hash/haproxy.hpp>
#include <perturb/hash/hsieh.hpp>
#include <perturb/hash/jenkins.hpp>
#include <perturb/hash/murmur2.hpp>
#include <perturb/hash/murmur3.hpp>
#include <perturb/hash/one_at_a_time.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace users {

struct Place {
  std::string city;
  int street = 0;
  bool operator==(const Place&) const = default;
};
template <class State>
void perturb_hash(State& state, const Place& place) {
  state(place.city, place.street);
}
enum class Colour : std::int8_t { red = -1, green = 100 };

}  // namespace users

namespace {

/// The lines, in order.
class Report {
 public:
  template <class Value>
  void line(std::string_view name, const Value& value) {
    text_ << name << ' ' << value << '\n';
  }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

/// Folds numbers and texts into one number, by none of the library's functions.
class Digest {
 public:
  void add(std::uint64_t number) {
    value_ = (value_ ^ number) * 0xBF58476D1CE4E5B9u;
    value_ ^= value_ >> 29;
  }
  void add(std::string_view text) {
    for (const char c : text) add(static_cast<unsigned char>(c));
    add(text.size());
  }
  friend std::ostream& operator<<(std::ostream& out, const Digest& digest) { return out << digest.value_; }

 private:
  std::uint64_t value_ = 0;
};

/// A text of any bytes.
std::string text_of_size(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text.push_back(static_cast<char>(i * 37 + size));
  return text;
}
std::string name_of(std::size_t i) { return "node-" + std::to_string(i); }
std::string key_of(std::size_t i) { return "key:" + std::to_string(i); }
std::string hex(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned>(byte) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(byte) & 15];
  }
  return text;
}

template <class... Values>
void report_hashes(Report& report, std::string_view name, const Values&... values) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{0x123456789ABCDEF}}) {
    (report.line(name, perturb::XxHash<Values>(seed)(values)), ...);
    (report.line(name, perturb::XxHash<>(seed)(values)), ...);
  }
}

void report_hashers(Report& report) {
  report_hashes(report, "integers", std::int8_t{-1}, std::uint8_t{200}, std::int16_t{-300}, std::uint16_t{60000}, 0, -7,
                std::uint32_t{4'000'000'000}, std::int64_t{-5'000'000'000}, ~std::uint64_t{0}, true, 'a',
                users::Colour::red, users::Colour::green);
  report_hashes(report, "floats", 0.0F, 0.1F, -1.5e30F, 0.0, -0.0, 0.1, 1e300, -5e-324);
  report_hashes(report, "texts", std::string(), std::string("abc"), std::string("\xC3\xA9\x80\xFF"),
                std::u8string(u8"é"), std::u16string(u"é€"), std::u32string(U"é€"), std::string_view("abc"));
  report_hashes(report, "ranges", std::vector<std::uint8_t>{1, 2, 255}, std::vector<std::int16_t>{1, -2, 3},
                std::vector<std::uint32_t>{1, 0xFFFFFFFF}, std::vector<std::int64_t>{-1, 2},
                std::vector<double>{0.5, -0.0}, std::array<std::uint32_t, 3>{3, 2, 1},
                std::vector<std::string>{"a", "", "b"}, std::vector<std::vector<int>>{{1}, {}, {2, 3}},
                std::set<int>{3, 1, 2}, std::vector<bool>{true, false});
  report_hashes(report, "parts", std::pair(1, std::string("b")), std::tuple(1, 2.5, std::string("c")),
                std::optional<int>(), std::optional(5), std::variant<int, std::string>("text"),
                users::Place{"Bath", 7});
  for (std::size_t size = 0; size <= 1100; size = size < 300 ? size + 1 : size + 80) {
    const std::string text = text_of_size(size);
    Digest digest;
    namespace hashing = perturb::detail::hashing;
    digest.add(perturb::XxHash<std::string>()(text));
    digest.add(perturb::XxHash<std::string>(99)(text));
    digest.add(perturb::Md5Hash()(text));
    digest.add(hashing::xxh64(text.data(), text.size(), 7));
    digest.add(hashing::xxh32(text.data(), text.size(), 7));
    digest.add(hashing::crc32(text));
    digest.add(hashing::crc16_in_32_bits(text));
    digest.add(hashing::fnv1_32<signed char>(text));
    digest.add(hashing::fnv1_64<signed char>(text));
    digest.add(hashing::hsieh<signed char>(text));
    digest.add(hashing::one_at_a_time<signed char>(text));
    digest.add(hashing::jenkins_lookup3(text, 13));
    digest.add(hashing::murmur2_32(text, 1));
    digest.add(hashing::murmur2_64a(text, 2));
    digest.add(hashing::murmur3_x86_32(text, 3));
    digest.add(hashing::djb2(text));
    digest.add(hashing::sdbm(text));
    digest.add(hashing::wt6(text));
    report.line("bytes " + std::to_string(size), digest);
  }
}

template <class Table, class MakeKey>
void report_table(Report& report, const std::string& name, MakeKey make_key) {
  Table table;
  for (const std::size_t count : {5U, 6U, 100U, 5000U, 70'000U}) {
    for (std::size_t i = table.size(); i < count; ++i) table.try_emplace(make_key(i), i);
    for (std::size_t i = 0; i < count; i += 3) table.erase(make_key(i));
    for (std::size_t i = 0; i < count; i += 6) table.try_emplace(make_key(i), i);
    Digest order;
    for (const auto& [key, value] : table) order.add(value);
    report.line(name + " buckets", table.bucket_count());
    report.line(name + " tombstones", table.tombstone_count());
    report.line(name + " order", order);
  }
  Digest drained;
  while (!table.empty()) {
    drained.add(table.begin()->second);
    table.erase(make_key(static_cast<std::size_t>(table.begin()->second)));
    drained.add(table.bucket_count());
  }
  report.line(name + " drained", drained);
}

void report_tables(Report& report) {
  using Value = std::uint64_t;
  const auto number = [](std::size_t i) { return static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15u; };
  report_table<perturb::HashTable<std::uint64_t, Value>>(report, "numbers", number);
  report_table<perturb::HashTable<std::uint64_t, Value, perturb::IdentityHash>>(report, "identity", number);
  report_table<perturb::HashTable<std::string, Value>>(report, "texts", key_of);
  report_table<perturb::HashTable<std::string, Value>::with_growth<perturb::growth::Doubling>>(report, "doubling",
                                                                                               key_of);
  report_table<perturb::HashTable<std::string, Value>::with_growth<perturb::growth::NoShrink>>(report, "kept", key_of);
}

template <class Ring>
void report_ring(Report& report, const std::string& name, Ring ring) {
  const auto state = [&](const char* when) {
    Digest owners;
    Digest lists;
    for (std::size_t i = 0; i < 500; ++i) {
      owners.add(ring.owner(key_of(i)));
      for (const std::string* node : ring.preference_list(key_of(i), 3)) lists.add(*node);
    }
    Digest points;
    for (const auto& point : ring.points()) {
      points.add(point.token);
      points.add(point.node);
    }
    const std::vector<std::byte> image = ring.serialize();
    report.line(name + when + " owners", owners);
    report.line(name + when + " lists", lists);
    report.line(name + when + " points", points);
    report.line(name + when + " fingerprint", ring.fingerprint());
    report.line(
        name + when + " snapshot", image.size() < 400 ? hex(image) : [&] {
          Digest digest;
          digest.add(hex(image));
          std::ostringstream text;
          text << image.size() << ' ' << digest;
          return text.str();
        }());
    EXPECT_EQ(Ring::deserialize(image).fingerprint(), ring.fingerprint()) << name;
  };
  ring.add_node(name_of(0));
  state(" one");
  for (std::size_t i = 1; i < 20; ++i) ring.add_node(name_of(i), i % 4 == 0 ? 2.5 : i % 7 == 0 ? 0.1 : 1);
  state(" twenty");
  const Ring before = ring;
  ring.remove_node(name_of(3));
  ring.set_weight(name_of(4), 1.75);
  ring.set_state(name_of(5), perturb::NodeState::down);
  ring.add_node("late");
  state(" changed");
  Digest plan;
  plan.add(hex(perturb::diff(before, ring, 2).serialize()));
  report.line(name + " plan", plan);
}

void report_rings(Report& report) {
  report_ring(report, "virtual", perturb::HashRing<std::string>());
  report_ring(report, "few", perturb::HashRing<std::string, perturb::XxHash<>, perturb::VirtualNodes<3>>());
  report_ring(report, "md5", perturb::HashRing<std::string, perturb::Md5Hash>());
  report_ring(report, "balanced", perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<64>>());

  perturb::ShardedTable<std::string, int, std::string> table;
  for (std::size_t i = 0; i < 5; ++i) table.add_node(name_of(i));
  for (std::size_t i = 0; i < 2000; ++i) table.set(key_of(i), static_cast<int>(i));
  report.line("sharded moved", table.add_node("late").moved);
  Digest order;
  for (const auto& [key, value] : table) order.add(key);
  report.line("sharded order", order);
}

std::string report_text() {
  Report report;
  report_hashers(report);
  report_tables(report);
  report_rings(report);
  return report.text();
}

TEST(PortableResults, AreTheSameOnEveryPlatform) {
  const std::string ours = report_text();
  if (const char* const file = std::getenv("PERTURB_WRITE_GOLDEN")) std::ofstream(file, std::ios::binary) << ours;
  std::ifstream golden(PERTURB_GOLDEN_DIRECTORY "/portable.txt");
  ASSERT_TRUE(golden.is_open());
  std::istringstream lines(ours);
  std::string expected;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    ASSERT_TRUE(std::getline(golden, expected)) << "the golden file ends before " << line;
    EXPECT_EQ(line, expected);
  }
  EXPECT_FALSE(std::getline(golden, expected)) << "the golden file goes on";
  EXPECT_GT(count, 500);
}

}  // namespace
