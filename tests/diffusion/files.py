"""Files of the right formats with little in them: enough for whatever only moves, hashes and inspects them."""

import json
import struct

from imagegen.diffusion import lock
from tests.diffusion.checkpoints import spec

__all__ = ["few", "fill", "header", "numbers", "pinned", "safetensors", "spec"]


def safetensors(head, data=b""):
    """A file of that header (an object, or the header's bytes) and those numbers."""
    raw = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<Q", len(raw)) + raw + data


def header(shape=(4,), dtype="F32", start=0, end=16):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def numbers(*values):
    """A whole file that holds these numbers."""
    return safetensors(
        {"weight": header((len(values),), end=4 * len(values))}, struct.pack(f"<{len(values)}f", *values)
    )


def few(page, *targets):
    """The page with these parts alone: there is less to be moved."""
    return page.model_copy(update={"parts": {target: page.parts[target] for target in targets}})


def fill(page, folder, targets=None):
    """Every file that a family's page names, each with content of its own."""
    for order, target in enumerate(targets or page.parts):
        for number, name in enumerate(page.parts[target].files):
            path = folder / target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith(".safetensors"):
                path.write_bytes(numbers(*range(order, order + 500)))
            else:
                path.write_text(json.dumps({"of": target, "number": number}))
    return folder


def pinned(page, folder):
    """A family's folder that is whole, optional parts and lock included."""
    fill(page, folder)
    lock.write(folder, lock.pin_folder(page.slug, folder, {t: tuple(part.files) for t, part in page.parts.items()}))
    return folder
