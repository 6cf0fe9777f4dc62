# SPDX-License-Identifier: MIT
"""Recipe for Conan 2 that packs the checkout it lies in: conan create packaging/conan --build=missing -s compiler.cppstd=20"""

import pathlib
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeToolchain, cmake_layout
from conan.tools.files import copy, rmdir

required_conan_version = ">=2.0"


class PerturbRecipe(ConanFile):
    name = "perturb"
    description = "Header-only C++20 hash tables and a consistent-hash ring"
    license = "MIT"
    topics = ("hash-table", "hash-map", "consistent-hashing", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    generators = ("CMakeDeps",)
    no_copy_source = True

    def set_version(self):
        text = (pathlib.Path(self.recipe_folder) / "../../include/perturb/version.hpp").read_text()
        self.version = ".".join(re.findall(r"#define PERTURB_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))

    def export_sources(self):
        root = pathlib.Path(self.recipe_folder).parent.parent
        for pattern in ("CMakeLists.txt", "LICENSE", "cmake/*", "extras/*", "include/*", "modules/*"):
            copy(self, pattern, src=root, dst=self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("xxhash/[>=0.8 <1]", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def generate(self):
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "BENCH", "EXAMPLES"):
            toolchain.cache_variables[f"PERTURB_BUILD_{part}"] = False
        toolchain.cache_variables["PERTURB_INSTALL"] = True
        toolchain.generate()

    def build(self):
        CMake(self).configure()

    def package(self):
        CMake(self).install()
        package = pathlib.Path(self.package_folder)
        for folder in ("cmake", "pkgconfig", "doc"):  # Conan writes its own
            rmdir(self, package / "share" / folder)
        copy(self, "LICENSE", src=self.source_folder, dst=package / "licenses")

    def package_id(self):
        self.info.clear()

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "perturb")
        self.cpp_info.set_property("cmake_target_name", "perturb::perturb")
        # As in cmake/install.cmake.
        unstable = str(self.version).startswith("0.")
        self.cpp_info.set_property("cmake_config_version_compat", "SameMinorVersion" if unstable else "SameMajorVersion")
        self.cpp_info.set_property("pkg_config_name", "perturb")
