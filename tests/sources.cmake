# SPDX-License-Identifier: MIT
# Every test source, by room. A test compares this list with what lies in tests/.
perturb_add_tests(
  hash
  unit
  hash/byte_order_test.cpp
  hash/hash_state_test.cpp
  hash/md5_test.cpp
  hash/mix_test.cpp
  hash/os_seed_test.cpp
  hash/xxhash_test.cpp
  hashers_test.cpp)
perturb_add_tests(table unit table/hash_table_growth_test.cpp)
perturb_add_tests(property property table/hash_table_property_test.cpp)
perturb_add_tests(
  contract
  contract
  contract/hash_set_contract_test.cpp
  contract/hash_table_contract_allocators_test.cpp
  contract/hash_table_contract_test.cpp
  contract/std_map_test.cpp)
perturb_add_tests(linkage house linkage/first_unit.cpp linkage/second_unit.cpp)
