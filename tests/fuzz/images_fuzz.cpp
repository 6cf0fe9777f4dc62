// SPDX-License-Identifier: MIT
// Bytes as images of rings and plans. Each is refused by SnapshotError, or is the image of what was read: then that
// gives the same bytes again. As the checksum keeps nearly all bytes out, most inputs are bodies that get their header
// here.
#include "fuzz/input.hpp"

#include <perturb/balanced_tokens.hpp>
#include <perturb/hash/xxhash.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/virtual_nodes.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using fuzz::expect;
using fuzz::Input;

/// The image of `kind` with this body, as include/perturb/ring/serialized_format.hpp describes it.
std::vector<std::byte> framed(char kind, std::span<const std::uint8_t> body) {
  std::vector<std::byte> image;
  const auto integer = [&](std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) image.push_back(static_cast<std::byte>(value >> (8 * i)));
  };
  for (const char c : std::string_view("perturb")) image.push_back(static_cast<std::byte>(c));
  image.push_back(static_cast<std::byte>(kind));
  integer(1, 4);
  integer(body.size(), 8);
  namespace hashing = perturb::detail::hashing;
  integer(hashing::xxh3(body.data(), body.size(), hashing::xxh3(image.data(), image.size(), 0)), 8);
  for (const std::uint8_t byte : body) image.push_back(static_cast<std::byte>(byte));
  return image;
}

template <class Object>
void read(std::span<const std::byte> image) {
  try {
    const Object object = Object::deserialize(image);
    const std::vector<std::byte> again = object.serialize();
    expect(std::equal(image.begin(), image.end(), again.begin(), again.end()), "what was read gives the same bytes");
    if constexpr (requires { object.transfers(); }) {
      expect(object.transfers().fraction() <= object.fraction() + 1e-9, "no more is copied than moves");
      expect(!object.table().empty(), "a plan has a table");
      for (const auto& move : object) {
        expect(object.find(move.arc.upto, move.rank) != object.end(), "a move holds the end of its arc");
      }
    } else {
      double sum = 0;
      for (const double share : object.shares()) sum += share;
      expect(object.points().empty() ? sum == 0 : (sum > 0.999 && sum < 1.001), "the shares are the whole");
      for (const char* key : {"a", "b", "c"}) {
        expect((object.find_owner(key) == nullptr) == object.points().empty(), "a key has an owner");
      }
    }
  } catch (const perturb::SnapshotError&) {
  }
}

/// Refuses the weights with which an image of a few bytes would rightly ask for gigabytes of points.
struct FewPoints : perturb::VirtualNodes<4> {
  std::uint64_t point_count(double weight) const {
    if (weight > 64) throw std::invalid_argument("FewPoints: the weight is too large");
    return perturb::VirtualNodes<4>::point_count(weight);
  }
};

using Strings = perturb::HashRing<std::string, perturb::XxHash<>, FewPoints>;
using Integers = perturb::HashRing<std::uint32_t, perturb::XxHash<>, FewPoints>;
using Balanced = perturb::HashRing<std::string, perturb::XxHash<>, perturb::BalancedTokens<4>>;
using Plan = perturb::MigrationPlan<std::string, std::uint64_t>;
using WidePlan = perturb::MigrationPlan<std::uint64_t, perturb::Token128>;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  const std::uint8_t kind = data[0] % 6;
  if (kind == 5) {
    // The bytes as they are.
    const auto bytes = std::as_bytes(rest);
    read<Strings>(bytes);
    read<Plan>(bytes);
    return 0;
  }
  const std::vector<std::byte> image = framed(kind < 3 ? 'R' : 'P', rest);
  if (kind == 0) read<Strings>(image);
  if (kind == 1) read<Integers>(image);
  if (kind == 2) read<Balanced>(image);
  if (kind == 3) read<Plan>(image);
  if (kind == 4) read<WidePlan>(image);
  return 0;
}
