# SPDX-License-Identifier: MIT
# An overlay port that packs the checkout it lies in: vcpkg install perturb --overlay-ports=packaging/vcpkg
# In a registry, SOURCE_PATH comes from vcpkg_from_github or vcpkg_from_git instead.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(VCPKG_BUILD_TYPE release) # headers only

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DPERTURB_BUILD_TESTS=OFF -DPERTURB_BUILD_BENCH=OFF -DPERTURB_BUILD_EXAMPLES=OFF -DPERTURB_INSTALL=ON)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/perturb)
vcpkg_fixup_pkgconfig()
# The licence is installed under vcpkg's own name.
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc" "${CURRENT_PACKAGES_DIR}/share/cmake")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
