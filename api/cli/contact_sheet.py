"""Many scenes on one sheet, each with its packshot, name, style, seconds and verdict."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

GROUND, CARD, INK, SOFT, HAIR = "#f1efec", "#ffffff", "#22211f", "#77736d", "#dedad4"
BADGES = {
    "pass": ("#e3f0e4", "#23662f", "passed"),
    "warn": ("#fbefd3", "#7d5806", "worth a look"),
    "fail": ("#f9dfdb", "#98281b", "failed"),
}
WIDTH, COLUMNS, MARGIN, GAP, FOOT, PAD, HEAD = 2600, 4, 72, 32, 128, 20, 216


@dataclass(frozen=True, slots=True)
class Card:
    """One scene: its picture, the packshot it came from, and what is written under it."""

    picture: Image.Image
    packshot: Image.Image | None
    name: str
    style: str
    seconds: float
    verdict: str


def contact_sheet(cards: Sequence[Card], title: str, subtitle: str) -> Image.Image:
    """The sheet, RGB, 2600 pixels wide, four columns (fewer for fewer cards) and as many rows as it takes."""
    columns = max(1, min(COLUMNS, len(cards)))
    across = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) // columns
    tallest = max((card.picture.height / card.picture.width for card in cards), default=0.7)
    picture_height = round(across * tallest)
    down = picture_height + FOOT
    rows = math.ceil(len(cards) / columns)
    sheet = Image.new("RGB", (WIDTH, HEAD + rows * down + max(0, rows - 1) * GAP + MARGIN), GROUND)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, 64), title, fill=INK, font=_font(58))
    draw.text((MARGIN, 140), subtitle, fill=SOFT, font=_font(28))
    for number, card in enumerate(cards):
        left = MARGIN + (number % columns) * (across + GAP)
        top = HEAD + (number // columns) * (down + GAP)
        _draw_card(sheet, card, (left, top, across, picture_height))
    return sheet


def _draw_card(sheet: Image.Image, card: Card, place: tuple[int, int, int, int]) -> None:
    left, top, across, picture_height = place
    draw = ImageDraw.Draw(sheet)
    box = (left, top, left + across - 1, top + picture_height + FOOT - 1)
    draw.rectangle(box, fill=CARD)
    fitted = ImageOps.fit(card.picture.convert("RGB"), (across, picture_height), Image.Resampling.LANCZOS)
    sheet.paste(fitted, (left, top))
    draw.rectangle(box, outline=HAIR)
    text_left, middle = left + PAD, top + picture_height + FOOT // 2
    if card.packshot is not None:
        thumb = _packshot(card.packshot, FOOT - 2 * PAD)
        sheet.paste(thumb, (text_left, middle - thumb.height // 2))
        text_left += thumb.width + PAD
    right = left + across - PAD
    edge = _draw_badge(draw, card.verdict, right, middle + 21)
    draw.text(
        (text_left, middle - 23),
        _cut(_drawable(card.name), right - text_left, 27),
        fill=INK,
        font=_font(27),
        anchor="lm",
    )
    told = f"{card.style}  ·  {card.seconds:.1f} s"
    draw.text((text_left, middle + 21), _cut(told, edge - PAD - text_left, 21), fill=SOFT, font=_font(21), anchor="lm")


def _draw_badge(draw: ImageDraw.ImageDraw, verdict: str, right: int, middle: int) -> int:
    """The verdict as a pill that ends at ``right``; gives its left edge."""
    ground, ink, words = BADGES.get(verdict, (HAIR, SOFT, verdict))
    left = right - round(_font(20).getlength(words)) - 32
    draw.rounded_rectangle((left, middle - 18, right, middle + 18), 18, fill=ground)
    draw.text(((left + right) / 2, middle), words, fill=ink, font=_font(20), anchor="mm")
    return left


def _packshot(photo: Image.Image, side: int) -> Image.Image:
    """The photo in a square of ``side`` pixels on white, whole."""
    square = Image.new("RGB", (side, side), "#ffffff")
    small = ImageOps.contain(photo.convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
    square.paste(small, ((side - small.width) // 2, (side - small.height) // 2), small)
    ImageDraw.Draw(square).rectangle((0, 0, side - 1, side - 1), outline=HAIR)
    return square


def _cut(text: str, room: float, size: int) -> str:
    """``text``, shortened to ``room`` pixels."""
    font = _font(size)
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "...") > room:
        text = text[:-1]
    return text.rstrip() + "..."


def _drawable(text: str) -> str:
    """``text`` in letters that Pillow's own font has: accents go, so that "Måne" is "Mane" and not a box."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
