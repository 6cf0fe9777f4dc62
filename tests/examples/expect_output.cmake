# SPDX-License-Identifier: MIT
# cmake -DPROGRAM=<program> -DEXPECTED=<file> -P expect_output.cmake
# Succeeds if the program does and prints exactly the content of the file.
execute_process(
  COMMAND "${PROGRAM}"
  RESULT_VARIABLE result
  OUTPUT_VARIABLE output)
file(READ "${EXPECTED}" expected)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} failed: ${result}")
endif()
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "${PROGRAM} printed\n${output}\ninstead of ${EXPECTED}:\n${expected}")
endif()
