// SPDX-License-Identifier: MIT
/// @file Everything public but the profiles, for those who would rather include one header than choose.
#pragma once

#include <perturb/balanced_tokens.hpp>
#include <perturb/bounded_assigner.hpp>
#include <perturb/file_journal.hpp>
#include <perturb/hash_ring.hpp>
#include <perturb/hash_set.hpp>
#include <perturb/hash_table.hpp>
#include <perturb/hashers.hpp>
#include <perturb/huge_pages.hpp>
#include <perturb/md5_hash.hpp>
#include <perturb/migration.hpp>
#include <perturb/migration_plan.hpp>
#include <perturb/ordered_hash_set.hpp>
#include <perturb/ordered_hash_table.hpp>
#include <perturb/pmr.hpp>
#include <perturb/sharded_table.hpp>
#include <perturb/shared_ring.hpp>
#include <perturb/svg.hpp>
#include <perturb/textbook.hpp>
#include <perturb/version.hpp>
