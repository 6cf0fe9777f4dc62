# SPDX-License-Identifier: MIT
# The profiles against the real programs, where these are installed; new server lists and keys for each program.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
foreach(oracle IN ITEMS libmemcached nginx haproxy haproxy_hash_key twemproxy ketama uhashring_oracle)
  set(name profile_equals_the_real_program.${oracle})
  perturb_add_check(
    oracle ${name} ${Python3_EXECUTABLE} "${PROJECT_SOURCE_DIR}/tools/oracles/compare.py" ${oracle}
    $<TARGET_FILE:ask_profile> --rounds=20 --keys=1000)
  # One after the other: two could find the same port free at once.
  set_tests_properties("${PERTURB_TEST_PREFIX}${name}" PROPERTIES SKIP_REGULAR_EXPRESSION "Not run" RESOURCE_LOCK
                                                                  oracles)
endforeach()

# Envoy, gRPC and brpc cannot be asked: what was written from their sources is compared with a second writing.
perturb_add_check(
  oracle profile_equals_a_second_writing_of_its_rules ${Python3_EXECUTABLE}
  "${PROJECT_SOURCE_DIR}/tools/oracles/compare.py" second_writing $<TARGET_FILE:ask_profile> --rounds=20 --keys=300)
set_tests_properties("${PERTURB_TEST_PREFIX}profile_equals_a_second_writing_of_its_rules"
                     PROPERTIES SKIP_REGULAR_EXPRESSION "Not run")
