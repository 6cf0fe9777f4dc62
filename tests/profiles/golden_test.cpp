// SPDX-License-Identifier: MIT
// Every profile against what the real programs chose (tests/golden, written by tools/oracles/golden.py).
#include "profiles/cases.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace kit {
namespace {

std::vector<std::string> golden_keys() {
  std::ifstream file(PERTURB_GOLDEN_DIRECTORY "/keys.txt");
  std::vector<std::string> keys;
  for (std::string line; std::getline(file, line);) keys.push_back(key_of_text(std::string_view(line).substr(4)));
  return keys;
}

class ProfileGolden : public testing::TestWithParam<std::string> {};

TEST_P(ProfileGolden, ChoosesTheServerOfTheRealProgramForEveryKey) {
  std::ifstream file(PERTURB_GOLDEN_DIRECTORY "/" + GetParam() + ".txt");
  ASSERT_TRUE(file.is_open());
  std::size_t compared = 0;
  for_each_case(file, golden_keys(),
                [&](const std::string& program, const ProfileCase& question, const std::vector<std::string>& keys,
                    std::string_view theirs) {
                  if (theirs.empty()) return;  // the line `case`; the answer comes with the next
                  const std::string ours = owners_text(program, question, keys);
                  ASSERT_EQ(ours.size(), theirs.size()) << question.text;
                  const std::size_t width = theirs.size() / keys.size();
                  for (std::size_t i = 0; i < keys.size(); ++i) {
                    if (theirs[i * width] == '-') continue;  // the program cannot be asked for this key
                    ++compared;
                    EXPECT_EQ(ours.substr(i * width, width), theirs.substr(i * width, width))
                        << question.text << ", key " << i << ": " << keys[i];
                  }
                });
  EXPECT_GT(compared, 5000u);
}

INSTANTIATE_TEST_SUITE_P(AllPrograms, ProfileGolden,
                         testing::Values("libmemcached", "nginx", "haproxy", "haproxy_hash_key", "twemproxy", "ketama",
                                         "uhashring"),
                         [](const auto& suite) { return suite.param; });

}  // namespace
}  // namespace kit
