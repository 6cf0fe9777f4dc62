// SPDX-License-Identifier: MIT
/// @file Other tables than those of main.cpp: larger, smaller and ordered ones. Each is in a source of its own: calls
/// that are added to a source change what the compiler inlines there, and so the figures of its other calls.
#pragma once

namespace counting {

void count_large_tables();
void count_ordered_holes();
void count_ordered_tables();
void count_small_tables();

}  // namespace counting
