#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks that every link, picture and script of a site's pages is there, and every section that a link names.

usage: check_links.py SITE

Also looked at: the links in Doxygen's trees (navtree*.js). Links to other sites are only listed in the count. Nothing is
fetched. A page with more than one element of the same id, and a file outside SITE, are errors too.
"""

import collections
import html.parser
import pathlib
import re
import sys
import urllib.parse

REFERENCES = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src", "object": "data"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.ids = [], collections.Counter()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        names = {attributes.get("id"), attributes.get("name") if tag == "a" else None} - {None, ""}
        self.ids.update(names)
        target = attributes.get(REFERENCES.get(tag, ""))
        if target:
            self.links.append((self.getpos()[0], target))


def main():
    site = pathlib.Path(sys.argv[1]).resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    problems, count, outside = [], 0, 0
    for tree in sorted(site.glob("navtree*.js")):
        texts = re.findall(r'"([\w.-]+\.html(?:#[^"]*)?)"', tree.read_text(encoding="utf-8"))
        pages[tree] = Page("")
        pages[tree].links = [(1, text) for text in texts]
    for path, page in pages.items():
        for line, target in page.links:
            if re.match(r"(?:https?|mailto|javascript|data):", target):
                outside += target.startswith("http")
                continue
            count += 1
            file, _, section = target.partition("#")
            aim = (path.parent / urllib.parse.unquote(file)).resolve() if file else path
            where = f"{path.relative_to(site)}:{line}: "
            if not aim.is_relative_to(site) or not aim.is_file():
                problems.append(f"{where}{target} is not there")
            elif section and aim in pages and urllib.parse.unquote(section) not in pages[aim].ids:
                problems.append(f"{where}{target}: there is no such section")
        for name, times in page.ids.items():
            if times > 1:
                problems.append(f"{path.relative_to(site)}: {times} elements have the id '{name}'")
    for problem in problems[:40]:
        print(problem)
    if not problems:
        print(f"{len(pages)} pages, {count} links, none is dead; {outside} links to other sites, not followed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
