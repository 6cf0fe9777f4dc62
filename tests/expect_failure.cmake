# SPDX-License-Identifier: MIT
# cmake -DTEXT=<text> [-DONCE=<text>] -P expect_failure.cmake -- <command>...
# Succeeds if the command fails and its output contains TEXT, and ONCE exactly once. Any white space equals one blank,
# because compilers and CMake wrap their lines. A TEXT of `@FILE` is read from FILE's first line, `// expect: <text>`.
set(command "")
set(is_command FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(is_command)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(is_command TRUE)
  endif()
endforeach()

if(TEXT MATCHES "^@(.*)$")
  set(file "${CMAKE_MATCH_1}")
  file(READ "${file}" source LIMIT 4000)
  if(NOT source MATCHES "^// expect: ([^\n]+)\n")
    message(FATAL_ERROR "${file}: the first line must be `// expect: <a part of the compiler's message>`")
  endif()
  set(TEXT "${CMAKE_MATCH_1}")
endif()

execute_process(
  COMMAND ${command}
  RESULT_VARIABLE result
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)
string(REGEX REPLACE "[ \t\r\n]+" " " flat "${output}")
string(FIND "${flat}" "${TEXT}" position)

if(result EQUAL 0)
  message(FATAL_ERROR "It should have failed, saying: ${TEXT}\n${output}")
elseif(position EQUAL -1)
  message(FATAL_ERROR "It failed as it should (${result}), but without saying: ${TEXT}\n${output}")
elseif(DEFINED ONCE)
  string(REPLACE "${ONCE}" "" without "${flat}")
  string(LENGTH "${flat}" length)
  string(LENGTH "${without}" length_without)
  string(LENGTH "${ONCE}" length_once)
  math(EXPR removed "${length} - ${length_without}")
  if(NOT removed EQUAL length_once)
    message(FATAL_ERROR "It should have said exactly once: ${ONCE}\n${output}")
  endif()
endif()
