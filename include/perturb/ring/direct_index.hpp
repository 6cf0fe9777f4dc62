// SPDX-License-Identifier: MIT
/// @file The direct index: from a token to the value of the first token at or after it (its owner) with one load,
/// almost always.
///
/// The ring is cut into n / 6 buckets of equal width for its n points, and each bucket has one cell of 64 bytes. (While
/// points come and go the buckets stay, as long as there are 5 to 7 points for each.)
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
/// / 6.3. Memory: 11 bytes a point beside the 12 of the point itself. Cells whose owners need 32 bits (65 535 nodes and
/// more) have 96 bytes.
#pragma once

#include <perturb/config.hpp>
#include <perturb/ring/token.hpp>
#include <perturb/ring/token_map.hpp>

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

#if PERTURB_SIMD_SSE2
#include <emmintrin.h>
#endif

namespace perturb::inline PERTURB_ABI::detail::ring {

inline constexpr std::size_t kCellLanes = 16;
inline constexpr std::size_t kCellPoints = kCellLanes - 1;  // the last lane stays unused: counting ends there
inline constexpr std::size_t kPointsPerBucket = 6;
// Within these bounds, and with so many buckets, an index is changed and not made anew: among 7 points on average, more
// than fifteen are in one bucket of 400.
inline constexpr std::size_t kLeastPointsPerBucket = 5;
inline constexpr std::size_t kMostPointsPerBucket = 7;
inline constexpr std::size_t kLeastPatched = 16;
inline constexpr std::uint16_t kLastFraction = 0x7FFF;  // 15 bits, so that a signed comparison is right

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
static_assert(sizeof(LaneWords) == kCellLanes * sizeof(std::uint16_t));

/// For each count, ones in the lanes from it on.
inline constexpr std::array<LaneWords, kCellLanes + 1> kLanesFrom = [] {
  std::array<LaneWords, kCellLanes + 1> masks{};
  for (std::size_t count = 0; count <= kCellLanes; ++count) {
    std::array<std::uint16_t, kCellLanes> lanes{};
    for (std::size_t lane = count; lane < kCellLanes; ++lane) lanes[lane] = 0xFFFF;
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
inline void fill_lanes(std::uint32_t* lanes, std::size_t count, std::uint32_t value) noexcept {
  std::fill(lanes + count, lanes + kCellLanes, value);
}

/// The points of one bucket and their owners. `Owner` is std::uint16_t or std::uint32_t.
template <class Owner>
struct alignas(sizeof(Owner) == 2 ? 64 : 32) IndexCell {
  static constexpr Owner kCrowded = (std::numeric_limits<Owner>::max)();

  std::uint16_t fraction[kCellLanes];
  Owner owner[kCellLanes];

  /// How many points of the bucket have a smaller fraction.
  [[nodiscard]] PERTURB_ALWAYS_INLINE std::size_t count_before(std::uint16_t token_fraction) const noexcept {
#if PERTURB_SIMD_SSE2
    const __m128i token = _mm_set1_epi16(static_cast<short>(token_fraction));
    const auto* const points = reinterpret_cast<const __m128i*>(fraction);
    const __m128i smaller = _mm_packs_epi16(_mm_cmplt_epi16(_mm_load_si128(points), token),
                                            _mm_cmplt_epi16(_mm_load_si128(points + 1), token));
    // One bit a lane, and the smaller fractions come first: adding 1 carries into the first lane that is not smaller.
    // The last lane is never smaller; setting its bit spares the compiler the case that no bit is set.
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(smaller));
    return static_cast<std::size_t>(std::countr_zero((bits + 1) | std::uint32_t{1} << (kCellLanes - 1)));
#else
    std::size_t count = 0;
    for (const std::uint16_t point : fraction) count += point < token_fraction ? 1 : 0;
    return count;
#endif
  }
};

/// An index over a token map: finds the value at the first token at or after a given one, wrapping.
template <TokenType Token>
class DirectIndex {
 public:
  DirectIndex() = default;
  /// Complexity: O(n), sequential.
  explicit DirectIndex(const TokenMap<Token>& points) {
    if (points.empty()) return;
    const std::size_t buckets = (std::max<std::size_t>)(points.size() / kPointsPerBucket, 1);
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < points.size(); ++i) largest = (std::max)(largest, points.value(i));
    if (largest < Narrow::kCrowded) {
      fill(narrow_, buckets, points);
      narrow_buckets_ = buckets;
    } else {
      fill(wide_, buckets, points);
    }
  }

  DirectIndex(const DirectIndex&) = default;
  DirectIndex(DirectIndex&& other) noexcept
      : narrow_buckets_(std::exchange(other.narrow_buckets_, 0)),
        narrow_(std::move(other.narrow_)),
        wide_(std::move(other.wide_)) {}
  DirectIndex& operator=(const DirectIndex& other) { return *this = DirectIndex(other); }
  DirectIndex& operator=(DirectIndex&& other) noexcept {
    DirectIndex moved(std::move(other));
    narrow_buckets_ = moved.narrow_buckets_;
    narrow_.swap(moved.narrow_);
    wide_.swap(moved.wide_);
    return *this;
  }
  ~DirectIndex() = default;

  /// The value at the first of `points` at or after `token`; past the last, at the first; kNoValue if there are none.
  /// Pre: the index was built from a map equal to `points`.
  /// Complexity: one load with random points; O(log n) worst.
  [[nodiscard]] PERTURB_ALWAYS_INLINE std::uint32_t find(const TokenMap<Token>& points, Token token) const noexcept {
    if (narrow_buckets_ == 0) [[unlikely]]
      return find_wide(points, token);
    return find_in(narrow_.data(), narrow_buckets_, points, token);
  }

  /// Whether changed() can make this an index over `points` points with values less than `values`: neither many more
  /// nor many fewer than there were.
  [[nodiscard]] bool has_room(std::size_t points, std::size_t values) const noexcept {
    return buckets() >= kLeastPatched && points >= buckets() * kLeastPointsPerBucket &&
           points <= buckets() * kMostPointsPerBucket && (narrow_buckets_ == 0 || values <= Narrow::kCrowded);
  }
  [[nodiscard]] std::size_t buckets() const noexcept { return narrow_.size() + wide_.size(); }
  [[nodiscard]] std::size_t bucket_of(Token token) const noexcept {
    return bucket_offset(high_bits(token), buckets()).bucket;
  }
  /// Makes this an index over `points`, which differ from those before by points in the buckets that are marked with 1,
  /// and by having `by` added to values that are at least `from`. Pre: has_room(). Complexity: O(n), sequential; what
  /// is not of marked buckets takes a tenth of the time of a new index.
  void change(const TokenMap<Token>& points, std::span<const char> is_marked, std::uint32_t from,
              std::uint32_t by) noexcept {
    if (narrow_buckets_ != 0) {
      change_cells(narrow_, points, is_marked, from, by);
    } else {
      change_cells(wide_, points, is_marked, from, by);
    }
  }

  /// Loads the cell of `token` into the cache.
  PERTURB_ALWAYS_INLINE void prefetch(Token token) const noexcept {
    if (narrow_buckets_ == 0) return;
    const Narrow* const cell = narrow_.data() + bucket_offset(high_bits(token), narrow_buckets_).bucket;
#if defined(__GNUC__)
    __builtin_prefetch(cell);
#else
    static_cast<void>(cell);
#endif
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept {
    return narrow_.capacity() * sizeof(Narrow) + wide_.capacity() * sizeof(Wide);
  }

 private:
  using Narrow = IndexCell<std::uint16_t>;
  using Wide = IndexCell<std::uint32_t>;
  static_assert(sizeof(Narrow) == 64 && sizeof(Wide) == 96);

  template <class Cell>
  PERTURB_ALWAYS_INLINE static std::uint32_t find_in(const Cell* cells, std::uint64_t buckets,
                                                     const TokenMap<Token>& points, Token token) noexcept {
    const BucketOffset at = ring::bucket_offset(ring::high_bits(token), buckets);
    const Cell& cell = cells[at.bucket];
    const std::size_t count = cell.count_before(at.fraction);
    const auto owner = cell.owner[count];
    if (cell.fraction[count] == at.fraction || owner == Cell::kCrowded) [[unlikely]]
      return search(points, token);
    return owner;
  }

  PERTURB_NEVER_INLINE std::uint32_t find_wide(const TokenMap<Token>& points, Token token) const noexcept {
    return wide_.empty() ? kNoValue : find_in(wide_.data(), wide_.size(), points, token);
  }

  PERTURB_NEVER_INLINE static std::uint32_t search(const TokenMap<Token>& points, Token token) noexcept {
    return points.value(points.first_at_or_after(token));
  }

  template <class Cell>
  static void fill(std::vector<Cell>& cells, std::size_t buckets, const TokenMap<Token>& points) {
    cells.resize(buckets);
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
      cells[at.bucket].owner[lane] = owner_of<Cell>(points, i);
      counts[at.bucket] = static_cast<std::uint8_t>(std::min<std::size_t>(count + 1, kCellLanes));
    }
    auto after = owner_of<Cell>(points, 0);
    for (std::size_t bucket = buckets; bucket-- > 0;) {
      Cell& cell = cells[bucket];
      const auto first = cell.owner[0];
      const bool is_empty = counts[bucket] == 0;
      if (counts[bucket] > kCellPoints) [[unlikely]] {
        std::fill_n(cell.fraction, kCellLanes, kLastFraction);
        std::fill_n(cell.owner, kCellLanes, Cell::kCrowded);
      } else {
        fill_lanes(cell.fraction, counts[bucket], kLastFraction);
        fill_lanes(cell.owner, counts[bucket], after);
      }
      after = is_empty ? after : first;
    }
  }

  template <class Cell>
  void change_cells(std::vector<Cell>& cells, const TokenMap<Token>& points, std::span<const char> is_marked,
                    std::uint32_t from, std::uint32_t by) const noexcept {
    using Owner = std::remove_cvref_t<decltype(Cell::kCrowded)>;
    if (by != 0) {
      for (Cell& cell : cells) {
        for (Owner& owner : cell.owner) {
          const bool is_shifted = (owner >= static_cast<Owner>(from)) & (owner != Cell::kCrowded);
          owner = static_cast<Owner>(owner + (is_shifted ? static_cast<Owner>(by) : Owner{0}));
        }
      }
    }
    const std::span<const Token> tokens = points.tokens();
    for (auto mark = is_marked.begin(); (mark = std::find(mark, is_marked.end(), char{1})) != is_marked.end(); ++mark) {
      const auto bucket = static_cast<std::size_t>(mark - is_marked.begin());
      const auto is_before = [&](Token token) { return bucket_of(token) < bucket; };
      const auto first =
          static_cast<std::size_t>(std::partition_point(tokens.begin(), tokens.end(), is_before) - tokens.begin());
      fill_cell(cells[bucket], points, bucket, first);
      // The owner of the first point is also that of the empty buckets before, and comes last in the one before those.
      // A marked one of them is filled for itself.
      const std::size_t previous = first == 0 ? tokens.size() - 1 : first - 1;
      const std::size_t last = bucket_of(tokens[previous]);
      std::size_t before = bucket;
      do {
        before = before == 0 ? cells.size() - 1 : before - 1;
        if (is_marked[before] != 0) break;
        if (before != last) std::fill_n(cells[before].owner, kCellLanes, owner_of<Cell>(points, first % tokens.size()));
      } while (before != last);
      if (before != last || is_marked[before] != 0) continue;
      std::size_t begin = previous;
      while (begin > 0 && previous - begin < kCellLanes && bucket_of(tokens[begin - 1]) == last) --begin;
      fill_cell(cells[last], points, last, begin);
    }
  }

  // Pre: `first` is the first of the points in the bucket (if they are more than a cell holds, one of the first), or
  // that after it.
  template <class Cell>
  void fill_cell(Cell& cell, const TokenMap<Token>& points, std::size_t bucket, std::size_t first) const noexcept {
    std::fill_n(cell.fraction, kCellLanes, kLastFraction);
    std::fill_n(cell.owner, kCellLanes, Cell::kCrowded);
    std::size_t count = 0;
    for (; first + count < points.size(); ++count) {
      const BucketOffset at = bucket_offset(high_bits(points.token(first + count)), buckets());
      if (at.bucket != bucket) break;
      if (count == kCellPoints) {
        std::fill_n(cell.fraction, kCellLanes, kLastFraction);
        std::fill_n(cell.owner, kCellLanes, Cell::kCrowded);
        return;
      }
      cell.fraction[count] = at.fraction;
      cell.owner[count] = owner_of<Cell>(points, first + count);
    }
    const std::size_t after = first + count < points.size() ? first + count : 0;
    std::fill(cell.owner + count, cell.owner + kCellLanes, owner_of<Cell>(points, after));
  }

  template <class Cell>
  static auto owner_of(const TokenMap<Token>& points, std::size_t i) noexcept {
    return static_cast<std::remove_cvref_t<decltype(Cell::kCrowded)>>(points.value(i));
  }

  std::uint64_t narrow_buckets_ = 0;  // narrow_.size(); 0 if there are no points or the cells are wide
  std::vector<Narrow> narrow_;        // at most one of narrow_ and wide_ has cells
  std::vector<Wide> wide_;
};

}  // namespace perturb::inline PERTURB_ABI::detail::ring
