# SPDX-License-Identifier: MIT
# The Debian package of perturb-ring, included before CPack.
list(APPEND CPACK_COMPONENTS_ALL perturb-ring)
find_program(PERTURB_DPKG dpkg)
set(PERTURB_DEBIAN_ARCHITECTURE "")
if(PERTURB_DPKG)
  execute_process(
    COMMAND "${PERTURB_DPKG}" --print-architecture
    OUTPUT_VARIABLE PERTURB_DEBIAN_ARCHITECTURE
    OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(CPACK_DEBIAN_PERTURB-RING_PACKAGE_NAME perturb-ring)
set(CPACK_DEBIAN_PERTURB-RING_PACKAGE_ARCHITECTURE "${PERTURB_DEBIAN_ARCHITECTURE}")
set(CPACK_DEBIAN_PERTURB-RING_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PERTURB-RING_DESCRIPTION
    "Which server owns a key, and what moves when servers change\nA command-line tool for consistent-hash rings: those of perturb, libmemcached, twemproxy, nginx, HAProxy, Envoy, gRPC, brpc, ketama and uhashring.")
# The shared libraries that it needs, by the names of their packages.
find_program(PERTURB_DPKG_SHLIBDEPS dpkg-shlibdeps)
if(PERTURB_DPKG_SHLIBDEPS)
  set(CPACK_DEBIAN_PERTURB-RING_PACKAGE_SHLIBDEPS ON)
endif()
