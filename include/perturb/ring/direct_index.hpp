// SPDX-License-Identifier: MIT
/// @file The direct index: from a token to the value of the first token at or after it (its owner) with one load,
/// almost always.
///
/// The ring is cut into n / 6 buckets of equal width for its n points, and each bucket has one cell of 64 bytes. (While
/// points come and go the buckets stay, as long as there are 5 to 7 points for each.) Rings of many points or nodes
/// have another index, see below.
///
///        owner[0]      owner[1]        owner[2]           (for three points; the rest of owner repeats the last)
///     ├────────────●────────────●─────────────────●───────── ... ┤    owner[3]: of the first point after the bucket
///     │      fraction[0]   fraction[1]      fraction[2]          │
///     start of the bucket                                        its end
///
///   bucket   = floor(t * buckets / 2^64)                the upper half of one 128-bit product,
///   fraction = the next 15 bits of that product         where in its bucket the token t lies.
///
/// A look-up counts the fractions that are smaller than the token's own (one SIMD comparison of sixteen lanes) and
/// takes the owner with that index. The cell of a bucket without points holds the bucket's owner sixteen times.
///
/// Why it is exact. Within a bucket, fraction is a non-decreasing function of the token. A point with a smaller
/// fraction therefore lies before the token, and one with a larger fraction after it. Where a point has the *same*
/// fraction, 15 bits cannot tell which comes first. The look-up detects that case, since the first fraction that is not
/// smaller is then equal, and searches the sorted points. The unused lanes hold the largest fraction, so a token with
/// that fraction is searched for too. Tokens of 32 bits are extended with zeros and tokens of 128 bits cut to their
/// upper half; both keep the order of tokens, so the argument holds for them unchanged.
///
/// Why O(log n) at worst. A cell holds fifteen points. A bucket with more is marked as crowded, and a look-up in a
/// crowded bucket, or one that meets an equal fraction, is one binary search over the points. With random points a
/// bucket has six on average, more than fifteen in one case of two thousand, and a fraction equals one of them in one
/// case of five thousand. If a bad hash puts all points close together, every look-up is a binary search.
///
/// Why these sizes. The obvious index stores one owner for each of 4 to 16 times as many buckets as there are points.
/// It touches four times the memory, and whether its bucket has a point is a branch that is mispredicted in 10 to 20 %
/// of look-ups, after a load that missed the cache. Measured beside each other (ns a look-up, tokens computed / read
/// from 8 MiB), binary search over 256 000 points took 105 / 105, the obvious index with 4 entries a point 5.8 / 8.2,
/// cells of 32 bytes for two points 4.3 / 7.0, cells of 64 bytes for six points 3.9 / 6.0 and for eight points 4.7
/// / 6.3. Memory: 11 bytes a point beside the 10 of the point itself.
///
/// Above 2^21 points the cells would take most of the memory and no longer fit the cache, and from 65 535 nodes on a
/// number does not fit a lane. There the index is one of ranks (rank_index.hpp), of 2.7 bytes a point.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/rank_index.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_array.hpp>
#include <perturb/ring/token_map.hpp>
#include <perturb/ring_types.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace perturb::inline PERTURB_ABI::detail::ring {

inline constexpr std::size_t kCellPoints = kLanes - 1;  // the last lane stays unused: counting ends there
inline constexpr std::size_t kPointsPerBucket = 6;
// Within these bounds, and with so many buckets, an index is changed and not made anew: among 7 points on average, more
// than fifteen are in one bucket of 400.
inline constexpr std::size_t kLeastPointsPerBucket = 5;
inline constexpr std::size_t kMostPointsPerBucket = 7;
inline constexpr std::size_t kLeastPatched = 16;
/// More points than these have an index of ranks.
inline constexpr std::size_t kMostInCells = std::size_t{1} << 21;

/// Which bucket a token is in, and its offset there.
struct BucketOffset {
  std::size_t bucket;
  std::uint16_t fraction;
};

[[nodiscard]] PERTURB_ALWAYS_INLINE constexpr BucketOffset bucket_offset(std::uint64_t token,
                                                                         std::uint64_t buckets) noexcept {
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 Wide;
  const Wide product = static_cast<Wide>(token) * buckets;
  const auto high = static_cast<std::uint64_t>(product >> 64);
  const auto low = static_cast<std::uint64_t>(product);
#else
  // buckets < 2^32, so two products of at most 64 bits make the 96 bits of the whole one.
  const std::uint64_t upper = (token >> 32) * buckets + (((token & 0xFFFFFFFFu) * buckets) >> 32);
  const std::uint64_t high = upper >> 32;
  const std::uint64_t low = token * buckets;
#endif
  return {static_cast<std::size_t>(high), static_cast<std::uint16_t>(low >> 49)};
}

/// Sixteen lanes of 16 bits as four words.
using LaneWords = std::array<std::uint64_t, 4>;
static_assert(sizeof(LaneWords) == kLanes * sizeof(std::uint16_t));

/// For each count, ones in the lanes from it on.
inline constexpr std::array<LaneWords, kLanes + 1> kLanesFrom = [] {
  std::array<LaneWords, kLanes + 1> masks{};
  for (std::size_t count = 0; count <= kLanes; ++count) {
    std::array<std::uint16_t, kLanes> lanes{};
    for (std::size_t lane = count; lane < kLanes; ++lane) lanes[lane] = 0xFFFF;
    masks[count] = std::bit_cast<LaneWords>(lanes);
  }
  return masks;
}();

/// Sets the lanes from `count` on to `value`, without a branch.
PERTURB_ALWAYS_INLINE void fill_lanes(std::uint16_t* lanes, std::size_t count, std::uint16_t value) noexcept {
  LaneWords words;
  std::memcpy(words.data(), lanes, sizeof(words));
  const std::uint64_t values = value * std::uint64_t{0x0001000100010001};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = (words[i] & ~kLanesFrom[count][i]) | (values & kLanesFrom[count][i]);
  }
  std::memcpy(lanes, words.data(), sizeof(words));
}

/// The points of one bucket and their owners.
struct alignas(64) IndexCell {
  static constexpr std::uint16_t kCrowded = 0xFFFF;
  static_assert(kCrowded == NumberArray::kNarrowLimit);

  std::uint16_t fraction[kLanes];
  std::uint16_t owner[kLanes];
};

/// An index over a token map: finds the value at the first token at or after a given one, wrapping.
template <TokenType Token>
class DirectIndex {
 public:
  DirectIndex() = default;
  /// Complexity: O(n), sequential.
  explicit DirectIndex(const TokenMap<Token>& points) {
    if (points.empty()) return;
    if (points.size() > kMostInCells || !points.values().is_narrow()) {
      ranks_ = RankIndex(points.tokens());
      return;
    }
    cells_.resize((std::max<std::size_t>)(points.size() / kPointsPerBucket, 1));
    buckets_ = cells_.size();
    fill(points);
  }

  DirectIndex(const DirectIndex&) = default;
  DirectIndex(DirectIndex&& other) noexcept
      : buckets_(std::exchange(other.buckets_, 0)), cells_(std::move(other.cells_)), ranks_(std::move(other.ranks_)) {}
  DirectIndex& operator=(const DirectIndex& other) { return *this = DirectIndex(other); }
  DirectIndex& operator=(DirectIndex&& other) noexcept {
    DirectIndex moved(std::move(other));
    buckets_ = moved.buckets_;
    cells_.swap(moved.cells_);
    ranks_ = std::move(moved.ranks_);
    return *this;
  }
  ~DirectIndex() = default;

  /// The value at the first of `points` at or after `token`; past the last, at the first; kNoValue if there are none.
  /// Pre: the index was built from a map equal to `points`.
  /// Complexity: one load with random points, few in a large ring; O(log n) worst.
  [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t find(const TokenMap<Token>& points, Token token) const noexcept {
    if (buckets_ == 0) [[unlikely]]
      return find_by_rank(points, token);
    return CellReader{points, cells_.data(), buckets_}.find(token);
  }
  /// Calls f(reader) for a loop over many tokens, whose find(token) does the same; it is faster if prefetch(token) was
  /// called for them before. Not if there are no points.
  template <class Function>
  void read_many(const TokenMap<Token>& points, Function f) const {
    if (buckets_ != 0) {
      f(CellReader{points, cells_.data(), buckets_});
    } else if (!ranks_.empty()) {
      f(RankReader{points, ranks_, ranks_.reader(), points.values().span()});
    }
  }

  /// The index of that token. Pre: there are points. Complexity: O(1) in a large ring, else O(log n).
  [[nodiscard]] std::size_t find_index(const TokenMap<Token>& points, Token token) const noexcept {
    if (buckets_ != 0) return points.first_at_or_after(token);
    std::size_t index = ranks_.reader().find(ring::high_bits(token));
    if (index == RankIndex::kUnsure) index = ranks_.search(points, token);
    return index == points.size() ? 0 : index;
  }

  /// Whether change() can make this an index over `points` points: neither many more nor many fewer than there were.
  [[nodiscard]] bool has_room(std::size_t points) const noexcept {
    if (buckets() < kLeastPatched) return false;
    if (buckets_ == 0) return ranks_.has_room(points);
    return points >= buckets_ * kLeastPointsPerBucket && points <= buckets_ * kMostPointsPerBucket;
  }
  /// Makes room for change() to so many points. Strong guarantee.
  void reserve(std::size_t points) {
    if (buckets_ == 0) ranks_.reserve(points);
  }
  [[nodiscard]] std::size_t buckets() const noexcept { return cells_.size() + ranks_.buckets(); }
  [[nodiscard]] std::size_t bucket_of(Token token) const noexcept {
    return buckets_ == 0 ? ranks_.bucket_of(high_bits(token)) : bucket_offset(high_bits(token), buckets_).bucket;
  }
  /// Makes this an index over `points`, which differ from those before by points in the buckets that are marked with 1,
  /// and by having `by` added to values that are at least `from`. Pre: has_room() and reserve(). Complexity: O(n),
  /// sequential; what is not of marked buckets takes a tenth of the time of a new index.
  void change(const TokenMap<Token>& points, std::span<const char> is_marked, std::uint32_t from,
              std::uint32_t by) noexcept;

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return cells_.capacity() * sizeof(IndexCell) + ranks_.memory_bytes();
  }

 private:
  static_assert(sizeof(IndexCell) == 64);

  struct CellReader {
    const TokenMap<Token>& points;
    const IndexCell* cells;
    std::uint64_t buckets;

    [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t find(Token token) const noexcept {
      const BucketOffset at = ring::bucket_offset(ring::high_bits(token), buckets);
      const IndexCell& cell = cells[at.bucket];
      const std::size_t count = ring::count_smaller(cell.fraction, at.fraction);
      const std::uint16_t owner = cell.owner[count];
      if (cell.fraction[count] == at.fraction || owner == IndexCell::kCrowded) [[unlikely]]
        return search(points, token);
      return owner;
    }
    PERTURB_ALWAYS_INLINE void prefetch(Token token) const noexcept {
      detail::prefetch(cells + bucket_offset(ring::high_bits(token), buckets).bucket);
    }
    PERTURB_NEVER_INLINE static std::uint32_t search(const TokenMap<Token>& points, Token token) noexcept {
      return points.value(points.first_at_or_after(token));
    }
  };
  struct RankReader {
    const TokenMap<Token>& points;
    const RankIndex& ranks;
    RankIndex::Reader reader;
    NumberSpan values;

    [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t find(Token token) const noexcept {
      const std::size_t index = reader.find(ring::high_bits(token));
      if (index == RankIndex::kUnsure) [[unlikely]]
        return search(points, ranks, token);
      return values[index];
    }
    PERTURB_ALWAYS_INLINE void prefetch(Token token) const noexcept { reader.prefetch(values, ring::high_bits(token)); }
    PERTURB_NEVER_INLINE static std::uint32_t search(const TokenMap<Token>& points, const RankIndex& ranks,
                                                     Token token) noexcept {
      const std::size_t index = ranks.search(points, token);
      return points.value(index == points.size() ? 0 : index);
    }
  };

  PERTURB_NEVER_INLINE std::uint32_t find_by_rank(const TokenMap<Token>& points, Token token) const noexcept {
    if (ranks_.empty()) return kNoValue;
    return RankReader{points, ranks_, ranks_.reader(), points.values().span()}.find(token);
  }

  void fill(const TokenMap<Token>& points) {
    const std::size_t buckets = cells_.size();
    std::vector<IndexCell>& cells = cells_;
    // First every point goes to its place, of a crowded bucket those beyond the last lane there; then the other lanes
    // are filled. Neither loop has a branch that depends on where the points stand.
    std::vector<std::uint8_t> counts(buckets);
    std::size_t last_bucket = buckets;
    std::size_t count = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const BucketOffset at = bucket_offset(high_bits(points.token(i)), buckets);
      count = at.bucket == last_bucket ? count + 1 : 0;
      last_bucket = at.bucket;
      const std::size_t lane = (std::min)(count, kCellPoints);
      cells[at.bucket].fraction[lane] = at.fraction;
      cells[at.bucket].owner[lane] = owner_of(points, i);
      counts[at.bucket] = static_cast<std::uint8_t>(std::min<std::size_t>(count + 1, kLanes));
    }
    auto after = owner_of(points, 0);
    for (std::size_t bucket = buckets; bucket-- > 0;) {
      IndexCell& cell = cells[bucket];
      const auto first = cell.owner[0];
      const bool is_empty = counts[bucket] == 0;
      if (counts[bucket] > kCellPoints) [[unlikely]] {
        std::fill_n(cell.fraction, kLanes, kLastFraction);
        std::fill_n(cell.owner, kLanes, IndexCell::kCrowded);
      } else {
        fill_lanes(cell.fraction, counts[bucket], kLastFraction);
        fill_lanes(cell.owner, counts[bucket], after);
      }
      after = is_empty ? after : first;
    }
  }

  // Pre: `first` is the first of the points in the bucket, or that after it.
  void fill_cell(IndexCell& cell, const TokenMap<Token>& points, std::size_t bucket, std::size_t first) const noexcept {
    std::fill_n(cell.fraction, kLanes, kLastFraction);
    std::size_t count = 0;
    for (; first + count < points.size(); ++count) {
      const BucketOffset at = bucket_offset(high_bits(points.token(first + count)), buckets_);
      if (at.bucket != bucket) break;
      if (count == kCellPoints) {
        std::fill_n(cell.fraction, kLanes, kLastFraction);
        std::fill_n(cell.owner, kLanes, IndexCell::kCrowded);
        return;
      }
      cell.fraction[count] = at.fraction;
      cell.owner[count] = owner_of(points, first + count);
    }
    const std::size_t after = first + count < points.size() ? first + count : 0;
    std::fill(cell.owner + count, cell.owner + kLanes, owner_of(points, after));
  }

  static std::uint16_t owner_of(const TokenMap<Token>& points, std::size_t i) noexcept {
    return static_cast<std::uint16_t>(points.value(i));
  }

  std::uint64_t buckets_ = 0;     // cells_.size(); 0 if there are no points or these have an index of ranks
  std::vector<IndexCell> cells_;  // at most one of both has points
  RankIndex ranks_;
};

template <TokenType Token>
void DirectIndex<Token>::change(const TokenMap<Token>& points, std::span<const char> is_marked, std::uint32_t from,
                                std::uint32_t by) noexcept {
  if (buckets_ == 0) {
    ranks_.fill(points.tokens());
    return;
  }
  std::vector<IndexCell>& cells = cells_;
  if (by != 0) {
    for (IndexCell& cell : cells) {
      for (std::uint16_t& owner : cell.owner) {
        const bool is_shifted = (owner >= static_cast<std::uint16_t>(from)) & (owner != IndexCell::kCrowded);
        owner = static_cast<std::uint16_t>(owner + (is_shifted ? static_cast<std::uint16_t>(by) : std::uint16_t{0}));
      }
    }
  }
  const TokenSpan<Token> tokens = points.tokens();
  const auto first_in = [&](std::size_t bucket) {
    return tokens.partition_point(0, tokens.size(), [&](Token token) { return bucket_of(token) < bucket; });
  };
  for (auto mark = is_marked.begin(); (mark = std::find(mark, is_marked.end(), char{1})) != is_marked.end(); ++mark) {
    const auto bucket = static_cast<std::size_t>(mark - is_marked.begin());
    const std::size_t first = first_in(bucket);
    fill_cell(cells[bucket], points, bucket, first);
    // The owner of the first point is also that of the empty buckets before, and comes last in the one before those.
    // A marked one of them is filled for itself.
    const std::size_t previous = first == 0 ? tokens.size() - 1 : first - 1;
    const std::size_t last = bucket_of(tokens[previous]);
    std::size_t before = bucket;
    do {
      before = before == 0 ? cells.size() - 1 : before - 1;
      if (is_marked[before] != 0) break;
      fill_cell(cells[before], points, before, before == last ? first_in(last) : first);
    } while (before != last);
  }
}

}  // namespace perturb::inline PERTURB_ABI::detail::ring
