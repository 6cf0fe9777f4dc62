// SPDX-License-Identifier: MIT
#include <perturb/hash_ring.hpp>
#include <perturb/svg.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "ring/test_placements.hpp"

namespace {

namespace svg = perturb::detail::ring::svg;
using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::Not;

template <class Ring>
std::string picture(const Ring& ring) {
  std::ostringstream out;
  perturb::write_svg(ring, out);
  return out.str();
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Whether all elements are closed in order and each ampersand begins an entity.
bool is_well_formed(std::string_view text) {
  std::vector<std::string_view> open;
  bool seen_root = false;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find('<'), text.size());
    std::string_view content = text.substr(0, begin);
    for (std::size_t at = content.find('&'); at != content.npos; at = content.find('&', at + 1)) {
      const std::string_view entity = content.substr(at);
      if (!entity.starts_with("&amp;") && !entity.starts_with("&lt;") && !entity.starts_with("&gt;")) return false;
    }
    if (begin == text.size()) break;
    const std::size_t end = text.find('>', begin);
    if (end == text.npos) return false;
    const std::string_view tag = text.substr(begin + 1, end - begin - 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      if (open.empty() && std::exchange(seen_root, true)) return false;
      open.push_back(tag.substr(0, tag.find(' ')));
    }
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return false;
    text.remove_prefix(end + 1);
  }
  return seen_root && open.empty();
}

TEST(SvgFixed, RoundsAndKeepsZeros) {
  EXPECT_EQ(svg::fixed(0, 2), "0.00");
  EXPECT_EQ(svg::fixed(1.005, 1), "1.0");
  EXPECT_EQ(svg::fixed(-0.5, 1), "-0.5");
  EXPECT_EQ(svg::fixed(-0.001, 2), "0.00");
  EXPECT_EQ(svg::fixed(99.999, 2), "100.00");
  EXPECT_EQ(svg::fixed(3.04, 2), "3.04");
  EXPECT_EQ(svg::fixed(167.6, 0), "168");
}

TEST(SvgEscaped, ReplacesWhatXmlReadsAsMarkup) { EXPECT_EQ(svg::escaped("a<b>&\"c\""), "a&lt;b&gt;&amp;\"c\""); }

TEST(SvgEscaped, KeepsUtf8AndReplacesWhatIsNoCharacterOfXml) {
  EXPECT_EQ(svg::escaped("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  for (const std::string_view bad : {"\x01"sv, "\0"sv, "\x7F"sv, "\xFF"sv, "\xC3"sv, "\x80"sv}) {
    EXPECT_EQ(svg::escaped(bad), "\xEF\xBF\xBD") << "byte " << int{static_cast<unsigned char>(bad[0])};
  }
  for (const std::string_view bad :
       {"\xC0\x80"sv, "\xE0\x80\x80"sv, "\xC3("sv, "\xED\xA0\x80"sv, "\xEF\xBF\xBF"sv, "\xF4\x90\x80\x80"sv}) {
    EXPECT_THAT(svg::escaped(bad), testing::StartsWith("\xEF\xBF\xBD"));
  }
}

TEST(SvgEscaped, CutsBetweenCharacters) {
  EXPECT_EQ(svg::escaped("\xC3\xA9\xC3\xA9\xC3\xA9", 2), "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
  EXPECT_EQ(svg::escaped("ab", 2), "ab");
}

TEST(SvgColour, DiffersAmongTheNodesOfALegend) {
  std::set<std::string> colours;
  for (std::size_t i = 0; i < svg::kLegendRows; ++i) colours.insert(svg::colour(i));
  EXPECT_EQ(colours.size(), svg::kLegendRows);
  for (const std::string& colour : colours) {
    EXPECT_EQ(colour.size(), 7u) << colour;
    EXPECT_EQ(colour[0], '#') << colour;
    EXPECT_EQ(colour.find_first_not_of("0123456789abcdef", 1), std::string::npos) << colour;
  }
}

TEST(WriteSvg, NamesEachNodeWithItsShareAndDrawsItsArcsInItsColour) {
  kit::HandMadeRing<> ring;
  ring.add_node({"first", {std::uint64_t{1} << 62}});
  ring.add_node({"second", {std::uint64_t{3} << 62}});
  const std::string text = picture(ring);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_THAT(text, HasSubstr(">first</text>"));
  EXPECT_THAT(text, HasSubstr(">second</text>"));
  EXPECT_EQ(count_of(text, ">50.00 %</text>"), 2u);
  EXPECT_THAT(text, HasSubstr("<title>first: 50.00 %</title>"));
  EXPECT_THAT(text, HasSubstr(">2 nodes</text>"));
  EXPECT_THAT(text, HasSubstr(">2 points</text>"));
  for (const std::size_t node : {0u, 1u}) EXPECT_EQ(count_of(text, svg::colour(node)), 2u) << "node " << node;
  // The arc of "second" ends three quarters round, which is due left of the centre.
  EXPECT_THAT(text, HasSubstr(svg::fixed(svg::kCentreX - svg::kArcBand.outer, 2) + " " + svg::fixed(svg::kCentreY, 2)));
}

TEST(WriteSvg, EscapesNames) {
  perturb::HashRing<std::string> ring({"<script>&", "\x02"});
  const std::string text = picture(ring);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;&amp;"));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

TEST(WriteSvg, DrawsEmptyOneNodeAndLargeRings) {
  perturb::HashRing<int> ring;
  EXPECT_TRUE(is_well_formed(picture(ring)));
  EXPECT_THAT(picture(ring), HasSubstr(">0 nodes</text>"));
  ring.add_node(7);
  EXPECT_TRUE(is_well_formed(picture(ring)));
  EXPECT_THAT(picture(ring), HasSubstr(">1 node</text>"));
  EXPECT_THAT(picture(ring), HasSubstr("100.00 %"));
  for (int node = 0; node < 100; ++node) ring.add_node(node);
  const std::string text = picture(ring);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_THAT(text, HasSubstr(">and 76 more</text>"));
  EXPECT_LT(text.size(), 1000000u);
}

TEST(WriteSvg, DrawsNothingForAnEmptyArc) {
  kit::HandMadeRing<> ring;
  ring.add_node({"first", {5}});
  ring.add_node({"second", {5}});
  const std::string text = picture(ring);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_THAT(text, HasSubstr("<title>first: 100.00 %</title>"));
  EXPECT_THAT(text, HasSubstr("<title>second: 0.00 %</title>\n<path d=\"\"/>"));
}

TEST(WriteSvg, DrawsTheArcOverTokenZeroOfALargeRing) {
  kit::HandMadeRing<std::uint32_t> ring;
  std::vector<std::uint32_t> tokens;
  for (std::uint32_t i = 0; i < 4000; ++i) tokens.push_back(i << 16);  // the first sixteenth of the ring
  ring.add_node({"first", {0}});
  ring.add_node({"many", tokens});
  ring.add_node({"none", {}});
  const std::string text = picture(ring);
  EXPECT_TRUE(is_well_formed(text));
  EXPECT_THAT(text, HasSubstr("<title>none: 0.00 %</title>\n<path d=\"\"/>\n<path d=\"\"/>"));
  EXPECT_THAT(text, HasSubstr("<title>first: 93.90 %</title>\n<path d=\"M"));
}

TEST(WriteSvg, DoesNotDependOnTheOrderOfAdding) {
  EXPECT_EQ(picture(perturb::HashRing<int>({1, 2, 3})), picture(perturb::HashRing<int>({3, 1, 2})));
}

}  // namespace
