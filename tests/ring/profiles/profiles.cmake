# SPDX-License-Identifier: MIT
# The profiles: against what the real programs chose, always; and against the programs themselves where they are
# installed (label oracle). The sources are relative to tests/.
perturb_add_tests(
  profiles
  unit
  ring/profiles/brpc_test.cpp
  ring/profiles/envoy_test.cpp
  ring/profiles/golden_test.cpp
  ring/profiles/grpc_test.cpp
  ring/profiles/haproxy_test.cpp
  ring/profiles/ip_address_test.cpp
  ring/profiles/ketama_test.cpp
  ring/profiles/libmemcached_test.cpp
  ring/profiles/maglev_test.cpp
  ring/profiles/nginx_test.cpp
  ring/profiles/twemproxy_test.cpp
  ring/profiles/uhashring_test.cpp)
target_compile_definitions(perturb_profiles_tests
                           PRIVATE "PERTURB_GOLDEN_DIRECTORY=\"${CMAKE_CURRENT_SOURCE_DIR}/golden\"")

set_property(GLOBAL APPEND PROPERTY PERTURB_TEST_SOURCES ring/profiles/ask_profile.cpp)
if(PERTURB_TEST_HOUSE)
  add_executable(ask_profile ring/profiles/ask_profile.cpp)
  target_include_directories(ask_profile PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
  target_link_libraries(ask_profile PRIVATE perturb::perturb)
  target_compile_options(ask_profile PRIVATE ${PERTURB_WARNINGS})
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  foreach(oracle libmemcached nginx haproxy haproxy_hash_key twemproxy ketama uhashring_oracle)
    set(name profile_equals_the_real_program_${oracle})
    perturb_add_check(oracle ${name} ${Python3_EXECUTABLE} "${PROJECT_SOURCE_DIR}/tools/oracles/compare.py" ${oracle}
                      $<TARGET_FILE:ask_profile> --rounds=10 --keys=1000)
    # One after the other, so that no two look for free ports at once.
    set_tests_properties("${PERTURB_TEST_PREFIX}${name}" PROPERTIES SKIP_REGULAR_EXPRESSION "Not run" RESOURCE_LOCK
                                                                    perturb_oracles)
  endforeach()
endif()
