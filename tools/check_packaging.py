#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that the packages agree with CMakeLists.txt and include/perturb/version.hpp.

Looked at: the vcpkg port, the Conan recipe, the Debian package, the pkg-config file, the CMake package, CITATION.cff,
docs/install.md.
They must have the same version, description, licence, C++ standard and oldest xxHash; and the port and the recipe must
turn off all that perturb builds for itself (each option PERTURB_BUILD_...) and set no option that there is not."""

import argparse
import importlib.util
import json
import pathlib
import re
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Recorder:
    """Stands for what a recipe is given: takes any call, and remembers the cache variables of its toolchain."""

    def __init__(self, *_):
        self.cache_variables = {}

    def generate(self):
        Recorder.last = self.cache_variables


def conan_recipe(path):
    """What the recipe says, run without Conan: (its class, required packages, minimum of C++, cache variables)."""
    required, standards = [], []
    # Conan's modules, as far as the recipe imports them.
    modules = {
        "conan": {"ConanFile": object},
        "conan.tools": {},
        "conan.tools.build": {"check_min_cppstd": lambda _, standard: standards.append(str(standard))},
        "conan.tools.cmake": {"CMake": Recorder, "CMakeToolchain": Recorder, "cmake_layout": None},
        "conan.tools.files": {"copy": None, "rmdir": None},
    }
    for name, members in modules.items():
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].__dict__.update(members)
    spec = importlib.util.spec_from_file_location("recipe_under_test", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    (recipe,) = [kind for name, kind in vars(module).items() if name.endswith("Recipe")]
    one = recipe()
    one.recipe_folder = str(path.parent)
    one.requires = lambda reference, **_: required.append(reference)
    one.set_version()
    one.requirements()
    one.validate()
    one.generate()
    return one, required, standards, Recorder.last


class Facts:
    """Facts that must be equal, each found in several places."""

    def __init__(self, root):
        self.root, self.faults, self.count = root, [], 0

    def text(self, name):
        return (self.root / name).read_text(encoding="utf-8")

    def found(self, name, pattern):
        """What the group of `pattern` matches in the file."""
        match = re.search(pattern, self.text(name))
        return match[1] if match else "nothing"

    def same(self, what, wanted, **places):
        for place, value in places.items():
            self.count += 1
            if value != wanted:
                self.faults.append(f"{what} is {wanted} in CMake, but {value} in {place}")


def short(version):
    """0.8.0 as 0.8: trailing zeros of a version say nothing."""
    return re.sub(r"(\.0)+$", "", version)


def check(root):
    facts = Facts(root)
    version = facts.text("include/perturb/version.hpp")
    numbers = re.findall(r"#define PERTURB_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", version)
    port = json.loads(facts.text("packaging/vcpkg/perturb/vcpkg.json"))
    portfile = facts.text("packaging/vcpkg/perturb/portfile.cmake")
    recipe, required, standards, conan_options = conan_recipe(root / "packaging" / "conan" / "conanfile.py")
    cmake = facts.text("CMakeLists.txt")

    facts.same(
        "the version",
        ".".join(numbers),
        vcpkg=port["version"],
        conan=recipe.version,
        citation=facts.found("CITATION.cff", r"(?m)^version: (\S+)$"),
        page=facts.found("docs/install.md", r"perturb/(\d[\d.]*\d)"),
        changes=facts.found("CHANGELOG.md", r"(?m)^## (?:Unreleased \()?(\d[\d.]*)"),
    )
    facts.same(
        "the minor version",
        ".".join(numbers[:2]),
        page=facts.found("docs/install.md", r"find_package\(perturb (\S+)"),
    )
    facts.same(
        "the description",
        facts.found("CMakeLists.txt", r'DESCRIPTION "([^"]+)"'),
        vcpkg=port["description"],
        conan=recipe.description,
    )
    licence = facts.found("include/perturb/version.hpp", r"SPDX-License-Identifier: (\S+)")
    facts.same(
        "the licence",
        licence,
        vcpkg=port["license"],
        conan=recipe.license,
        citation=facts.found("CITATION.cff", r"(?m)^license: (\S+)$"),
    )
    facts.same(
        "the C++ standard",
        facts.found("CMakeLists.txt", r"cxx_std_(\d+)"),
        conan=standards[0] if standards else "nothing",
    )
    number = int(facts.found("include/perturb/hash/xxhash.hpp", r"XXH_VERSION_NUMBER < (\d+)"))
    xxhash = {dependency["name"]: dependency for dependency in port["dependencies"]}.get("xxhash", {})
    facts.same(
        "the oldest xxHash",
        facts.found("CMakeLists.txt", r"find_package\(xxHash (\S+)"),
        headers=short(f"{number // 10000}.{number // 100 % 100}.{number % 100}"),
        vcpkg=short(xxhash.get("version>=", "nothing")),
        conan=next((match[1] for line in required if (match := re.match(r"xxhash/\[>=([\d.]+)", line))), "nothing"),
        config=facts.found("cmake/perturbConfig.cmake.in", r"find_package\(xxHash (\S+)"),
        pkg_config=facts.found("cmake/perturb.pc.in", r"libxxhash >= (\S+)"),
        debian=facts.found("cmake/install.cmake", r"libxxhash-dev \(>= ([^)]+)\)"),
    )

    options = set(re.findall(r"option\((PERTURB_\w+)", cmake + facts.text("cmake/install.cmake")))
    vcpkg_options = dict(re.findall(r"-D(PERTURB_\w+)=(\w+)", portfile))
    vcpkg_options = {name: value == "ON" for name, value in vcpkg_options.items()}
    for place, given in (("vcpkg", vcpkg_options), ("conan", conan_options)):
        facts.faults += [f"{place} sets {name}, which is no option" for name in sorted(given.keys() - options)]
        for name in sorted(options):
            if name.startswith("PERTURB_BUILD_"):
                facts.same(name, False, **{place: given.get(name, "not set")})
        facts.same("PERTURB_INSTALL", True, **{place: given.get("PERTURB_INSTALL", "not set")})
    return facts.faults, facts.count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=ROOT, help="the checkout (default: this one)")
    faults, count = check(parser.parse_args().root.resolve())
    print("\n".join(faults) if faults else f"The packages agree with CMake in {count} places.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
