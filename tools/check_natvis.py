#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks extras/perturb.natvis against the headers: a compiler reads every expression in it as a member function of the
type that it belongs to would, access rights aside. So the members exist and have the types that are needed. What only
Visual Studio's debugger understands (format specifiers, the order of evaluation) is not checked.

usage: check_natvis.py NATVIS COMPILER...

COMPILER is a command of g++ or clang++ that checks a source from standard input, with the include paths.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

NAMESPACE = "{http://schemas.microsoft.com/vstudio/debugger/natvis/2010}"
# What each name of a type stands for, and the switches of the headers that an alternative name belongs to.
SAMPLES = {
    "HashTable<*>": "perturb::HashTable<int, std::string>",
    "HashSet<*>": "perturb::HashSet<std::string>",
    "OrderedHashTable<*>": "perturb::OrderedHashTable<std::string, int>",
    "OrderedHashSet<*>": "perturb::OrderedHashSet<int>",
    "detail::table::TableIterator<*>": "perturb::HashTable<int, std::string>::iterator",
    "detail::ordered::OrderedIterator<*>": "perturb::OrderedHashSet<int>::iterator",
    "HashRing<*>": "perturb::HashRing<std::string>",
    "ShardedTable<*>": "perturb::ShardedTable<int, int, std::string>",
    "HashValue": "perturb::HashValue",
    "Token128": "perturb::Token128",
}
VARIANTS = ["", "_checked", "_nosimd", "_checked_nosimd"]
HEAD = """#include <perturb/perturb.hpp>
#include <string>
#define __int64 long long
"""


def statements(element):
    """The expressions of an element and those inside it, as statements, in order."""
    tag = element.tag.removeprefix(NAMESPACE)
    text = (element.text or "").strip()
    if tag == "Variable":
        yield f"auto {element.get('Name')} = {element.get('InitialValue')};"
    elif element.get("Condition"):
        yield f"static_cast<void>(static_cast<bool>({element.get('Condition')}));"
    for shown in (element.get("Name", ""), text if tag == "DisplayString" else ""):
        for expression in re.findall(r"(?<!\{)\{([^{}]+?)(?:,\w+)?\}(?!\})", shown.replace("{{", "").replace("}}", "")):
            yield f"static_cast<void>({expression});"
    if tag in ("Item", "ExpandedItem", "Size", "Exec"):
        yield f"static_cast<void>({text});"
    for child in element:
        yield from statements(child)


def main():
    page, compiler = sys.argv[1], sys.argv[2:]
    faults, functions, seen = [], [], set()
    for number, element in enumerate(ElementTree.parse(page).getroot()):
        abi, _, short = element.get("Name").removeprefix("perturb::").partition("::")
        names = [element.get("Name")]
        names += [other.get("Name") for other in element.iter(NAMESPACE + "AlternativeType")]
        if names != [f"perturb::{abi}{variant}::{short}" for variant in VARIANTS]:
            faults.append(f"{page}: {short}: its names must be those of {', '.join(abi + v for v in VARIANTS)}")
        if short not in SAMPLES:
            faults.append(f"{page}: {short} has no sample in check_natvis.py")
            continue
        seen.add(short)
        body = [line for child in element if child.tag != NAMESPACE + "AlternativeType" for line in statements(child)]
        if not body:
            faults.append(f"{page}: {short} shows nothing")
        lines = "\n".join(f'#line 1 "{short}: {line.replace(chr(34), chr(39))}"\n{line}' for line in body)
        functions.append(f"struct View{number} : {SAMPLES[short]} {{\nvoid show() {{\n{lines}\n}}\n}};")
        functions.append(f"using HashValue{number} = perturb::{abi}::HashValue;")
    faults += [f"{page}: {short} is missing" for short in SAMPLES if short not in seen]
    run = subprocess.run(
        [*compiler, "-fno-access-control", "-w", "-x", "c++", "-"],
        input=HEAD + "\n".join(functions),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if run.returncode != 0:
        faults.append(run.stderr)
    print("\n".join(faults) if faults else f"{page}: every expression is understood")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
