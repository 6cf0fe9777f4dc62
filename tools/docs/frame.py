#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the site's tabs into Doxygen's default layout, and its scripts into the default header.

usage: frame.py DEFAULT_LAYOUT HEADER      writes layout.xml and changes HEADER
"""

import pathlib
import re
import sys

TABS = """  <navindex>
    <tab type="mainpage" visible="yes" title="perturb"/>
    <tab type="pages" visible="yes" title="Pages"/>
    <tab type="classlist" visible="yes" title="Classes"/>
    <tab type="namespacelist" visible="yes" title="Namespaces: functions, enumerations"/>
    <tab type="user" visible="yes" url="benchmarks.html" title="Benchmarks to look at"/>
    <tab type="user" visible="yes" url="ring-play.html" title="A ring to play with"/>
  </navindex>"""

SCRIPTS = """<script type="text/javascript" src="$relpath^doxygen-awesome-darkmode-toggle.js"></script>
<script type="text/javascript" src="$relpath^doxygen-awesome-fragment-copy-button.js"></script>
<script type="text/javascript" src="$relpath^doxygen-awesome-paragraph-link.js"></script>
<script type="text/javascript" src="$relpath^pages.js"></script>
</head>"""


def main():
    layout = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    layout = re.sub(r"  <navindex>.*</navindex>", TABS, layout, flags=re.DOTALL)
    pathlib.Path("layout.xml").write_text(layout, encoding="utf-8")
    header = pathlib.Path(sys.argv[2])
    text = header.read_text(encoding="utf-8")
    if "</head>" not in text:
        sys.exit("frame.py: Doxygen's header has no </head>")
    header.write_text(text.replace("</head>", SCRIPTS, 1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
