// SPDX-License-Identifier: MIT
/// @file What a table must not include.
#pragma once
