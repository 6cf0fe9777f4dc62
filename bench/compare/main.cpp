// SPDX-License-Identifier: MIT
/// @file Compares perturb::HashTable with its peers.
#include "json.hpp"
#include "options.hpp"
#include "python_dict.hpp"
#include "report.hpp"
#include "results.hpp"
#include "runner.hpp"

#include <exception>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  try {
    const compare::Options options = compare::parse_options(argc, argv, compare::known_tables());
    // A run may take hours: better to know before.
    if (!options.json_file.empty() && !std::ofstream(options.json_file, std::ios::app)) {
      std::cerr << "perturb_compare: cannot write " << options.json_file << '\n';
      return 2;
    }
    compare::Results results = compare::run(options, [&](const compare::Results& so_far) {
      if (!options.json_file.empty()) compare::write_json(options, so_far);
    });
    if (options.python) {
      compare::add_python_dict(options, results);
      if (!options.json_file.empty()) compare::write_json(options, results);
    }
    if (results.measurements.empty() && results.memory.empty()) {
      std::cerr << "perturb_compare: there is nothing to run: these types, keys and tables do not occur together\n";
      return 2;
    }
    compare::print_report(std::cout, options, results);
  } catch (const std::exception& error) {
    std::cerr << "perturb_compare: " << error.what() << '\n';
    return 1;
  }
}
