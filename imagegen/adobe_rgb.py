"""Adobe RGB (1998), the wider colour space that printers ask for: its profile and the way there from sRGB.

Both spaces have the white D65, so the way is one 3x3 matrix between linear lights and another curve. sRGB lies wholly
inside: nothing is clipped, and nothing becomes more colourful; the picture is the same and says so in other numbers.
"""

from __future__ import annotations

import struct
from functools import cache

import numpy as np

from imagegen.types import Doubles, Floats, Labels

GAMMA = 563 / 256
"""2.19921875 (Adobe Systems 2005, "Adobe RGB (1998) Color Image Encoding", version 2005-05)."""
WHITE = (0.3127, 0.3290)
PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
SRGB_PRIMARIES = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
"""IEC 61966-2-1 has the same white."""
D50 = (0.9642, 1.0, 0.8249)
"""White of a profile's connection space (ICC.1:2001-04)."""
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
"""Cone responses by which whites are adapted (Lam 1985)."""
NAME = "Compatible with Adobe RGB (1998)"


def from_linear(light: Floats) -> Labels:
    """Linear light (H, W, 3) 0..1, Rec. 709 primaries, as Adobe RGB, uint8."""
    wide = np.clip(light @ _matrix(), 0, 1) ** np.float32(1 / GAMMA)
    return np.asarray(wide * 255 + 0.5, np.uint8)


@cache
def profile() -> bytes:
    """An ICC profile of version 2.1 for displays, with a matrix and a curve, made of the published numbers alone."""
    colorants = _adapted() @ _to_xyz(PRIMARIES)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(GAMMA * 256))
    text = NAME.encode("ascii") + b"\0"
    described = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    tags = {
        b"desc": described,
        b"cprt": b"text" + bytes(4) + b"No copyright, use freely\0",
        b"wtpt": _xyz(_white_xyz()),
        **{name: _xyz(colorants[:, k]) for k, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    return _file(tags)


def _file(tags: dict[bytes, bytes]) -> bytes:
    """Header, table and data; equal data are kept once."""
    start = 128 + 4 + 12 * len(tags)
    table, data, places = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for name, content in tags.items():
        if content not in places:
            places[content] = start + len(data)
            data += content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", name, places[content], len(content))
    made = (2026, 1, 1, 0, 0, 0)
    # Size, no module, version, class, spaces, date, signature; no platform, flags, maker, model, attributes or intent
    # (which is perceptual); then the white of the connection space, no creator, and what is reserved.
    head = struct.pack(
        ">I4sI4s4s4s6H4s28x", start + len(data), bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ", *made, b"acsp"
    )
    head += _fixed(D50)
    return head.ljust(128, b"\0") + table + data


def _xyz(values: Doubles) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(tuple(values))


def _fixed(values: tuple[float, ...]) -> bytes:
    """Numbers as ICC writes them: sixteen bits before the point, sixteen after."""
    return struct.pack(f">{len(values)}i", *(round(float(value) * 65536) for value in values))


def _white_xyz() -> Doubles:
    x, y = WHITE
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _to_xyz(primaries: tuple[tuple[float, float], ...]) -> Doubles:
    """The matrix from linear RGB to CIE XYZ, white being (1, 1, 1) there and Y = 1 here."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    return np.asarray(columns * np.linalg.solve(columns, _white_xyz()), float)


def _adapted() -> Doubles:
    """The matrix that takes XYZ under D65 to XYZ under D50."""
    gains = (BRADFORD @ np.array(D50)) / (BRADFORD @ _white_xyz())
    return np.asarray(np.linalg.inv(BRADFORD) @ np.diag(gains) @ BRADFORD, float)


@cache
def _matrix() -> Floats:
    """From linear sRGB to linear Adobe RGB, for colours in rows."""
    return np.linalg.solve(_to_xyz(PRIMARIES), _to_xyz(SRGB_PRIMARIES)).T.astype(np.float32)
