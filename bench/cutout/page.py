"""The benchmark's page: each product's worst places and feet, cut in every way, over magenta, with error maps."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from bench.cutout.cutting import OURS, cut
from bench.cutout.packshots import Packshot
from imagegen.images import decode, linear_to_srgb
from imagegen.types import Floats

WINDOW, ENLARGED = 150, 300
"""Pixels of a zoom in the photo, and on the page."""
WHOLE = 300
MAGENTA = np.array([1.0, 0.0, 1.0], np.float32)
COLUMNS = {
    "SAD": "sad",
    "MSE x1000": "mse",
    "gradient": "gradient",
    "connectivity": "connectivity",
    "SAD in band": "band_sad",
    "MSE in band x1000": "band_mse",
    "gradient in band": "band_gradient",
    "conn. in band": "band_connectivity",
    "fringe": "fringe",
    "halo": "halo",
    "seconds": "seconds",
    "CPU s": "cpu",
}
"""What the tables show, and the name of its number in a row."""
Window = tuple[slice, slice]


def over_magenta(alpha: Floats, colour: Floats) -> Floats:
    """The cutout (H, W, 3; sRGB-encoded) on a ground that no product has."""
    weight = alpha[..., None]
    return linear_to_srgb(weight * colour + (1 - weight) * MAGENTA)


def error_map(alpha: Floats, truth: Floats) -> Floats:
    """Red where too much was kept, blue where too much was lost (H, W, 3), on white."""
    off = np.clip(alpha - truth, -1, 1)
    kept, lost = np.clip(off, 0, 1), np.clip(-off, 0, 1)
    return np.stack([1 - lost, 1 - kept - lost, 1 - kept], axis=2)


def windows(alpha: Floats, truth: Floats) -> dict[str, Window]:
    """Where to look closely: where our error is largest, the next such place, and the feet."""
    off = ndimage.uniform_filter(np.abs(alpha - truth), WINDOW // 2)
    worst = np.unravel_index(np.argmax(off), off.shape)
    taken = off.copy()
    taken[_window(worst, truth.shape)] = 0
    second = np.unravel_index(np.argmax(taken), off.shape)
    rows, columns = np.nonzero(truth > 0.5)
    lowest = rows > rows.max() - 4
    foot = (rows.max() - WINDOW // 3, int(columns[lowest].min()) + WINDOW // 3)
    return {name: _window(at, truth.shape) for name, at in {"worst": worst, "next": second, "foot": foot}.items()}


def _window(middle: tuple[Any, ...], shape: tuple[int, ...]) -> Window:
    top, left = (int(np.clip(at - WINDOW // 2, 0, side - WINDOW)) for at, side in zip(middle, shape, strict=True))
    return slice(top, top + WINDOW), slice(left, left + WINDOW)


def write_page(out: Path, shots: list[Packshot], rows: list[dict[str, Any]], summary: list[dict[str, Any]]) -> None:
    """``out``/index.html and its pictures."""
    (out / "zooms").mkdir(parents=True, exist_ok=True)
    body = [_table(summary)]
    for shot in shots:
        own = [row for row in rows if row["sku"] == shot.sku]
        body.append(_product(out, shot, own))
    style = (
        "body{font:14px system-ui;margin:24px;background:#eee;color:#222}td,th{padding:2px 8px;text-align:right}"
        "td:first-child,th:first-child{text-align:left}img{display:block}.row{display:flex;gap:6px;margin:6px 0;"
        "overflow-x:auto}figure{margin:0}figcaption{font-size:12px}"
    )
    page = f"<!doctype html><meta charset=utf-8><title>Cutouts</title><style>{style}</style>" + "\n".join(body)
    (out / "index.html").write_text(page, encoding="utf-8")


def _table(summary: list[dict[str, Any]]) -> str:
    head = "".join(f"<th>{html.escape(name)}" for name in ("median", *COLUMNS, "mean SAD"))
    lines = [
        f"<tr><td>{html.escape(row['method'])}"
        + "".join(f"<td>{row[name]:.2f}" for name in (*COLUMNS.values(), "sad_mean"))
        for row in summary
    ]
    return (
        "<h1>Cutouts against exact alphas</h1><p>Zooms over magenta; in the error maps red is paper that was kept, "
        f"blue is product that was lost.</p><table><tr>{head}{''.join(lines)}</table>"
    )


def _product(out: Path, shot: Packshot, rows: list[dict[str, Any]]) -> str:
    photo = decode(shot.data).colour
    made = {row["method"]: cut(shot, row["method"], out / "cuts") for row in rows}
    own = made.get(OURS, next(iter(made.values())))
    places: dict[str, Window | None] = {"whole": None, **windows(own.alpha, shot.alpha)}
    parts = [f"<h2>{html.escape(shot.sku)} ({html.escape(shot.category)})</h2>"]
    for place, window in places.items():
        pictures = {"photo": linear_to_srgb(photo), "truth": over_magenta(shot.alpha, photo)}
        for row in rows:
            one = made[row["method"]]
            pictures[f"{row['method']}: {row['sad']:.2f}"] = over_magenta(one.alpha, one.colour)
            pictures[f"{row['method']}, error"] = error_map(one.alpha, shot.alpha)
        figures = [
            _figure(out, f"{shot.sku}-{place}-{number}.webp", picture, window, caption)
            for number, (caption, picture) in enumerate(pictures.items())
        ]
        parts.append(f"<div class=row>{''.join(figures)}</div>")
    return "".join(parts)


def _figure(out: Path, name: str, picture: Floats, window: Window | None, caption: str) -> str:
    image = Image.fromarray(
        (np.clip(picture if window is None else picture[window], 0, 1) * 255 + 0.5).astype(np.uint8)
    )
    if window is None:
        image.thumbnail((WHOLE, WHOLE))
    else:
        image = image.resize((ENLARGED, ENLARGED), Image.Resampling.NEAREST)
    image.save(out / "zooms" / name, quality=90)
    return f"<figure><img loading=lazy src='zooms/{name}'><figcaption>{html.escape(caption)}</figcaption></figure>"
