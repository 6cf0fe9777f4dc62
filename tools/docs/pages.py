#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the Markdown pages of the project for Doxygen: headings with names, links between pages as references, what
Doxygen would take for a command or a tag as text.

usage: pages.py OUTPUT      writes OUTPUT/pages/*.md, and into OUTPUT/extra what the pages link to beside pages

Links to other files of the project become links to copies of them; links to folders become text.
"""

import html
import pathlib
import re
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^( *)(```+)(\w*)[^\n]*\n(.*?)^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
ROOT_PAGES = {"README.md": "index", "CHANGELOG.md": "changes", "CONTRIBUTING.md": "contributing", "SECURITY.md": "reporting"}
# The page whose links make the tree of pages.
PARENT = "docs/guides.md"


def pages_of_project():
    pages = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
    return pages + [name for name in ROOT_PAGES if (ROOT / name).is_file()]


def page_id(path):
    if path in ROOT_PAGES:
        return ROOT_PAGES[path]
    return re.sub(r"[^a-z0-9]+", "_", str(path).lower().removeprefix("docs/").removesuffix(".md").removesuffix(".cpp"))


def is_program(path):
    return path.startswith("examples/") and path.endswith(".cpp") and (ROOT / path).is_file()


def program_page(path, output):
    """Writes the page of an example: what it is, the program, what it prints. Gives its title and first sentence."""
    text = (ROOT / path).read_text(encoding="utf-8")
    text = re.sub(r"^// SPDX-.*\n", "", text)
    comment = re.match(r"(?://.*\n)*", text)[0]
    text = re.sub(r"^[ \t]*// \[.*\]\n", "", text[len(comment) :], flags=re.MULTILINE)
    told = re.sub(r"^///? ?(?:@file )?", "", comment, flags=re.MULTILINE).strip()
    title = path.removeprefix("examples/").removesuffix(".cpp").replace("_", " ")
    page = f"# {title} {{#{page_id(path)}}}\n\n{told}\n\n```{{.cpp}}\n{text}```\n"
    printed = ROOT / "tests" / pathlib.Path(path).with_suffix(".txt")
    if printed.is_file():
        page += f"\nIt prints\n\n{as_plain(printed.read_text(encoding='utf-8'))}\n"
    (output / "pages" / f"{page_id(path)}.md").write_text(page, encoding="utf-8")
    return title, re.sub(r"\s+", " ", re.split(r"(?<=\.)\s", told)[0])


def as_plain(text):
    lines = "".join(f'<div class="line">{html.escape(line) or " "}</div>' for line in text.rstrip("\n").split("\n"))
    return f'\n@htmlonly\n<div class="fragment">{lines}</div>\n@endhtmlonly\n'


def slug(title):
    """As GitHub names headings."""
    text = re.sub(r"[^\w\s-]", "", re.sub(r"[`*]", "", title).lower())
    return re.sub(r"\s", "-", text.strip())


def anchor(page, name):
    return f"{page_id(page)}__{re.sub(r'[^a-z0-9_-]', '', name)}"


def as_code(text):
    """Code in a line. As a tag, Doxygen links the names in it; as Markdown, it leaves all characters alone."""
    text = re.sub(r"\s+", " ", text.strip())
    if re.search(r"[_*~]|--", text) and not re.search(r"['`|]", text):
        return f"`{text}`"
    # The backslash of `\|`, in a table, stays.
    text = re.sub(r"(\\(?!\|)|[@#%]|::)", r"\\\1", html.escape(text, quote=False))
    return f"<code>{text}</code>"


class Page:
    def __init__(self, path, pages, output):
        self.path, self.pages, self.output = path, pages, output
        self.kept = []

    def keep(self, text):
        self.kept.append(text)
        return f"\x01{len(self.kept) - 1}\x02"

    def restore(self, text):
        while "\x01" in text:
            text = re.sub(r"\x01(\d+)\x02", lambda m: self.kept[int(m[1])], text)
        return text

    def fence(self, match):
        indent, _, language, body = match.groups()
        known = {"cpp": "cpp", "c": "c", "python": "py"}.get(language)
        if known:
            text = f"{indent}```{{.{known}}}\n{body}{indent}```"
        else:
            text = as_plain("".join(line.removeprefix(indent) for line in body.splitlines(keepends=True)))
        return self.keep(text)

    def link(self, match):
        # Doxygen takes a link whose text is broken over two lines for text.
        is_image, text, target = match[1] == "!", re.sub(r"\s+", " ", match[2]), match[3]
        if re.match(r"[a-z]+:", target):
            return self.keep(f"[{self.inline(text)}]({target})")
        file, _, heading = target.partition("#")
        path = self.path if not file else str((ROOT / self.path).parent.joinpath(file).resolve().relative_to(ROOT))
        if is_image:
            alternative = html.escape(text.replace("`", ""))
            return self.keep(f'<img src="{self.copied(path)}" alt="{alternative}" loading="lazy"/>')
        shown = self.inline(text)
        plain = text.replace("`", "")  # Doxygen formats nothing in the text of a reference
        if path in self.pages:
            if heading:
                return self.keep(f"[{plain}](@ref {anchor(path, heading)})")
            if self.path == PARENT:
                return self.keep(f'@subpage {page_id(path)} "{text}"')
            return self.keep(f"[{plain}](@ref {page_id(path)})" if path != "README.md" else f'<a href="index.html">{shown}</a>')
        if is_program(path):
            return self.keep(f"[{plain}](@ref {page_id(path)})")
        if (ROOT / path).is_file():
            return self.keep(f'<a href="{self.copied(path)}">{shown}</a>')
        if not (ROOT / path).is_dir():
            sys.exit(f"{self.path}: {target} is not there")
        return shown

    def site_only(self, match):
        return LINK.sub(lambda m: self.keep(f'<a href="{m[3]}">{m[2]}</a>'), match[1])

    def copied(self, path):
        """The name, in the site, of a copy of this file. Sources are shown as text."""
        source = ROOT / path
        name = pathlib.Path("files") / path
        if source.suffix not in {".svg", ".png", ".json", ".csv", ".html"}:
            name = name.with_name(name.name + ".txt")
        target = self.output / "extra" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return name.as_posix()

    def inline(self, text):
        return CODE.sub(lambda m: self.keep(as_code(m[2])), text)

    def about_header(self, match):
        return match[0] + self.keep(f'\n@ref perturb/{match[1]} "About this header"\n')

    def public_name(self, match):
        name, arguments = match[1], match[2]
        scope = "" if name.startswith("PERTURB_") else "perturb::"
        return "- " + self.keep(f'@ref {scope}{name} "{name}"{as_code(arguments) if arguments else ""}:')

    def heading(self, match):
        marks, title = match[1], match[2]
        if marks == "#":
            return f"# {title}" + ("" if self.path == "README.md" else f" {{#{page_id(self.path)}}}")
        return f"{marks} {html.escape(title.replace('`', ''), quote=False)} {{#{anchor(self.path, slug(title))}}}"

    def forgotten(self, text):
        """Links to the pages of docs/ that this one has none to, so that all can be found."""
        folder = (ROOT / self.path).parent
        linked = {(folder / target).resolve() for _, _, target in LINK.findall(text)}
        others = [p for p in self.pages if p.startswith("docs/") and p not in (PARENT, "docs/api.md")]
        others = [ROOT / p for p in others if (ROOT / p).resolve() not in linked]
        titles = [(p.relative_to(folder), p.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")) for p in others]
        return "\n**Also**\n\n" + "".join(f"- [{title}]({name})\n" for name, title in titles) if titles else ""

    def text(self):
        text = (ROOT / self.path).read_text(encoding="utf-8")
        if self.path == PARENT:
            text += self.forgotten(text)
        text = FENCE.sub(self.fence, text)
        # What is in a comment `<!-- site: ... -->` is on the page in the site alone.
        text = re.sub(r"<!-- site: (.*?) -->", self.site_only, text, flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
        if self.path == "docs/api.md":
            text = re.sub(r"^### `<perturb/(.*)>`\n", self.about_header, text, flags=re.MULTILINE)
            text = re.sub(r"^- `([\w:]+)([^`]*)`:", self.public_name, text, flags=re.MULTILINE)
        text = re.sub(r"^(#+) (.*)$", lambda m: self.keep(self.heading(m)), text, flags=re.MULTILINE)
        text = LINK.sub(self.link, text)
        text = self.inline(text)
        text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text, flags=re.DOTALL)
        text = re.sub(r"@(?=\w)", r"\\@", text)
        return self.restore(text)


def main():
    output = pathlib.Path(sys.argv[1])
    pages = pages_of_project()
    (output / "pages").mkdir(parents=True, exist_ok=True)
    assert len(set(map(page_id, pages))) == len(pages), "two pages have the same name"
    for path in pages:
        (output / "pages" / f"{page_id(path)}.md").write_text(Page(path, pages, output).text(), encoding="utf-8")
    programs = [str(path.relative_to(ROOT)) for path in (ROOT / "examples").rglob("*.cpp")]
    programs.sort(key=lambda path: (path.count("/"), path))
    listed = "# Example programs {#programs}\n\nAll are compiled by the tests; what they print is compared where it is the same "
    listed += "everywhere.\n\n"
    for path in programs:
        title, told = program_page(path, output)
        listed += f'- @subpage {page_id(path)} "{title}"{": " + told if told else ""}\n'
    (output / "pages/programs.md").write_text(listed, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
