# SPDX-License-Identifier: MIT
#[=======================================================================[.rst:
FindxxHash
----------

Finds xxHash. Distributions that ship its header and library without a CMake package (Debian does) make this module
necessary; it is installed beside perturbConfig.cmake for the same reason.

xxHash's own CMake package is preferred where it exists. Otherwise the header is looked for, with pkg-config's hint,
and the target stands for the header alone: perturb compiles xxHash inline (XXH_INLINE_ALL) and links nothing.

Imported target: ``xxHash::xxhash``. Variables: ``xxHash_FOUND``, ``xxHash_VERSION``, ``xxHash_INCLUDE_DIR`` (cache).
Hint: ``xxHash_ROOT``.
#]=======================================================================]

include(FindPackageHandleStandardArgs)

find_package(xxHash CONFIG QUIET)
if(xxHash_FOUND AND TARGET xxHash::xxhash)
  find_package_handle_standard_args(xxHash CONFIG_MODE)
  return()
endif()

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(PC_xxHash QUIET libxxhash)
endif()
find_path(xxHash_INCLUDE_DIR NAMES xxhash.h HINTS ${PC_xxHash_INCLUDE_DIRS})
mark_as_advanced(xxHash_INCLUDE_DIR)

unset(xxHash_VERSION)
if(xxHash_INCLUDE_DIR)
  file(STRINGS "${xxHash_INCLUDE_DIR}/xxhash.h" xxHash_version_lines
       REGEX "#[ ]*define[ ]+XXH_VERSION_(MAJOR|MINOR|RELEASE)[ ]+[0-9]+")
  list(TRANSFORM xxHash_version_lines REPLACE "[^0-9]" "")
  list(JOIN xxHash_version_lines "." xxHash_VERSION)
  unset(xxHash_version_lines)
endif()

find_package_handle_standard_args(
  xxHash
  REQUIRED_VARS xxHash_INCLUDE_DIR
  VERSION_VAR xxHash_VERSION
  REASON_FAILURE_MESSAGE "the header <xxhash.h> is missing (Debian and Ubuntu: apt install libxxhash-dev)")

if(xxHash_FOUND AND NOT TARGET xxHash::xxhash)
  add_library(xxHash::xxhash INTERFACE IMPORTED)
  set_target_properties(xxHash::xxhash PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${xxHash_INCLUDE_DIR}")
endif()
