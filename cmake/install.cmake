# SPDX-License-Identifier: MIT
# Installs the headers, the CMake package and the pkg-config file, all independent of the architecture, hence in share/,
# and describes the Debian package that CPack makes of them.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# What is installed here; programs have components of their own.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME libperturb-dev)
set(PERTURB_PACKAGE_DIR "${CMAKE_INSTALL_DATADIR}/cmake/perturb")

# INCLUDES repeats what the file set says, for consumers whose CMake is older than 3.23.
install(
  TARGETS perturb
  EXPORT perturbTargets
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  INCLUDES
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(
  EXPORT perturbTargets
  NAMESPACE perturb::
  DESTINATION "${PERTURB_PACKAGE_DIR}")

configure_package_config_file(cmake/perturbConfig.cmake.in "${CMAKE_CURRENT_BINARY_DIR}/perturbConfig.cmake"
                              INSTALL_DESTINATION "${PERTURB_PACKAGE_DIR}")
# Before 1.0 a minor version may break its users; after it only a major one may.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(PERTURB_COMPATIBILITY SameMinorVersion)
else()
  set(PERTURB_COMPATIBILITY SameMajorVersion)
endif()
write_basic_package_version_file(
  "${CMAKE_CURRENT_BINARY_DIR}/perturbConfigVersion.cmake"
  COMPATIBILITY ${PERTURB_COMPATIBILITY} ARCH_INDEPENDENT)
install(
  FILES "${CMAKE_CURRENT_BINARY_DIR}/perturbConfig.cmake" "${CMAKE_CURRENT_BINARY_DIR}/perturbConfigVersion.cmake"
        cmake/FindxxHash.cmake
  DESTINATION "${PERTURB_PACKAGE_DIR}")

configure_file(cmake/perturb.pc.in "${CMAKE_CURRENT_BINARY_DIR}/perturb.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/perturb.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")
install(
  FILES LICENSE
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/libperturb-dev"
  RENAME copyright)

# What a program gets without the CMake package: the module, and on request the single headers, made when installing.
install(FILES modules/perturb.cppm DESTINATION "${CMAKE_INSTALL_DATADIR}/perturb/modules")
option(PERTURB_INSTALL_SINGLE_HEADERS "Also install perturb as single headers, in share/perturb/single" OFF)
if(PERTURB_INSTALL_SINGLE_HEADERS)
  set(PERTURB_SINGLE_DIR "${CMAKE_CURRENT_BINARY_DIR}/single")
  install(CODE "execute_process(COMMAND sh \"${CMAKE_CURRENT_SOURCE_DIR}/tools/amalgamate.sh\" \"${PERTURB_SINGLE_DIR}\"
                                COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES "${PERTURB_SINGLE_DIR}/perturb_all.hpp" "${PERTURB_SINGLE_DIR}/perturb_tables.hpp"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/perturb/single")
endif()
include(extras/install.cmake)

if(PROJECT_IS_TOP_LEVEL)
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME libperturb-dev)
  set(CPACK_PACKAGE_VENDOR "The perturb authors")
  set(CPACK_PACKAGE_CONTACT "The perturb authors <perturb@example.org>")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  # Lines as Debian shows them.
  set(CPACK_PACKAGE_DESCRIPTION
      "Hash tables with open addressing and perturbation probing: they grow by four"
      "and give memory back while elements are erased. The interface is that of"
      "std::unordered_map, with the members that users of Python's dict expect. A"
      "consistent-hash ring with weights says which node owns a key, also as other"
      "programs' rings do.")
  list(JOIN CPACK_PACKAGE_DESCRIPTION "\n" CPACK_PACKAGE_DESCRIPTION)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES FALSE)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  # Debian asks for a changelog of its own format.
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  set(changelog "${CMAKE_CURRENT_BINARY_DIR}/changelog")
  file(WRITE "${changelog}" "${CPACK_PACKAGE_NAME} (${PROJECT_VERSION}) unstable; urgency=medium\n\n"
                            "  * Version ${PROJECT_VERSION}.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(ARCHIVE_CREATE OUTPUT "${changelog}.gz" PATHS "${changelog}" FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  install(FILES "${changelog}.gz" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME}")
  # A package for each component.
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_ALL libperturb-dev)
  set(CPACK_DEBIAN_LIBPERTURB-DEV_PACKAGE_NAME libperturb-dev)
  set(CPACK_DEBIAN_LIBPERTURB-DEV_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_LIBPERTURB-DEV_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_LIBPERTURB-DEV_PACKAGE_DEPENDS "libxxhash-dev (>= 0.8)")
  if(PERTURB_INSTALLS_RING)
    include("${PROJECT_SOURCE_DIR}/apps/perturb-ring/package.cmake")
  endif()
  include(CPack)
endif()
