// SPDX-License-Identifier: MIT
/// @file The commands of perturb-ring: each adds itself to the command line and runs when it is named there.
#pragma once

#include <CLI/CLI.hpp>

namespace ring_tool {

void add_owner(CLI::App& app);
void add_balance(CLI::App& app);
void add_explain(CLI::App& app);
void add_plan(CLI::App& app);
void add_simulate(CLI::App& app);
void add_picture(CLI::App& app);
void add_convert(CLI::App& app);
void add_import(CLI::App& app);

}  // namespace ring_tool
