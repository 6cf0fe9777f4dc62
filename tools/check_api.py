#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the public names in the headers with those that docs/api.md lists.

usage: check_api.py [--list] [INCLUDE_DIR PAGE SOURCE]
       (default: include/, docs/api.md and tests/headers/public_names.cpp of this checkout)

--list prints every public name as a line of the page, with its comment up to the first full stop,
and compares nothing.

It is an error if
  - a public name is not listed, or a listed one does not exist, or it is listed below another header than its own;
  - a listed name does not occur in SOURCE, which uses all of them and which the tests compile;
  - a public name is declared in a folder that is not public (table/, ring/, hash/), except those in BY_CONTRACT.

Public are the names of classes, enumerations, concepts, aliases, functions and variables declared in namespace perturb
or in a namespace inside it, unless one of these is named `detail`; and the macros that a user may define (the headers
define them after `#ifndef`) or that version.hpp defines, unless `DETAIL` is part of their name.

It scans tokens and is no compiler. It does not see: members, enumerators, friend functions that are defined in a class,
operators, deduction guides, and names that only an expansion of a macro declares. An explicit specialization counts as
its template. A name that is only forward-declared counts for the header that declares it.

The page: a heading with `<perturb/HEADER>` in backquotes begins the names of that header; each is a line
"- `NAME...`: what it is", with the namespaces below perturb (`growth::Dict`).
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PUBLIC_FOLDERS = {"", "profiles"}
BY_CONTRACT = {("table/probe_sequence.hpp", "ProbeSequence")}

COMMENT_OR_TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.DOTALL)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.']*|::|->|[<>=!]=|&&|\|\||<=>|\S")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*$")
CLOSING = {"(": ")", "[": "]", "{": "}"}
CLASS_KEYS = {"class", "struct", "union", "enum"}


def blanked(match):
    """A comment or text as blanks, so that all offsets stay."""
    text = match[0]
    return re.sub(r"[^\n]", " ", text) if text[0] == "/" else text[0] + " " * (len(text) - 2) + text[-1]


def after_group(tokens, i):
    """The index after the bracket that closes the one at `i`."""
    depth = 0
    while i < len(tokens):
        if tokens[i][0] in CLOSING:
            depth += 1
        elif tokens[i][0] in CLOSING.values():
            depth -= 1
            if depth == 0:
                return i + 1
        i += 1
    return i


def after_template_head(tokens, i):
    """The index after `template <...>`, which begins at `i`."""
    depth = 0
    i += 1
    while i < len(tokens):
        text = tokens[i][0]
        if text in CLOSING:
            i = after_group(tokens, i)
            continue
        depth += (text == "<") - (text == ">")
        i += 1
        if depth == 0:
            break
    return i


def declaration(tokens, i):
    """Reads the declaration that begins at `i`: (what it declares or None, whether only forward, the index after it)."""
    name, is_definition, is_class, has_initializer = None, False, False, False
    plain = []  # the tokens outside brackets and template heads so far
    while i < len(tokens):
        text = tokens[i][0]
        if text == "template":
            i = after_template_head(tokens, i)
            continue
        if text == ";":
            i += 1
            break
        if text == "requires" and i + 1 < len(tokens):
            # A requires-expression or a parenthesized clause; its brackets end nothing.
            i += 1
            while tokens[i][0] == "requires":
                i += 1
            if tokens[i][0] == "(":
                i = after_group(tokens, i)
            if tokens[i][0] == "{":
                after = after_group(tokens, i)
                # The body of a function that has a clause `requires(...)` follows the function's name.
                if name is not None and not has_initializer:
                    return name, False, after
                i = after
            continue
        if text in CLASS_KEYS and not has_initializer and name is None:
            i += 1
            while tokens[i][0] in CLASS_KEYS or tokens[i][0] in ("[", "alignas"):
                i = after_group(tokens, i) if tokens[i][0] == "[" else i + 1
            name, is_class = tokens[i][0], True
            i += 1
            continue
        if text in ("using", "concept") and name is None:
            name = tokens[i + 1][0]
            has_initializer = True
            i += 2
            continue
        if text == "(":
            before = plain[-1] if plain else ""
            if name is None and IDENTIFIER.match(before) and before not in ("noexcept", "decltype", "explicit", "alignas"):
                is_free = len(plain) > 1 and plain[-2] != "::" and "operator" not in plain
                name = before if is_free else ""
            i = after_group(tokens, i)
            plain.append("()")
            continue
        if text == "{":
            if name is None and plain:
                name = variable_name(plain)
            i = after_group(tokens, i)
            if has_initializer:
                continue
            if is_class or name is None or tokens[i : i + 1] == [] or tokens[i][0] != ";":
                is_definition = True
                break
            continue
        if text == "=" and name is None:
            name = variable_name(plain)
            has_initializer = True
        elif text == "=":
            has_initializer = True
        if text == "[":
            i = after_group(tokens, i)
            continue
        plain.append(text)
        i += 1
    if name is None:
        name = variable_name(plain)
    return name, is_class and not is_definition, i


def variable_name(plain):
    """The variable's name: the last identifier, before the arguments if it is a specialization."""
    depth = 0
    for text in reversed(plain):
        depth += (text == ">") - (text == "<")
        if depth == 0 and IDENTIFIER.match(text):
            return text if len(plain) > 1 and "operator" not in plain else ""
    return ""


def first_sentence(lines, number):
    """The text up to the first full stop of the `///` comment that ends above line `number` (from 1)."""
    first = number - 1
    while first > 0 and lines[first - 1].startswith("///"):
        first -= 1
    text = " ".join(line.removeprefix("///").strip() for line in lines[first : number - 1])
    return re.split(r"(?<=[.:])\s", text, maxsplit=1)[0].rstrip(".:")


def public_names(path):
    """Yields (name, whether only forward-declared, comment) for each public name in the header."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    code = COMMENT_OR_TEXT.sub(blanked, source)
    for match in DIRECTIVE.finditer(code):
        defined = re.match(r"\s*#\s*define\s+(PERTURB_\w+)", match[0])
        if defined and "DETAIL" not in defined[1]:
            may_be_defined = re.search(rf"#\s*ifndef\s+{defined[1]}\b", code)
            if may_be_defined or path.name == "version.hpp":
                yield defined[1], False, first_sentence(lines, code.count("\n", 0, match.start()) + 1)
    code = DIRECTIVE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), code)
    tokens = [(match[0], match.start()) for match in TOKEN.finditer(code)]
    spaces, i = [], 0
    while i < len(tokens):
        if tokens[i][0] == "}":
            spaces.pop()
            i += 1
        elif tokens[i][0] == "namespace":
            i += 1
            names = []
            while tokens[i][0] != "{":
                if tokens[i][0] not in ("::", "inline", "PERTURB_ABI"):
                    names.append(tokens[i][0])
                i += 1
            spaces.append(names)
            i += 1
        else:
            start = tokens[i][1]
            name, is_forward, i = declaration(tokens, i)
            inside = [part for names in spaces for part in names]
            if name and inside[:1] == ["perturb"] and "detail" not in inside:
                comment = first_sentence(lines, code.count("\n", 0, start) + 1)
                yield "::".join(inside[1:] + [name]), is_forward, comment


def declared(include):
    """Two dictionaries, by name: the headers that define it (or, failing these, declare it), and its comment."""
    defining, forward, comments = {}, {}, {}
    for path in sorted((include / "perturb").rglob("*.hpp")):
        header = path.relative_to(include / "perturb").as_posix()
        for name, is_forward, comment in public_names(path):
            (forward if is_forward else defining).setdefault(name, set()).add(header)
            if not is_forward or name not in comments:
                comments[name] = comments.get(name) or comment
    return {**forward, **defining}, comments


def listed(page):
    """The (header, name) pairs of the page, and its faults."""
    pairs, faults, header = [], [], None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        heading = re.match(r"#+ .*`<perturb/([^>]+)>`", line)
        entry = re.match(r"- `([A-Za-z_][\w:]*)", line)
        if heading:
            header = heading[1]
        elif line.startswith("#"):
            header = None
        elif entry and header is None:
            faults.append(f"{page}:{number}: `{entry[1]}` is below no header")
        elif entry:
            pairs.append((header, entry[1]))
    return pairs, faults


def compare(include, page, source):
    names, comments = declared(include)
    pairs, faults = listed(page)
    on_page = {name for _, name in pairs}
    missing = {}
    for name, headers in sorted(names.items()):
        for header in sorted(headers):
            folder = header.rpartition("/")[0]
            if folder not in PUBLIC_FOLDERS and (header, name) not in BY_CONTRACT:
                faults.append(
                    f"{include / 'perturb' / header}: {name} is public, but its folder is not: "
                    "declare it in namespace detail, or in a header in perturb/ itself"
                )
        if name not in on_page:
            missing.setdefault(sorted(headers)[0], []).append(f"- `{name}`: {comments.get(name) or '...'}")
    for header, lines in sorted(missing.items()):
        faults.append("\n  ".join([f"{page}: missing below `<perturb/{header}>`:", *lines]))
    for header, name in pairs:
        if name not in names:
            faults.append(f"{page}: `{name}` is listed, but no header declares it")
        elif header not in names[name]:
            faults.append(f"{page}: `{name}` is listed below <perturb/{header}>, but is in {', '.join(sorted(names[name]))}")
        elif pairs.count((header, name)) > 1:
            faults.append(f"{page}: `{name}` is listed twice")
    uses = [source, *sorted((ROOT / "tests" / "interop").glob("*.cpp"))]  # those of headers that need other libraries
    code = "".join(COMMENT_OR_TEXT.sub(blanked, path.read_text(encoding="utf-8")) for path in uses)
    for name in sorted(on_page & names.keys()):
        if not re.search(rf"\b{name}\b", code):
            faults.append(f"{source}: does not use {name}")
    if not names:
        faults.append(f"{include}: no public names in perturb/")
    return list(dict.fromkeys(faults)), len(names)


def main():
    arguments = [pathlib.Path(argument) for argument in sys.argv[1:] if argument != "--list"]
    here = [ROOT / "include", ROOT / "docs" / "api.md", ROOT / "tests" / "headers" / "public_names.cpp"]
    include, page, source = arguments + here[len(arguments) :]
    if "--list" in sys.argv[1:]:
        names, comments = declared(include)
        for header in sorted({header for headers in names.values() for header in headers}):
            print(f"\n### `<perturb/{header}>`\n")
            for name in sorted(name for name, headers in names.items() if header in headers):
                print(f"- `{name}`: {comments.get(name) or '...'}")
        return 0
    faults, count = compare(include, page, source)
    print("\n".join(faults) if faults else f"{page}: all {count} public names are listed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
