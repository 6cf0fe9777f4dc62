# SPDX-License-Identifier: MIT
# Installs what shows tables and rings in debuggers. gdb loads its script by itself where the prefix is /usr, as in the
# Debian package; elsewhere one line in ~/.gdbinit does it.
install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/perturb_gdb.py" "${CMAKE_CURRENT_LIST_DIR}/perturb_lldb.py"
        "${CMAKE_CURRENT_LIST_DIR}/perturb_layout.py" "${CMAKE_CURRENT_LIST_DIR}/perturb.natvis"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/perturb")
install(
  CODE "if(CMAKE_INSTALL_PREFIX MATCHES \"/usr$\")
  file(INSTALL \"${CMAKE_CURRENT_LIST_DIR}/gdbinit.py\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/../etc/gdb/gdbinit.d\"
       RENAME perturb.py)
endif()")
set(CPACK_DEBIAN_LIBPERTURB-DEV_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_LIST_DIR}/conffiles")
