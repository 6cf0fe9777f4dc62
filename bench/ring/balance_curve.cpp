// SPDX-License-Identifier: MIT
/// @file What docs/ring.md shows: how even rings are, as CSV for tools/plot_ring.py, and pictures of rings. All of it
/// is computed and nothing is timed, so the results are the same everywhere.
///
///   perturb_balance_curve docs/ring
#include <perturb/balanced_tokens.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/svg.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

using perturb::BalancedTokens;
using perturb::HashRing;
using perturb::VirtualNodes;
using perturb::XxHash;

template <class Placement>
using RingOf = HashRing<std::string, XxHash<>, Placement>;

std::vector<std::string> node_names(const std::string& cluster, int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(cluster + "-node-" + std::to_string(i));
  return names;
}

// The largest share over the mean, on average over some clusters, and after the loss of the worst node.
template <class Placement>
void write_row(std::ostream& csv, const char* placement, std::uint32_t points, int nodes) {
  const int clusters = std::max(8, 200 / nodes);
  double peak = 0;
  double peak_after_loss = 0;
  for (int cluster = 0; cluster < clusters; ++cluster) {
    const RingOf<Placement> ring(node_names("cluster-" + std::to_string(cluster), nodes));
    peak += ring.balance().peak / clusters;
    double worst = 0;
    for (int lost = 0; lost < std::min(nodes, 20); ++lost) {
      RingOf<Placement> rest = ring;
      rest.remove_node(ring.nodes()[static_cast<std::size_t>(lost)]);
      worst = std::max(worst, rest.balance().peak);
    }
    peak_after_loss += worst / clusters;
  }
  csv << placement << ',' << points << ',' << nodes << ',' << peak << ',' << peak_after_loss << '\n';
}

template <std::uint32_t points>
void write_rows(std::ostream& csv) {
  for (const int nodes : {5, 10, 20, 50, 100}) {
    write_row<VirtualNodes<points>>(csv, "VirtualNodes", points, nodes);
    write_row<BalancedTokens<points>>(csv, "BalancedTokens", points, nodes);
  }
}

template <class Ring>
void write_picture(const std::string& path, const Ring& ring) {
  std::ofstream file(path);
  perturb::write_svg(ring, file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: perturb_balance_curve DIRECTORY\n";
    return 2;
  }
  const std::string directory = argv[1];
  std::ofstream csv(directory + "/balance.csv");
  csv << "placement,points,nodes,peak,peak_after_loss\n";
  write_rows<8>(csv);
  write_rows<16>(csv);
  write_rows<32>(csv);
  write_rows<64>(csv);
  write_rows<128>(csv);
  write_rows<256>(csv);
  write_rows<512>(csv);

  const std::vector<std::string> names = {"a", "b", "c", "d"};
  RingOf<VirtualNodes<8>> few(names);
  write_picture(directory + "/few-points.svg", few);
  few.remove_node("d");
  write_picture(directory + "/few-points-without-d.svg", few);
  write_picture(directory + "/virtual-nodes.svg", RingOf<VirtualNodes<64>>(names));
  write_picture(directory + "/balanced-tokens.svg", RingOf<BalancedTokens<64>>(names));
}
