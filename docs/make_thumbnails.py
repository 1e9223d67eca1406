# ruff: noqa: INP001 - a script beside the pages, not a package
"""Draws the small pictures that ship with the styles: the first two rooms of each, 480 pixels wide.

    python docs/make_thumbnails.py [STYLE ...]

They are what the Styles page shows on a machine that has made no views yet.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

import styles
from imagegen.views.making import view
from imagegen.views.shelf import PREVIEW_WIDTH
from styles.library import default_library

PICTURES = Path(styles.__file__).parent / "pictures"
ROOMS, WIDTH, SAMPLES = 2, 720, 10
QUALITY = 80


def main() -> None:
    """Draw those that are named, or all."""
    library = default_library()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for style in library.styles():
            for room in style.rooms[:ROOMS] if not sys.argv[1:] or style.slug in sys.argv[1:] else ():
                made = view(library, style.slug, room, Path(folder), width=WIDTH, samples=SAMPLES)
                with Image.open(made.picture) as picture:
                    height = round(picture.height * PREVIEW_WIDTH / picture.width)
                    small = picture.resize((PREVIEW_WIDTH, height), Image.Resampling.LANCZOS)
                data = BytesIO()
                small.save(data, "JPEG", quality=QUALITY, optimize=True, progressive=True)
                file = PICTURES / f"{style.slug}-{room}.jpg"
                file.write_bytes(data.getvalue())
                sys.stdout.write(f"{file.name} {len(data.getvalue()) // 1024} KiB\n")


if __name__ == "__main__":
    main()
