"""The page of pictures: truth, ours, the others and where ours differs, with the figures under each. One file."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from bench.insertion.reframing import reframed
from bench.insertion.report import HEADS, METHODS, targets, told
from bench.insertion.runs import Shown
from bench.insertion.truth import Truth
from bench.packshots import jpeg
from imagegen.errors import ImagegenError
from imagegen.types import Labels

UNDER = (
    "iou", "reprojection", "given", "contact_cm", "scale", "yaw_deg", "elevation_deg", "shadow", "ber", "de00", "ssim",
    "flip",
)  # fmt: skip
"""The measures under a picture."""
STYLE = """
:root { color-scheme: light dark; font: 14px/1.45 system-ui, sans-serif }
body { margin: 1.5rem; max-width: 122rem }
section { margin: 2rem 0; border-top: 1px solid #8886; padding-top: .5rem }
.row { display: grid; grid-template-columns: repeat(auto-fill, minmax(30rem, 1fr)); gap: .8rem }
figure { margin: 0 } figure img { width: 100%; display: block; background: #8883 }
figcaption b { font-weight: 600 } .figures { color: #888; font-variant-numeric: tabular-nums }
table { border-collapse: collapse } td, th { padding: .15rem .8rem .15rem 0; text-align: left }
.missed { color: #c33 }
"""


def entry(truth: Truth, made: Mapping[str, Shown | ImagegenError], rows: Sequence[Mapping[str, Any]]) -> str:
    """The pair's part of the page."""
    values = {row["method"]: row for row in rows}
    figures = [
        _figure("the packshot", _photo(truth.photo), ""),
        _figure("truth", jpeg(truth.picture), "the real model, path-traced from the true camera"),
    ]
    for name, shown in made.items():
        if isinstance(shown, ImagegenError):
            figures.append(
                f"<figure><figcaption><b>{METHODS[name]}</b> refused: {escape(str(shown))}</figcaption></figure>"
            )
            continue
        figures.append(_figure(METHODS[name], jpeg(shown.picture), _under(values[name])))
        if name == "ours":
            figures.append(
                _figure(
                    "difference of ours (FLIP)", jpeg(_difference(reframed(truth, shown)[0].picture, truth.picture)), ""
                )
            )
    pair, doubts = truth.pair, values.get("ours", {}).get("told", {}).get("findings", [])
    good = pair.good
    lines = "".join(f"<li>{escape(line)}</li>" for line in doubts)
    return (
        f"<section id='{pair.name}'><h2>{escape(good.name)} <small>{escape(good.category)}, {good.shape}; "
        f"{pair.style} {pair.room}</small></h2><div class='row'>{''.join(figures)}</div><ul>{lines}</ul></section>"
    )


def _under(row: Mapping[str, Any]) -> str:
    parts = [f"{HEADS[name]} {told(name, row[name])}" for name in UNDER if told(name, row[name]) != "-"]
    return " &middot; ".join(parts)


def _figure(title: str, content: bytes, text: str) -> str:
    data = base64.b64encode(content).decode()
    return (
        f"<figure><img loading='lazy' alt='{title}' src='data:image/jpeg;base64,{data}'>"
        f"<figcaption><b>{title}</b> <span class='figures'>{text}</span></figcaption></figure>"
    )


def _photo(photo: bytes) -> bytes:
    """The packshot on a grey card of the other pictures' proportions."""
    image = Image.open(io.BytesIO(photo)).convert("RGB")
    image.thumbnail((560, 384))
    card = Image.new("RGB", (560, 384), "#777")
    card.paste(image, ((560 - image.width) // 2, (384 - image.height) // 2))
    return jpeg(np.asarray(card))


def _difference(picture: Labels, truth: Labels) -> Labels:
    import flip_evaluator  # noqa: PLC0415 - an extra of the benchmarks

    reference, test = (each.astype(np.float32) / 255 for each in (truth, picture))
    return np.rint(np.asarray(flip_evaluator.evaluate(reference, test, "LDR")[0]) * 255).astype(np.uint8)


def write(file: Path, split: str, rows: Sequence[Mapping[str, Any]], entries: Sequence[str]) -> None:
    """The whole page, nothing outside it."""
    reached = "".join(
        f"<tr><td>{escape(what)}</td><td>{escape(wanted)}</td><td class='{'' if fine else 'missed'}'>{value}</td></tr>"
        for what, wanted, value, fine in targets(rows)
    )
    file.write_text(
        f"<!doctype html><html lang='en'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
        f"<title>Insertion benchmark, {split}</title><style>{STYLE}</style><h1>Insertion benchmark: {split}</h1>"
        f"<table><tr><th>target</th><th>wanted</th><th>reached</th></tr>{reached}</table>{''.join(entries)}</html>",
        encoding="utf-8",
    )
