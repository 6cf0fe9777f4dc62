// SPDX-License-Identifier: MIT
/// @file The C++20 module `perturb`, experimental: every public name, the profiles included. tools/sync_module.py writes
/// the exports. Macros are not exported: <perturb/version.hpp> has the version, and PERTURB_CHECKED and PERTURB_NO_SIMD
/// are defined when this file is compiled.
module;

#include <perturb/perturb.hpp>
#include <perturb/profiles.hpp>
#include <perturb/table/probe_sequence.hpp>

export module perturb;

export namespace perturb {

// <perturb/hash_table.hpp>
using perturb::HashTable;
using perturb::erase_if;

// <perturb/hash_set.hpp>
using perturb::HashSet;

// <perturb/ordered_hash_table.hpp>
using perturb::OrderedHashTable;

// <perturb/ordered_hash_set.hpp>
using perturb::OrderedHashSet;

// <perturb/fwd.hpp>
using perturb::from_range;
using perturb::from_range_t;

// <perturb/growth.hpp>
using perturb::GrowthPolicy;

// <perturb/table_stats.hpp>
using perturb::TableStats;

// <perturb/table/probe_sequence.hpp>
using perturb::ProbeSequence;

// <perturb/huge_pages.hpp>
using perturb::HugePageAllocator;

// <perturb/hashers.hpp>
using perturb::XxHash;
using perturb::StdHash;
using perturb::IdentityHash;
using perturb::RandomSeed;
using perturb::Equal;
using perturb::HashValue;
using perturb::hash_key;
using perturb::is_avalanching_v;
using perturb::is_transparent_v;

// <perturb/md5_hash.hpp>
using perturb::Md5Hash;

// <perturb/hash_state.hpp>
using perturb::HashState;
using perturb::is_hashable_v;
using perturb::is_nothrow_hashable_v;
using perturb::is_value_hashed_v;

// <perturb/hash_ring.hpp>
using perturb::HashRing;

// <perturb/ring_types.hpp>
using perturb::Arc;
using perturb::ArcEnd;
using perturb::RingPoint;
using perturb::RingView;
using perturb::Balance;
using perturb::Token128;

// <perturb/ring_members.hpp>
using perturb::NodeState;
using perturb::RingMember;
using perturb::RingChange;

// <perturb/preference_list.hpp>
using perturb::PreferenceList;

// <perturb/virtual_nodes.hpp>
using perturb::VirtualNodes;

// <perturb/balanced_tokens.hpp>
using perturb::BalancedTokens;

// <perturb/placement.hpp>
using perturb::BoundRule;
using perturb::TieRule;
using perturb::PointRange;

// <perturb/node_traits.hpp>
using perturb::NodeTraits;

// <perturb/sharded_table.hpp>
using perturb::ShardedTable;

// <perturb/move_report.hpp>
using perturb::MoveReport;

// <perturb/migration_plan.hpp>
using perturb::diff;
using perturb::MigrationPlan;
using perturb::Move;

// <perturb/migration.hpp>
using perturb::Migration;
using perturb::MigrationOptions;
using perturb::MigrationPhase;
using perturb::MigrationProgress;
using perturb::MigrationSource;
using perturb::MigrationSink;
using perturb::MigrationBatch;
using perturb::MigrationErased;
using perturb::MigrationError;
using perturb::StaleMover;
using perturb::unfinished_migration;
using perturb::abandon_migration;

// <perturb/migration_ranges.hpp>
using perturb::MigrationRange;
using perturb::MigrationRanges;

// <perturb/migration_journal.hpp>
using perturb::MigrationJournal;
using perturb::JournalError;

// <perturb/file_journal.hpp>
using perturb::FileJournal;

// <perturb/shared_ring.hpp>
using perturb::SharedRing;

// <perturb/bounded_assigner.hpp>
using perturb::BoundedAssigner;

// <perturb/svg.hpp>
using perturb::write_svg;

// <perturb/textbook.hpp>
using perturb::TextbookRing;
using perturb::TextbookStore;

// <perturb/errors.hpp>
using perturb::EmptyRing;
using perturb::SnapshotError;

namespace growth {

// <perturb/growth.hpp>
using perturb::growth::Dict;
using perturb::growth::Quadrupling;
using perturb::growth::NoShrink;
using perturb::growth::Doubling;
using perturb::growth::is_consistent;
using perturb::growth::kMinCapacity;

}  // namespace growth

namespace pmr {

// <perturb/pmr.hpp>
using perturb::pmr::HashTable;
using perturb::pmr::HashSet;
using perturb::pmr::OrderedHashTable;
using perturb::pmr::OrderedHashSet;

}  // namespace pmr

namespace profiles {

// <perturb/profiles/server.hpp>
using perturb::profiles::Server;
using perturb::profiles::ServerNode;
using perturb::profiles::Warning;
using perturb::profiles::kNarrowKeyHash;
using perturb::profiles::kServerWithoutPoints;
using perturb::profiles::kServersWithEqualPoints;

// <perturb/profiles/libmemcached.hpp>
using perturb::profiles::LibmemcachedRing;
using perturb::profiles::LibmemcachedOptions;
using perturb::profiles::LibmemcachedMode;
using perturb::profiles::LibmemcachedHash;

// <perturb/profiles/twemproxy.hpp>
using perturb::profiles::TwemproxyRing;
using perturb::profiles::TwemproxyOptions;
using perturb::profiles::TwemproxyHash;

// <perturb/profiles/nginx.hpp>
using perturb::profiles::NginxRing;

// <perturb/profiles/haproxy.hpp>
using perturb::profiles::HaproxyRing;
using perturb::profiles::HaproxyOptions;
using perturb::profiles::HaproxyFunction;
using perturb::profiles::HaproxyHashKey;

// <perturb/profiles/envoy.hpp>
using perturb::profiles::EnvoyRing;
using perturb::profiles::EnvoyOptions;
using perturb::profiles::EnvoyHashFunction;

// <perturb/profiles/maglev.hpp>
using perturb::profiles::MaglevRing;
using perturb::profiles::MaglevOptions;

// <perturb/profiles/grpc.hpp>
using perturb::profiles::GrpcRing;
using perturb::profiles::GrpcOptions;
using perturb::profiles::GrpcImplementation;

// <perturb/profiles/brpc.hpp>
using perturb::profiles::BrpcRing;
using perturb::profiles::BrpcOptions;
using perturb::profiles::BrpcBalancer;

// <perturb/profiles/ketama.hpp>
using perturb::profiles::KetamaRing;

// <perturb/profiles/uhashring.hpp>
using perturb::profiles::UhashringRing;
using perturb::profiles::UhashringOptions;
using perturb::profiles::UhashringKetamaRing;
using perturb::profiles::UhashringKetamaOptions;

}  // namespace profiles

}  // namespace perturb
