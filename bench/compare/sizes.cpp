// SPDX-License-Identifier: MIT
#include "sizes.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace compare {
namespace {

constexpr std::size_t kMostElements = 100'000'000;

// The sizes at which HashTable grows, from 2048 slots on: by 4 up to 50 000 elements, by 2 beyond. Times rise and
// fall from one growth to the next, and other tables grow at other sizes; so a mean is fair only if the sizes cover
// whole growth periods evenly.
constexpr std::size_t kInCache[] = {1'536, 6'144, 24'576};
constexpr std::size_t kLarge[] = {24'576, 98'304, 196'608, 393'216, 786'432, 1'572'864};
constexpr std::size_t kHuge[] = {1'572'864, 3'145'728, 6'291'456};

// `each` sizes from one growth to the next, at equal ratios, the first and the last half a step away from the growth.
template <std::size_t kCount>
void append_periods(const std::size_t (&growths)[kCount], std::size_t each, std::vector<std::size_t>& sizes) {
  for (std::size_t period = 0; period + 1 < kCount; ++period) {
    const auto first = static_cast<double>(growths[period]);
    const auto last = static_cast<double>(growths[period + 1]);
    for (std::size_t i = 0; i < each; ++i) {
      const double part = (static_cast<double>(i) + 0.5) / static_cast<double>(each);
      sizes.push_back(static_cast<std::size_t>(std::llround(first * std::pow(last / first, part))));
    }
  }
}

bool append_named(std::string_view name, std::vector<std::size_t>& sizes) {
  if (name == "readme") {
    append_periods(kInCache, 10, sizes);
    append_periods(kLarge, 10, sizes);
  } else if (name == "in-cache") {
    append_periods(kInCache, 10, sizes);
  } else if (name == "large") {
    append_periods(kLarge, 10, sizes);
  } else if (name == "huge") {
    append_periods(kHuge, 10, sizes);
  } else if (name == "few") {
    append_periods(kInCache, 4, sizes);
    append_periods(kLarge, 4, sizes);
  } else if (name == "quick") {
    append_periods({1'536, 6'144}, 5, sizes);
  } else if (name == "small") {
    sizes.insert(sizes.end(), {1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64});
  } else if (name == "small-all") {
    for (std::size_t size = 1; size <= 64; ++size) sizes.push_back(size);
  } else if (name == "small-few") {
    sizes.insert(sizes.end(), {1, 2, 4, 7, 12, 20, 40, 64});
  } else {
    return false;
  }
  return true;
}

std::size_t parse_count(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0 || count > kMostElements) {
    throw std::invalid_argument("'" + std::string(text) + "' is neither a list of sizes nor a number from 1 to " +
                                std::to_string(kMostElements));
  }
  return count;
}

}  // namespace

std::string_view named_lists() {
  return "Lists of sizes, which cover whole growth periods of HashTable evenly:\n"
         "  readme     1 600 to 1.5 million, ten in each growth period\n"
         "  in-cache   those of it below 24 576\n"
         "  large      those of it above 24 576\n"
         "  huge       1.6 to 6.1 million, ten in each growth period\n"
         "  few        as readme, with four in each growth period\n"
         "  quick      five from 1 700 to 5 400\n"
         "  small      20 from 1 to 64\n"
         "  small-all  1 to 64, every one\n"
         "  small-few  1, 2, 4, 7, 12, 20, 40, 64\n";
}

void append_sizes(std::string_view text, std::vector<std::size_t>& sizes) {
  if (append_named(text, sizes)) return;
  const std::size_t dots = text.find("..");
  const std::size_t slash = text.find('/');
  if (dots == std::string_view::npos) {
    sizes.push_back(parse_count(text));
    return;
  }
  if (slash == std::string_view::npos || slash < dots) {
    throw std::invalid_argument("write FROM..TO/COUNT instead of '" + std::string(text) + "'");
  }
  const auto first = static_cast<double>(parse_count(text.substr(0, dots)));
  const auto last = static_cast<double>(parse_count(text.substr(dots + 2, slash - dots - 2)));
  const std::size_t count = parse_count(text.substr(slash + 1));
  for (std::size_t i = 0; i < count; ++i) {
    const double part = count == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(count - 1);
    sizes.push_back(static_cast<std::size_t>(std::llround(first * std::pow(last / first, part))));
  }
}

}  // namespace compare
