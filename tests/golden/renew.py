"""Make the golden hashes anew, after a change that is meant to change pictures: ``python -m tests.golden.renew``.

Leaves the pictures beside them in var/golden: look at each before committing the hashes.
"""

import json

import imagehash
from PIL import Image

from imagegen.pipeline import make_scene
from tests.test_pipeline import CASES, GOLDEN, ROOT, job


def main():
    folder = ROOT / "var" / "golden"
    folder.mkdir(parents=True, exist_ok=True)
    hashes = {}
    for sku, style in CASES:
        picture = Image.fromarray(make_scene(job(sku, style)).picture)
        picture.save(folder / f"{sku}-{style}.png")
        hashes[f"{sku} {style}"] = str(imagehash.phash(picture))
    GOLDEN.write_text(json.dumps(hashes, indent=2) + "\n")


if __name__ == "__main__":
    main()
