#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the declarations of the public names, for Doxygen to read: no bodies, nothing of `detail`, and each class with
the public members of its bases as its own. So a paragraph "Sources:" of a comment, which names those, is left out.

usage: reference.py OUTPUT      writes OUTPUT/perturb/HEADER.hpp for each header that docs/api.md lists

The headers are read with libclang (Debian: python3-clang-19), so it is /usr/bin/python3 that runs this.

Contracts: "Pre:", "Complexity:", "Invalidates:", "Throws:", "Guarantee:" and "Note:" in a comment become paragraphs of
their own. A line `// --- title ---` between members begins a group of members; the comment below it is the group's text.

It is an error if a name of docs/api.md is not found, or if neither it nor its header says what it is.
"""

import pathlib
import re
import sys
import textwrap

from clang import cindex

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LABELS = {
    "Pre": "Precondition",
    "Complexity": "Complexity",
    "Invalidates": "Invalidates",
    "Throws": "Throws",
    "Guarantee": "Guarantee",
    "Note": "Note",
}
LABEL = re.compile(r"(?:^|(?<=[.;:)])\s+|\n)((?:(?:" + "|".join(LABELS) + r")(?: and )?)+):\s+")
K = cindex.CursorKind
CLASSES = {K.CLASS_DECL, K.STRUCT_DECL, K.CLASS_TEMPLATE}
FUNCTIONS = {K.CXX_METHOD, K.FUNCTION_TEMPLATE, K.FUNCTION_DECL, K.CONSTRUCTOR, K.CONVERSION_FUNCTION}
ALIASES = {K.TYPE_ALIAS_DECL, K.TYPE_ALIAS_TEMPLATE_DECL}
OTHERS = ALIASES | {K.VAR_DECL, K.UNEXPOSED_DECL, K.FIELD_DECL, K.CONCEPT_DECL, K.ENUM_DECL}  # unexposed: variable templates
# Rules for signatures in the reference: internal names are left out, the meaning for a caller stays the same.
SIMPLER = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"\bPERTURB_ALWAYS_INLINE\s+|\[\[nodiscard\]\]\s*|\binline (?!constexpr)", ""),
        (r"\b(?:typename Base::template )?key_parameter<K, (?:key_type|Key)>", "K"),
        (r"\b(?:sought|key_parameter)<K>", "K"),
        (r"template <class Hash2.*> (void merge)\(.*?(&&?) source\)", r"template <class Table> \1(Table\2 source)"),
        (r"\btypename Element::Key\b", "Key"),
        (r"\bdetail::(?:\w+::)*InputIterator\b|\bInputIterator\b", "class"),
        (r"\brequires\s*\((?:!std::convertible_to<K, (?:const_)?iterator>(?: && )?)+\)\s*", ""),
        (r"\brequires\s*\(!std::same_as<iterator, const_iterator>\)\s*", ""),
        (r"noexcept\(noexcept\(.*\)\)", "noexcept(/* see the description */)"),
        # Doxygen takes the `const` of `constructible` for the member's own.
        (r"\bstd::is_nothrow_default_constructible_v<(\w+)>", r"noexcept(\1())"),
        (r"\bstd::is_nothrow_move_constructible_v<(\w+)>", r"noexcept(\1(std::move(other)))"),
        (r"\binline constexpr\b", "constexpr"),
        (r"\bstd::remove_const_t<KeyType>", "Key"),
        (r"\bdetail::(?:\w+::)+", ""),
    ]
]


def names_of_page():
    """(header, title text, [(name, text)]) for each header of docs/api.md."""
    headers = []
    lines = (ROOT / "docs/api.md").read_text(encoding="utf-8").splitlines()
    for i, line in enumerate(lines):
        if heading := re.match(r"### `<perturb/(.*)>`", line):
            headers.append((heading[1], []))
        elif entry := re.match(r"- `([\w:]+)[^`]*`: (.*)", line):
            text = [entry[2]]
            for more in lines[i + 1 :]:
                if not more.startswith("  "):
                    break
                text.append(more.strip())
            headers[-1][1].append((entry[1], " ".join(text)))
    return headers


def source_of(cursor):
    extent = cursor.extent
    data = pathlib.Path(extent.start.file.name).read_bytes()
    return data[extent.start.offset : extent.end.offset].decode("utf-8")


def is_own(cursor):
    """Whether a class is of perturb: its members are then shown as those of the classes derived from it."""
    return cursor.location.file is not None and cursor.location.file.name.startswith(str(ROOT))


def declaration_of(cursor, class_name=None, renamed=()):
    """The text of a declaration without its body, and with the class's name in place of the bases'."""
    end = None
    for child in cursor.get_children():
        if child.kind in (K.COMPOUND_STMT, K.CXX_TRY_STMT):
            end = child.extent.start.offset
    start = cursor.extent.start.offset
    if cursor.kind in CLASSES:
        tokens = list(cursor.get_tokens())
        depth = 0
        for token in tokens:
            if token.spelling == "{" or (token.spelling == ":" and depth == 0):
                end = token.extent.start.offset
                break
            depth += token.spelling.count("<") - token.spelling.count(">")
    elif cursor.kind in FUNCTIONS and end is not None:
        # The initializers of a constructor.
        depth = 0
        for token in cursor.get_tokens():
            if token.extent.start.offset >= end:
                break
            if token.spelling in "([{":
                depth += 1
            elif token.spelling in ")]}":
                depth -= 1
            elif token.spelling == ":" and depth == 0:
                end = token.extent.start.offset
                break
    text = source_of(cursor)
    if end is not None:
        text = text.encode("utf-8")[: end - start].decode("utf-8")
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"\s+", " ", text).strip().rstrip(";")
    if cursor.kind in OTHERS - {K.ENUM_DECL} and re.search(r"\b(?:Core|Slot|Layout)\b|detail::", text):
        text = re.sub(r"= .*", "= implementation_defined", text)
    for pattern, replacement in SIMPLER:
        text = pattern.sub(replacement, text)
    # Nor may `&&` stand in a condition: Doxygen takes it for the member's own.
    head, keyword, condition = text.partition(" noexcept(")
    text = head + keyword + condition.replace("&&", "and")
    for base in renamed:
        text = re.sub(rf"\b{base}\b", class_name, text)
    return text.strip()


def signature(declaration):
    """What tells overloads apart: the declaration without the names of its parameters and what is after them."""
    head, bracket, rest = declaration.partition(")")
    name, _, parameters = head.partition("(")
    parameters = re.sub(r"(?<=[\w&*>])\s+\w+(?=\s*(?:[,=]|$))", "", parameters)
    return name, re.sub(r"[^\w&]", "", parameters), bool(re.match(r" const\b", rest)) if bracket else rest


def without_slashes(raw):
    return "\n".join(re.sub(r"^\s*//[/!]?<? ?", "", line) for line in raw.splitlines())


def escaped(text):
    """As Doxygen takes it: outside code, what would be a tag or a command is not one."""
    parts = re.split(r"(`[^`\n]*(?:\n[^`\n]*)?`)", text)
    for i, part in enumerate(parts):
        if i % 2 == 0:
            part = re.sub(r"@(?!returns\b|param\b)", r"\@", part)
            parts[i] = part.replace("<", "&lt;").replace(">", "&gt;").replace("#", r"\#")
        else:
            code = re.sub(r"\s+", " ", part[1:-1])
            code = code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            code = re.sub(r"([\\@#]|::)", r"\\\1", code)
            parts[i] = f"<code>{code}</code>"
    return "".join(parts)


def prose(text):
    """A comment as Doxygen's markup: contracts as paragraphs with a title, indented lines as they are, but for lists."""
    result = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip("\n").rstrip()):
        if not paragraph.strip() or paragraph.startswith("Sources:"):
            continue
        if re.match(r"\s*(?:-|\d\.) ", paragraph):
            result.append(escaped(textwrap.dedent(paragraph)))
            continue
        if all(line.startswith("  ") for line in paragraph.splitlines()):
            result.append(f"~~~\n{textwrap.dedent(paragraph)}\n~~~")
            continue
        pieces = LABEL.split(paragraph)
        block = [escaped(pieces[0].strip())] if pieces[0].strip() else []
        for label, content in zip(pieces[1::2], pieces[2::2]):
            title = " and ".join(LABELS[part] for part in label.split(" and "))
            block.append(f"@par {title}\n{escaped(content.strip())}")
        result.append("\n\n".join(block))
    return "\n\n".join(result)


def as_comment(text, indent):
    lines = text.splitlines() or [""]
    return "".join(f"{indent}/// {line}".rstrip() + "\n" for line in lines)


def file_comment(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    comment = []
    for line in lines[1:]:
        if not line.startswith("///"):
            break
        comment.append(line[3:].removeprefix(" "))
    return re.sub(r"^@file ", "", "\n".join(comment))


def sections_of(cursor):
    """[(line, title, text)] of the comments `// --- title ---` in a class."""
    lines = pathlib.Path(cursor.extent.start.file.name).read_text(encoding="utf-8").splitlines()
    sections = []
    for number in range(cursor.extent.start.line, cursor.extent.end.line):
        if match := re.match(r"\s*// --- (.*?) -*$", lines[number - 1]):
            text = []
            for line in lines[number:]:
                if not re.match(r"\s*// ", line):
                    break
                text.append(line)
            title, _, promise = match[1].partition(": ")
            sections.append((number, title, " ".join(filter(None, [promise, without_slashes("\n".join(text))]))))
    return sections


def classes_of(specifier):
    """The classes that a base specifier names: the base, then what are arguments of it."""
    found = []
    for child in specifier.get_children():
        if child.kind in (K.TEMPLATE_REF, K.TYPE_REF) and child.referenced and child.referenced.kind in CLASSES:
            found.append(child.referenced.get_definition() or child.referenced)
    return found


class Reference:
    def __init__(self, unit):
        self.by_name = {}
        self.problems = []
        self.collect(unit.cursor, "")

    def collect(self, cursor, scope):
        for child in cursor.get_children():
            if child.location.file is None or not child.location.file.name.startswith(str(ROOT)):
                if child.kind != K.NAMESPACE:
                    continue
            if child.kind == K.NAMESPACE:
                if child.spelling == "perturb":
                    self.collect(child, "")
                elif child.spelling == "detail" or cursor.kind == K.TRANSLATION_UNIT:
                    continue
                elif child.spelling not in PUBLIC_NAMESPACES:  # the inline namespace
                    self.collect(child, scope)
                else:
                    self.collect(child, scope + child.spelling + "::")
            elif child.kind in CLASSES | FUNCTIONS | OTHERS:
                self.by_name.setdefault(scope + child.spelling, []).append(child)

    def members(self, cursor, class_name, own_name, arguments=()):
        """[(section, text of section, comment, declaration, kind)] of a class and of its bases, bases first."""
        result, seen_bases = [], []
        for child in cursor.get_children():
            if child.kind == K.CXX_BASE_SPECIFIER and child.access_specifier == cindex.AccessSpecifier.PUBLIC:
                # A base that is a template parameter is found among the arguments of the class.
                classes = classes_of(child) or list(arguments)
                if classes and is_own(classes[0]):
                    inherited, names = self.members(classes[0], class_name, classes[0].spelling, classes[1:])
                    result += inherited
                    seen_bases += names + [classes[0].spelling]
        sections = sections_of(cursor)
        renamed = [*seen_bases, own_name] if own_name != class_name else seen_bases
        for child in cursor.get_children():
            is_public = child.access_specifier == cindex.AccessSpecifier.PUBLIC
            is_friend = child.kind == K.FRIEND_DECL
            if is_friend:
                inner = [c for c in child.get_children() if c.kind in FUNCTIONS]
                if not inner:
                    continue
                child = inner[0]
            elif not is_public or child.kind not in FUNCTIONS | OTHERS | CLASSES | {K.DESTRUCTOR}:
                continue
            if child.kind == K.DESTRUCTOR or (child.kind in CLASSES and not child.is_definition()):
                continue
            declaration = declaration_of(child, class_name, renamed)
            if is_friend and not declaration.startswith(("friend", "[[", "template")):
                declaration = "friend " + declaration
            # Deleted, or there only for its message: a_table_has_no_..., extract_gives_...
            if re.search(r"= delete|\b(?:a|extract)_\w+_\w+_\w+\b|\bkey_parameter =", declaration):
                continue
            if child.kind in CLASSES:
                declaration = re.sub(r"\bfinal\b", "", declaration).strip()
            title, text = "", ""
            for line, section, section_text in sections:
                if line < child.extent.start.line:
                    title, text = section, section_text
            comment = without_slashes(child.raw_comment) if child.raw_comment and "///" in child.raw_comment else ""
            entry = [title, text, comment, declaration, child]
            # A member of a base that this one replaces, or that has another name only because of its class.
            previous = next((e for e in result if signature(e[3]) == signature(declaration)), None)
            if previous is not None:
                previous[2] = comment or previous[2]
                continue
            result.append(entry)
        return result, [*seen_bases, own_name]

    def class_text(self, name, cursor, brief, indent=""):
        local = name.rpartition("::")[2]
        # The default arguments are those of the forward declaration.
        forward = [c for c in self.by_name[name] if c.kind in CLASSES and c.location.file.name.endswith("/fwd.hpp")]
        head = declaration_of(cursor)
        if forward:
            own = re.sub(r"^template <.*>(?= (?:class|struct) )", "", head).strip()
            head = re.sub(r"(?:^| )(?:class|struct) \w+$", "", declaration_of(forward[0])) + " " + own
        head = re.sub(r"\bfinal\b", "", head)
        publics = []
        for child in cursor.get_children():
            if child.kind == K.CXX_BASE_SPECIFIER and child.access_specifier == cindex.AccessSpecifier.PUBLIC:
                classes = classes_of(child)
                if not classes or not is_own(classes[0]):
                    publics.append(re.sub(r"^public |\bdetail::(\w+::)*", "", source_of(child)))
        out = as_comment(self.documentation(cursor, brief), indent)
        out += f"{indent}{head}{' : public ' + ', public '.join(publics) if publics else ''} {{\n{indent} public:\n"
        entries, _ = self.members(cursor, local, local)
        groups = {}
        for entry in entries:
            if not entry[0] and entry[4].kind in ALIASES:
                entry[0] = "types"
        for entry in sorted(entries, key=lambda e: e[0] == "types"):
            group = groups.setdefault(entry[0], [entry[1], []])
            group[0] = group[0] or entry[1]
            group[1].append(entry)
        for title, (text, members) in groups.items():
            if title:
                shown = title[0].upper() + title[1:]
                out += f"{indent}  /** @name {shown}\n{prose(text)} */\n{indent}  ///@{{\n"
            for _, _, comment, declaration, child in members:
                if not comment and declaration.startswith("friend") and child.spelling == "swap":
                    comment = "Exchanges both, as the member swap does."
                if comment:
                    out += as_comment(prose(comment), indent + "  ")
                out += self.member_text(declaration, child, indent + "  ")
            if title:
                out += f"{indent}  ///@}}\n"
        is_map = "class T," in head
        for internal, shown in [
            (r"\btypename Element::Extracted\b", "std::pair<Key, T>" if is_map else "Key"),
            (r"\btypename Element::MutableValue\b", "std::pair<const Key, T>" if is_map else "const Key"),
            (r"\btypename Element::Value\b", "std::pair<const Key, T>" if is_map else "Key"),
            (r"\bKeyType\b", "Key"),
        ]:
            out = re.sub(internal, shown, out)
        return out + indent + "};\n"

    def member_text(self, declaration, child, indent):
        if child.kind == K.ENUM_DECL:
            return self.enum_text(child, indent)
        if child.kind in CLASSES:
            inner = ""
            for part in child.get_children():
                if part.kind in FUNCTIONS | {K.FIELD_DECL} and part.access_specifier == cindex.AccessSpecifier.PUBLIC:
                    if part.raw_comment and "///" in part.raw_comment:
                        inner += as_comment(prose(without_slashes(part.raw_comment)), indent + "  ")
                    inner += f"{indent}  {declaration_of(part)};\n"
            return f"{indent}{declaration} {{\n{indent} public:\n{inner}{indent}}};\n"
        return f"{indent}{declaration};\n"

    def enum_text(self, cursor, indent):
        head = re.sub(r"\s*\{.*", "", re.sub(r"\s+", " ", source_of(cursor)))
        out = f"{indent}{head} {{\n"
        for value in cursor.get_children():
            if value.kind == K.ENUM_CONSTANT_DECL:
                text = prose(without_slashes(value.raw_comment)) if value.raw_comment else value.spelling
                out += as_comment(text, indent + "  ")
                out += f"{indent}  {value.spelling},\n"
        return out + indent + "};\n"

    def documentation(self, cursor, brief):
        """The comment of a name; else what docs/api.md says, and for a class what its header says."""
        if cursor.raw_comment and "///" in cursor.raw_comment:
            return prose(without_slashes(cursor.raw_comment))
        head = file_comment(pathlib.Path(cursor.location.file.name)) if cursor.kind in CLASSES else ""
        return "@brief " + escaped(brief) + "\n\n" + prose(head)

    def name_text(self, header, name, text):
        cursors = [c for c in self.by_name.get(name, []) if c.location.file.name == str(ROOT / "include/perturb" / header)]
        cursors = [c for c in cursors if c.kind not in CLASSES or c.is_definition()] or cursors
        if not cursors:
            self.problems.append(f"{name} of docs/api.md is not found in include/perturb/{header}")
            return ""
        brief = re.sub(r"^as that of `\w+`$", "erases the elements for which a predicate is true", text)
        brief = brief[0].upper() + brief[1:] + "."
        classes = [c for c in cursors if c.kind in CLASSES]
        if classes:
            return self.class_text(name, classes[0], brief)
        declarations = {}
        for cursor in cursors:
            if cursor.kind == K.ENUM_DECL:
                text = self.enum_text(cursor, "")
            elif cursor.kind == K.CONCEPT_DECL:
                text = source_of(cursor).strip().rstrip(";") + ";\n"
            else:
                text = declaration_of(cursor) + ";\n"
            declarations.setdefault(text, as_comment(self.documentation(cursor, brief), ""))
        return "".join(comment + text for text, comment in declarations.items())


PUBLIC_NAMESPACES = {
    "": "Hash tables and consistent-hash rings.",
    "growth": "Growth policies of tables: when they rehash, and to which capacity.",
    "pmr": "Tables with memory from a std::pmr::memory_resource.",
    "profiles": "Rings that choose the same servers as other programs.",
}


def main():
    output = pathlib.Path(sys.argv[1])
    page = names_of_page()
    # A header without names, such as one for another library, need not compile here.
    source = "".join(f"#include <perturb/{header}>\n" for header, names in page if names)
    unit = cindex.Index.create().parse(
        "reference.cpp",
        args=["-std=c++20", "-xc++", f"-I{ROOT}/include", "-isystem/usr/lib/llvm-19/lib/clang/19/include"],
        unsaved_files=[("reference.cpp", source)],
    )
    errors = [d for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    for error in errors:
        print(error)
    reference = Reference(unit)
    for header, names in page:
        path = output / "perturb" / header
        path.parent.mkdir(parents=True, exist_ok=True)
        body = {}
        macros = []
        for name, text in names:
            if name.startswith("PERTURB_"):
                macros.append(as_comment("@brief " + escaped(text[0].upper() + text[1:]) + ".", "") + f"#define {name}\n")
                continue
            body.setdefault(name.rpartition("::")[0], []).append(reference.name_text(header, name, text))
        out = "/** @file perturb/" + header + "\n" + prose(file_comment(ROOT / "include/perturb" / header)) + " */\n"
        out += "\n".join(macros)
        for scope, texts in body.items():
            out += as_comment("@brief " + PUBLIC_NAMESPACES[scope], "")
            out += f"namespace perturb{'::' + scope if scope else ''} {{\n\n" + "\n".join(texts) + "\n}\n"
        path.write_text(out, encoding="utf-8")
    for problem in reference.problems:
        print(f"reference.py: {problem}")
    return 1 if errors or reference.problems else 0


if __name__ == "__main__":
    sys.exit(main())
