# ruff: noqa: INP001 - a script beside the page that it writes, not a package
"""Writes docs/surfaces.md: every pattern with its colours and settings, from the docstrings of the patterns.

Run it after changing one: ``python docs/make_surfaces.py``. With ``--check`` it writes nothing and leaves with 1 when
the page is out of date.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from imagegen.rooms.textures import PATTERNS, USUAL

PAGE = Path(__file__).with_name("surfaces.md")

HEAD = """# Surfaces

Written by `docs/make_surfaces.py` from the patterns' own docstrings; do not edit.

A style page's material says `pattern`, `colours` (in the order below; palette names or hex), `tile` (metres of one
repeat; left out: the pattern's own), `roughness`, `relief` (metres from the lowest to the highest point), `seed`, and
`settings`. Lengths are metres. Where fewer colours are given than a pattern knows, the last one stands in for the rest.

## Numbers for plain materials

| surface | colour | roughness | specular | metallic | other |
| --- | --- | --- | --- | --- | --- |
| brass, brushed | `#b99a5f` | 0.28 | | 1 | |
| brass, aged | `#8d7446` | 0.40 | | 1 | |
| copper | `#b8775a` | 0.25 | | 1 | |
| chrome | `#c8c8c8` | 0.12 | | 1 | |
| brushed steel | `#a8a9ab` | 0.32 | | 1 | |
| blackened steel | `#26282a` | 0.45 | 0.5 | 0.6 | |
| black powder coat | `#1f2022` | 0.50 | 0.4 | 0 | |
| wrought iron | `#2b2a29` | 0.60 | 0.4 | 0.4 | `hammered`, relief 0.001 |
| clear glass | `#eef3f2` | 0.03 | | | transmission 0.9 |
| smoked glass | `#6b6258` | 0.04 | | | transmission 0.9 |
| amber glass | `#b0702a` | 0.05 | | | transmission 0.9 |
| bottle green glass | `#4f7358` | 0.05 | | | transmission 0.9 |
| glazed ceramic | any | 0.18 | 0.5 | | |
| matt ceramic, bisque | any | 0.75 | 0.3 | | |
| lacquer, satin | any | 0.35 | 0.5 | | |
| oiled wood | | 0.55 | 0.35 | | relief 0.0003 |
| leather | | 0.45 | 0.4 | | `leather`, relief 0.0007 |
| linen, wool | | 1.0 | 0.1 | | sheen 0.4, relief 0.0006 |
| velvet | | 0.9 | 0.1 | | sheen 0.8 |
| paper shade | `#f4ead8` | 0.9 | 0.1 | | glow 0.6 to 1.2 |

Glass is thin: the colour is what one sees through a whole body of it, both walls or both faces of a top. Where no
channel is below 0.6 in linear light (about `#cccccc`) it counts as clear and is not tinted at all.

## Patterns
"""

FAMILIES = (
    ("Materials that repeat", ""),
    ("Prints: the tile is the whole sheet", "print-"),
    ("Rugs: the tile is the whole rug", "rug-"),
    ("Views: the tile is the whole card outside the windows", "outside-"),
)


def page() -> str:
    """The whole page."""
    whole = tuple(prefix for _, prefix in FAMILIES if prefix)
    parts = [HEAD]
    for title, prefix in FAMILIES:
        names = sorted(name for name in PATTERNS if name.startswith(prefix) and (prefix or not name.startswith(whole)))
        rows = "\n".join(_row(name, repeats=not prefix) for name in names)
        parts.append(f"### {title}\n\n| pattern | tile | what it is |\n| --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def _row(name: str, *, repeats: bool) -> str:
    told = re.sub(r"\s+", " ", inspect.getdoc(PATTERNS[name]) or "").replace("``", "`").replace("|", "\\|")
    wide, tall = USUAL[name].metres
    return f"| `{name}` | {f'{wide:g} x {tall:g}' if repeats else 'whole'} | {told} |"


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text(encoding="utf-8") != page())
    PAGE.write_text(page(), encoding="utf-8")
