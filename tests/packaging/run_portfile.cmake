# SPDX-License-Identifier: MIT
# cmake -DPORT_DIR=<dir> -DPACKAGE_DIR=<dir> -DGENERATOR=<name> -DCXX=<compiler> -P run_portfile.cmake
# Runs a vcpkg port without vcpkg: the functions of vcpkg that it calls do here what matters for one package of headers,
# and stop where vcpkg would complain.
set(CURRENT_PACKAGES_DIR "${PACKAGE_DIR}")
set(build "${PACKAGE_DIR}-build")
file(REMOVE_RECURSE "${PACKAGE_DIR}" "${build}")
file(READ "${PORT_DIR}/vcpkg.json" manifest)
string(JSON PORT GET "${manifest}" name)

function(vcpkg_cmake_configure)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S "${arg_SOURCE_PATH}" -B "${build}" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${CXX}"
            "-DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR}" ${arg_OPTIONS}
    COMMAND_ERROR_IS_FATAL ANY
    ERROR_VARIABLE errors)
  if(errors)
    message(FATAL_ERROR "${errors}")  # for instance of an option that the project does not have
  endif()
endfunction()

function(vcpkg_cmake_install)
  execute_process(COMMAND ${CMAKE_COMMAND} --build "${build}" --target install COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
endfunction()

function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
  file(GLOB files "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*")
  if(NOT files)
    message(FATAL_ERROR "The CMake package is not in ${arg_CONFIG_PATH}")
  endif()
  file(COPY ${files} DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
  file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}")
  # The files now lie one folder higher.
  set(targets_file "${CURRENT_PACKAGES_DIR}/share/${PORT}/${PORT}Targets.cmake")
  file(READ "${targets_file}" targets)
  string(REPLACE "get_filename_component(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_FILE}\" PATH)"
                 "set(_IMPORT_PREFIX \"\${CMAKE_CURRENT_LIST_FILE}\")" targets "${targets}")
  file(WRITE "${targets_file}" "${targets}")
endfunction()

function(vcpkg_fixup_pkgconfig)
endfunction()

function(vcpkg_install_copyright)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
  file(COPY_FILE "${arg_FILE_LIST}" "${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright")
endfunction()

include("${PORT_DIR}/portfile.cmake")

# What vcpkg's own checks after a build look for.
foreach(wanted IN ITEMS include/perturb/perturb.hpp share/perturb/copyright share/perturb/perturbConfig.cmake
                        share/perturb/usage)
  if(NOT EXISTS "${CURRENT_PACKAGES_DIR}/${wanted}")
    message(FATAL_ERROR "The port installs no ${wanted}")
  endif()
endforeach()
foreach(unwanted IN ITEMS share/doc share/cmake debug lib)
  if(EXISTS "${CURRENT_PACKAGES_DIR}/${unwanted}")
    message(FATAL_ERROR "The port leaves ${unwanted} behind")
  endif()
endforeach()
