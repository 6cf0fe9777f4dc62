# SPDX-License-Identifier: MIT
# Installed as /etc/gdb/gdbinit.d/perturb.py by the Debian package: gdb then loads the printers by itself.
import os
import sys

_folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../usr/share/perturb")
if os.path.exists(os.path.join(_folder, "perturb_gdb.py")):
    sys.path.insert(0, os.path.normpath(_folder))
    import perturb_gdb  # noqa: F401
