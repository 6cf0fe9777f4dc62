#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does what docs/install.md says, word for word: each section in an empty folder that has only program.cpp.

Left out are commands that change the machine (apt) or need programs that Debian does not have (vcpkg, conan); the
Debian package is unpacked instead of installed. Each section must leave a program that prints what the quick start
prints."""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"```(sh|cmake)\n(.*?)```", re.DOTALL)
SECTIONS = [
    "The include folder",
    "A single header",
    "CMake, installed",
    "CMake, inside your project",
    "Debian package",
    "pkg-config",
    "C++20 module",
]
OUTPUT = "Alan: 41"


def sections(page):
    return {title: body for title, body in re.findall(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)", page)}


def steps(title, blocks, prefix):
    """The CMakeLists.txt, if there is one, and the shell commands of a section."""
    files = "".join(text for kind, text in blocks if kind == "cmake")
    commands = "".join(text for kind, text in blocks if kind == "sh")
    if title == "CMake, inside your project":
        files = files.replace("GIT_REPOSITORY <URL of this repository> GIT_TAG <commit>", f"SOURCE_DIR {ROOT}")
        head = "cmake_minimum_required(VERSION 3.23)\nproject(program LANGUAGES CXX)\n"
        tail = "add_executable(program program.cpp)\ntarget_link_libraries(program PRIVATE perturb::perturb)\n"
        files = head + files + tail
        commands = "cmake -B build-program\ncmake --build build-program\n"
    if title == "Debian package":
        commands = commands.replace("apt install ", "dpkg-deb -x ").replace("_all.deb", "_all.deb root")
        commands += "g++ -std=c++20 -Iroot/usr/include program.cpp -o program\n"
    return files, re.sub(r"\bPREFIX\b", str(prefix), commands.replace("CHECKOUT", str(ROOT)))


def follow(title, files, commands, folder, prefix):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "examples" / "quickstart.cpp", folder / "program.cpp")
    if files:
        (folder / "CMakeLists.txt").write_text(files)
    variables = {**os.environ, "PKG_CONFIG_PATH": f"{prefix}/share/pkgconfig"}
    done = subprocess.run(["sh", "-ec", commands], cwd=folder, env=variables, capture_output=True, text=True)
    if done.returncode != 0:
        return f"{title}: the commands fail\n{commands}\n{done.stdout[-2000:]}{done.stderr}"
    program = next((path for path in (folder / "program", folder / "build-program" / "program") if path.exists()), None)
    if program is None:
        return f"{title}: no program is made"
    run = subprocess.run([program], capture_output=True, text=True)
    return None if run.stdout.startswith(OUTPUT) else f"{title}: the program prints {run.stdout}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where to work; its contents are removed")
    folder = parser.parse_args().folder.resolve()
    page = sections((ROOT / "docs" / "install.md").read_text(encoding="utf-8"))
    faults, prefix = [], folder / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    for title in SECTIONS:
        blocks = BLOCK.findall(page.get(title, ""))
        if not blocks:
            faults.append(f"{title}: there is no such section with commands")
        elif title == "Debian package" and not shutil.which("dpkg-deb"):
            print(f"{title}: left out, there is no dpkg-deb")
        elif title == "C++20 module" and not shutil.which("clang++-19"):
            print(f"{title}: left out, there is no clang++-19")
        else:
            place = folder / re.sub(r"\W+", "_", title)
            fault = follow(title, *steps(title, blocks, prefix), place, prefix)
            print(f"{title}: {'FAILED' if fault else 'works'}")
            faults += [fault] if fault else []
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
