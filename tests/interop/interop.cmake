# SPDX-License-Identifier: MIT
# perturb's types with other libraries: each header that needs one, and <ranges>. Without optimization, which tests
# nothing here and would cost most of the time.
set_property(GLOBAL APPEND PROPERTY PERTURB_TEST_SOURCES interop/fmt_test.cpp interop/json_test.cpp interop/format_program.cpp)
perturb_add_tests(interop contract hash/absl_hash_test.cpp interop/ostream_test.cpp interop/ranges_test.cpp)
target_compile_options(perturb_interop_tests PRIVATE -O0 -g0)
set_target_properties(perturb_interop_tests PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)

find_package(fmt 9 CONFIG QUIET)
if(fmt_FOUND)
  target_sources(perturb_interop_tests PRIVATE interop/fmt_test.cpp)
  target_link_libraries(perturb_interop_tests PRIVATE fmt::fmt)
else()
  message(STATUS "perturb/fmt.hpp is not tested: it needs {fmt}. Debian: apt install libfmt-dev")
endif()
find_package(nlohmann_json 3.11 CONFIG QUIET)
if(nlohmann_json_FOUND)
  target_sources(perturb_interop_tests PRIVATE interop/json_test.cpp)
  target_link_libraries(perturb_interop_tests PRIVATE nlohmann_json::nlohmann_json)
else()
  message(STATUS "perturb/json.hpp is not tested: it needs nlohmann-json. Debian: apt install nlohmann-json3-dev")
endif()

# std::format is in libc++ 19, not in libstdc++ 12. C++20 has none for ranges, C++23 has.
find_program(PERTURB_CLANG_19 clang++-19)
foreach(standard IN ITEMS 20 23)
  set(test "std_format_is_understood.c++${standard}")
  set(program "${CMAKE_CURRENT_BINARY_DIR}/format_program-${standard}")
  set(libcxx /usr/lib/llvm-19)
  if(NOT PERTURB_CLANG_19 OR NOT EXISTS ${libcxx}/include/c++/v1/format)
    perturb_skip_check(contract ${test} "clang-19 libc++-19-dev libc++abi-19-dev")
    continue()
  endif()
  add_custom_command(
    OUTPUT "${program}"
    COMMAND
      ${PERTURB_CLANG_19} -stdlib=libc++ -std=c++${standard} ${PERTURB_WARNINGS} -Werror
      "-I${PROJECT_SOURCE_DIR}/include" "-I${PROJECT_SOURCE_DIR}/tests" ${PERTURB_XXHASH_DIRS} -MD -MF "${program}.d" -MT
      "${program}" "${CMAKE_CURRENT_SOURCE_DIR}/interop/format_program.cpp" "-Wl,-rpath,${libcxx}/lib" -o "${program}"
    DEPENDS interop/format_program.cpp
    DEPFILE "${program}.d"
    COMMENT "Compiling format_program.cpp as C++${standard}"
    VERBATIM)
  add_custom_target(perturb_format_program_${standard} ALL DEPENDS "${program}")
  perturb_add_check(contract ${test} "${program}")
endforeach()
perturb_add_refusal(contract missing_std_format_is_one_message "include <perturb/fmt.hpp> instead" -- ${PERTURB_CHECK_SOURCE}
                    -U__cpp_lib_format -include perturb/format.hpp -x c++ /dev/null)
