#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Configures and installs what the Conan recipe takes from the checkout, with the options that it gives, without Conan.

usage: conan_sources.py ROOT CMAKE CXX FOLDER"""

import pathlib
import shutil
import subprocess
import sys

root, cmake, cxx, folder = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
sys.path.insert(0, str(root / "tools"))

from check_packaging import conan_recipe  # noqa: E402


def copy(_, pattern, src, dst):
    """Conan's: a * stands for folders as well."""
    for path in pathlib.Path(src).rglob(pattern.rpartition("/")[2]):
        relative = path.relative_to(src)
        if path.is_file() and relative.as_posix().startswith(pattern.rstrip("*")):
            target = pathlib.Path(dst) / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


shutil.rmtree(folder, ignore_errors=True)
sources, build = folder / "sources", folder / "build"
recipe, _, _, options = conan_recipe(root / "packaging" / "conan" / "conanfile.py")
sys.modules["recipe_under_test"].copy = copy
recipe.export_sources_folder = str(sources)
recipe.export_sources()
given = [f"-D{name}={'ON' if value else 'OFF'}" for name, value in options.items()]
subprocess.run([cmake, "-S", sources, "-B", build, f"-DCMAKE_CXX_COMPILER={cxx}", *given], check=True)
subprocess.run([cmake, "--install", build, "--prefix", folder / "package"], check=True, stdout=subprocess.DEVNULL)
if not (folder / "package" / "include" / "perturb" / "perturb.hpp").exists():
    sys.exit("no headers are installed")
