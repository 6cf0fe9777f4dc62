# SPDX-License-Identifier: MIT
# Every test source, by room. A test compares this list with what lies in tests/.
perturb_add_tests(
  hash
  unit
  hash/byte_order_test.cpp
  hash/crc16_test.cpp
  hash/crc32_test.cpp
  hash/fnv_test.cpp
  hash/haproxy_test.cpp
  hash/hsieh_test.cpp
  hash/jenkins_test.cpp
  hash/md5_test.cpp
  hash/mix_test.cpp
  hash/murmur2_test.cpp
  hash/murmur3_test.cpp
  hash/one_at_a_time_test.cpp
  hash/os_seed_test.cpp
  hash/xxhash_test.cpp
  hash_state_test.cpp
  hashers_test.cpp)
perturb_add_tests(
  table
  unit
  facade/views_test.cpp
  hash_table_test.cpp
  huge_pages_test.cpp
  table/article_replay_test.cpp
  table/batch_test.cpp
  table/checked_death_test.cpp
  table/control_group_test.cpp
  table/copy_test.cpp
  table/element_test.cpp
  table/first_used_group_test.cpp
  growth_test.cpp
  table/hash_table_fault_test.cpp
  table/growth_steps_test.cpp
  table/hash_table_growth_test.cpp
  table/iterator_test.cpp
  table/probe_sequence_cpython_test.cpp
  table/probe_sequence_test.cpp
  table/mover_test.cpp
  table/slots_test.cpp
  table/small_tables_test.cpp
  table/stats_test.cpp)
perturb_add_tests(
  ordered
  unit
  ordered/entries_test.cpp
  ordered/ordered_fault_test.cpp
  ordered/ordered_memory_test.cpp
  ordered/ordered_property_test.cpp
  ordered/python_order_test.cpp)
perturb_add_tests(
  ring
  unit
  hash_ring_test.cpp
  ring/arcs_test.cpp
  ring/balance_test.cpp
  ring/checked_ring_death_test.cpp
  ring/exact_float_test.cpp
  ring/identity_test.cpp
  ring/layout_test.cpp
  ring/members_test.cpp
  ring/number_shift_test.cpp
  ring/placements_test.cpp
  ring/points_test.cpp
  ring/preference_walk_test.cpp
  ring/rank_index_test.cpp
  ring/ring_changes_test.cpp
  ring/ring_traps_test.cpp
  ring/strong_guarantee_test.cpp
  ring/token_array_test.cpp
  ring/token_map_test.cpp
  ring/token_test.cpp
  ring/weight_test.cpp
  ring_types_test.cpp
  svg_test.cpp
  textbook_test.cpp
  virtual_nodes_test.cpp)
# What of rings and sharded tables the groups of slots change.
perturb_add_tests(
  ring_groups
  unit
  concurrent_read_test.cpp
  ring/direct_index_test.cpp
  ring/large_ring_test.cpp
  ring/owner_batch_test.cpp
  sharded/shard_set_test.cpp
  sharded/shard_test.cpp
  sharded/sharded_changes_test.cpp
  sharded_table_test.cpp)
perturb_add_tests(
  ring_operations
  unit
  balanced_tokens_test.cpp
  bounded_assigner_test.cpp
  migration_plan_test.cpp
  ring/explain_test.cpp
  ring/failover_test.cpp
  ring/no_allocation_test.cpp
  ring/snapshot_test.cpp
  ring/token_spreader_test.cpp
  ring/warnings_test.cpp
  ring/zones_test.cpp
  shared_ring_test.cpp)
# Moving keys between stores uses no table, so the portable groups change nothing.
if(PERTURB_TEST_HOUSE OR PERTURB_FUZZ)
  perturb_add_tests(migration unit file_journal_test.cpp migration/ranges_test.cpp migration_test.cpp)
endif()
perturb_add_tests(
  profiles
  unit
  profiles/brpc_test.cpp
  profiles/envoy_test.cpp
  profiles/floating_point_test.cpp
  profiles/grpc_test.cpp
  profiles/haproxy_test.cpp
  profiles/ip_address_test.cpp
  profiles/ketama_points_test.cpp
  profiles/ketama_test.cpp
  profiles/libmemcached_test.cpp
  profiles/maglev_test.cpp
  profiles/nginx_test.cpp
  profiles/node_text_test.cpp
  profiles/server_ring_test.cpp
  profiles/twemproxy_test.cpp
  profiles/uhashring_test.cpp)
# The same numbers with switches that change how floating point is rounded.
perturb_add_tests(fast_math unit faults/fast_math_test.cpp profiles/floating_point_test.cpp)
set_target_properties(perturb_fast_math_tests PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
target_compile_options(perturb_fast_math_tests PRIVATE -O2 -ffast-math)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
  target_compile_options(perturb_fast_math_tests PRIVATE -mfpmath=387)
endif()
perturb_add_tests(
  property
  property
  table/aliasing_test.cpp
  table/hash_table_property_test.cpp)
perturb_add_tests(
  contract
  contract
  contract/deduction_test.cpp
  contract/dict_members_test.cpp
  contract/hash_set_contract_test.cpp
  contract/hash_table_contract_allocators_test.cpp
  contract/hash_table_contract_test.cpp
  contract/heterogeneous_test.cpp
  contract/noexcept_test.cpp
  contract/ordered_contract_test.cpp
  contract/precomputed_hash_test.cpp
  contract/std_map_test.cpp
  contract/value_types_test.cpp)
# What users of other tables reported, tried here.
perturb_add_tests(
  faults
  unit
  faults/allocation_test.cpp
  faults/copies_test.cpp
  faults/element_moves_test.cpp
  faults/hint_test.cpp
  faults/large_elements_test.cpp
  faults/reentrant_checked_death_test.cpp
  faults/reentrant_elements_test.cpp
  faults/reentrant_shards_test.cpp
  faults/reentrant_values_test.cpp
  faults/reserve_test.cpp
  faults/stored_hash_death_test.cpp
  faults/stored_keys_test.cpp)
# The same of types, names and look-ups, which are alike for all kinds of groups.
perturb_add_tests(
  faults_of_types
  unit
  faults/argument_dependent_lookup_test.cpp
  faults/deduction_guides_test.cpp
  faults/fast_math_test.cpp
  faults/key_arguments_test.cpp
  faults/key_hashing_test.cpp
  faults/key_types_test.cpp
  faults/move_only_containers_test.cpp
  faults/move_only_entries_test.cpp
  faults/transparent_numbers_test.cpp)
# Keys that someone chose to do harm, and sizes at the limits.
perturb_add_tests(hostile unit hostile/colliding_keys_test.cpp limits/limits_test.cpp)
# Run by hand: its head says how.
if(UNIX AND PERTURB_TEST_HOUSE)
  add_executable(perturb_four_billion limits/four_billion.cpp)
  target_link_libraries(perturb_four_billion PRIVATE perturb::perturb)
  target_compile_options(perturb_four_billion PRIVATE ${PERTURB_WARNINGS})
endif()
set_property(GLOBAL APPEND PROPERTY PERTURB_TEST_SOURCES limits/four_billion.cpp)
# Replaces the global operator new.
perturb_add_tests(data_faults unit faults/data_ring_test.cpp)
# Counts the groups that are looked at: a program of its own, since that changes inline functions.
perturb_add_tests(counted unit faults/sparse_drain_test.cpp hostile/iteration_order_test.cpp
                  table/groups_looked_at_test.cpp)
perturb_add_tests(
  linkage
  house
  linkage/first_unit.cpp
  linkage/second_unit.cpp)

# What must be the same on every platform.
perturb_add_tests(portable golden portability/portable_results_test.cpp profiles/golden_test.cpp)

# What depends on the machine, the compiler or the standard library, in one program: tools/cross.sh runs it.
perturb_add_tests(
  platform
  platform
  concurrent_read_test.cpp
  contract/value_types_test.cpp
  faults/fast_math_test.cpp
  faults/key_hashing_test.cpp
  faults/transparent_numbers_test.cpp
  file_journal_test.cpp
  growth_test.cpp
  hash/byte_order_test.cpp
  hash/crc16_test.cpp
  hash/crc32_test.cpp
  hash/fnv_test.cpp
  hash/haproxy_test.cpp
  hash/hsieh_test.cpp
  hash/jenkins_test.cpp
  hash/md5_test.cpp
  hash/mix_test.cpp
  hash/murmur2_test.cpp
  hash/murmur3_test.cpp
  hash/one_at_a_time_test.cpp
  hash/os_seed_test.cpp
  hash/xxhash_test.cpp
  hash_state_test.cpp
  hash_table_test.cpp
  hashers_test.cpp
  huge_pages_test.cpp
  limits/limits_test.cpp
  migration/ranges_test.cpp
  migration_plan_test.cpp
  migration_test.cpp
  ordered/ordered_property_test.cpp
  ordered/python_order_test.cpp
  portability/portable_results_test.cpp
  profiles/brpc_test.cpp
  profiles/envoy_test.cpp
  profiles/floating_point_test.cpp
  profiles/golden_test.cpp
  profiles/grpc_test.cpp
  profiles/haproxy_test.cpp
  profiles/ip_address_test.cpp
  profiles/ketama_points_test.cpp
  profiles/ketama_test.cpp
  profiles/libmemcached_test.cpp
  profiles/maglev_test.cpp
  profiles/nginx_test.cpp
  profiles/node_text_test.cpp
  profiles/twemproxy_test.cpp
  profiles/uhashring_test.cpp
  ring/direct_index_test.cpp
  ring/layout_test.cpp
  ring/number_shift_test.cpp
  ring/points_test.cpp
  ring/snapshot_test.cpp
  ring/token_test.cpp
  ring/weight_test.cpp
  shared_ring_test.cpp
  svg_test.cpp
  table/batch_test.cpp
  table/control_group_test.cpp
  table/copy_test.cpp
  table/element_test.cpp
  table/first_used_group_test.cpp
  table/growth_steps_test.cpp
  table/hash_table_growth_test.cpp
  table/iterator_test.cpp
  table/mover_test.cpp
  table/probe_sequence_test.cpp
  table/slots_test.cpp
  table/small_tables_test.cpp
  table/stats_test.cpp)

# All programs whose tests tools/cross.sh --all and tools/sanitize.sh run.
add_custom_target(
  perturb_unit_tests
  DEPENDS perturb_hash_tests
          perturb_table_tests
          perturb_ring_tests
          perturb_ring_groups_tests
          perturb_ring_operations_tests
          perturb_profiles_tests
          perturb_fast_math_tests
          perturb_property_tests
          perturb_contract_tests
          perturb_ordered_tests
          perturb_faults_tests
          perturb_faults_of_types_tests
          perturb_hostile_tests
          perturb_data_faults_tests
          perturb_counted_tests
          perturb_portable_tests)

# What the profiles must answer lies in golden/. Of the same answers, ask_profile makes a program, for tools/oracles/.
set_source_files_properties(
  portability/portable_results_test.cpp profiles/golden_test.cpp
  PROPERTIES COMPILE_DEFINITIONS "PERTURB_GOLDEN_DIRECTORY=\"${CMAKE_CURRENT_SOURCE_DIR}/golden\"")
if(PERTURB_TEST_HOUSE)
  add_executable(ask_profile profiles/ask_profile.cpp)
  target_link_libraries(ask_profile PRIVATE perturb::perturb)
  target_include_directories(ask_profile PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_compile_options(ask_profile PRIVATE ${PERTURB_WARNINGS})
endif()
set_property(GLOBAL APPEND PROPERTY PERTURB_TEST_SOURCES profiles/ask_profile.cpp)
