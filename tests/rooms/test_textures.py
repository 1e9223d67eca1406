import runpy
from pathlib import Path

import numpy as np
import pytest

from imagegen.geometry import Texture
from imagegen.rooms.materials import from_page, linear
from imagegen.rooms.textures import PATTERNS, USUAL, Order, Tile, paint_tile
from imagegen.rooms.textures.tile import noise
from styles.library import default_library
from styles.schema import MaterialPage

COLOURS = np.array([[0.6, 0.5, 0.4], [0.3, 0.2, 0.1], [0.1, 0.1, 0.1], [0.7, 0.7, 0.6]])
WHOLE = ("rug-", "print-", "outside-")


def tile(name: str, seed: int = 1) -> Tile:
    return paint_tile(name, Order(COLOURS, (1.0, 1.0), (128, 128), seed, {}))


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_pattern_is_physical_and_comes_again_from_its_seed(name: str) -> None:
    first, again = tile(name), tile(name)
    assert first.colour.shape == (128, 128, 3)
    assert first.colour.dtype == np.float32
    assert np.isfinite(first.colour).all()
    assert first.colour.min() >= 0
    assert first.colour.max() <= 0.95
    assert np.array_equal(first.colour, again.colour)
    if first.height is not None:
        assert first.height.min() >= 0
        assert first.height.max() <= 1


@pytest.mark.parametrize("name", sorted(name for name in PATTERNS if not name.startswith(WHOLE)))
def test_repeating_pattern_has_no_seam(name: str) -> None:
    pixels = tile(name).colour.mean(axis=2)
    for axis in (0, 1):
        rows = np.moveaxis(pixels, axis, 0)
        steps = np.abs(np.diff(rows, axis=0)).mean(axis=1)
        seam = np.abs(rows[0] - rows[-1]).mean()
        assert seam <= 1.6 * steps.max() + 0.01


def test_every_pattern_that_a_page_names_is_known() -> None:
    used = {material.pattern for style in default_library().styles() for material in style.materials.values()}
    assert used <= set(PATTERNS)


def test_hex_becomes_linear_light() -> None:
    assert linear("#ffffff") == pytest.approx([1, 1, 1])
    assert linear("#808080") == pytest.approx([0.2159] * 3, abs=1e-3)


def test_same_page_gives_the_same_material_object() -> None:
    page = MaterialPage(pattern="paint", colours=("#eeeeee",), relief=0.001)
    made = from_page(page, page.colours)
    assert made is from_page(page, page.colours)
    assert made.bump is not None
    assert made.bump.pixels.max() <= 0.001


def usual(name: str, **settings: object) -> Tile:
    """The pattern at its own tile, half as fine."""
    size = USUAL[name]
    ratio = (size.metres[0] / size.metres[1]) ** 0.5
    pixels = round(size.detail * ratio / 2), round(size.detail / ratio / 2)
    return paint_tile(name, Order(COLOURS, size.metres, pixels, 1, settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["zellige", "hex", "encaustic", "flagstone", "rubble", "chevron", "parquet", "tatami", "cane", "kilim"]
)
def test_repeating_pattern_has_no_seam_at_its_own_size(name: str) -> None:
    pixels = usual(name).colour.mean(axis=2)
    for axis in (0, 1):
        rows = np.moveaxis(pixels, axis, 0)
        steps = np.abs(np.diff(rows, axis=0)).mean(axis=1)
        assert np.abs(rows[0] - rows[-1]).mean() <= 1.2 * steps.max() + 0.01


def test_cane_is_open_and_its_material_lets_light_through_the_holes() -> None:
    opacity = usual("cane").opacity
    assert opacity is not None
    assert set(np.unique(np.round(opacity))) == {0.0, 1.0}
    assert 0.45 < opacity.mean() < 0.75
    page = MaterialPage(pattern="cane", colours=("#d9b985", "#a9844f"), opacity=1.0)
    made = from_page(page, page.colours)
    assert isinstance(made.opacity, Texture)
    assert made.opacity.metres == USUAL["cane"].metres


def test_units_are_not_alike() -> None:
    one_colour = np.array([[0.5, 0.4, 0.3], [0.5, 0.4, 0.3]])
    for name in ("zellige", "terracotta", "flagstone", "hex"):
        size = USUAL[name]
        made = paint_tile(name, Order(one_colour, size.metres, (240, 240), 1, {"side": size.metres[0] / 6}))
        blocks = made.colour.mean(axis=2).reshape(6, 40, 6, 40)[:, 10:30, :, 10:30].mean(axis=(1, 3))
        assert blocks.std() / blocks.mean() > 0.015


def test_page_of_surfaces_is_up_to_date() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert runpy.run_path(str(docs / "make_surfaces.py"))["page"]() == (docs / "surfaces.md").read_text()


@pytest.mark.parametrize(("wide", "tall"), [(1.0, 1.0), (40.0, 3.0), (900.0, 5.0)])
def test_noise_is_even_and_has_blobs_of_its_size(wide: float, tall: float) -> None:
    field = noise(180, 96, wide, tall, 5)
    assert field.shape == (96, 180)
    assert field.mean() == pytest.approx(0, abs=1e-3)
    assert field.std() == pytest.approx(1, abs=1e-2)
    assert np.abs(np.diff(field, axis=0)).mean() < 4 / tall
    assert np.abs(np.diff(field, axis=1)).mean() < 4 / wide
    assert np.array_equal(field, noise.__wrapped__(180, 96, wide, tall, 5))


def test_large_prints_are_sharper_than_small_ones() -> None:
    page = MaterialPage(pattern="print-line", colours=("#f0e8d8", "#222222", "#c08060"))
    large, small = (from_page(page, page.colours, sheet).colour for sheet in ((0.7, 1.0), (0.15, 0.2)))
    assert isinstance(large, Texture)
    assert isinstance(small, Texture)
    assert large.pixels.shape[0] > 600
    assert small.pixels.shape[0] < 320


def test_cathedrals_are_another_wood_than_straight_grain() -> None:
    colours = np.array([[0.35, 0.18, 0.08], [0.08, 0.04, 0.02]])
    straight, cathedral = (
        paint_tile("wood", Order(colours, (1.4, 0.7), (700, 350), 2, {"figure": figure})).colour.mean(axis=2)
        for figure in (0.0, 2.0)
    )
    # Lines that run along x change little along x; cathedrals lean.
    along = [np.abs(np.diff(wood, axis=1)).mean() / wood.std() for wood in (straight, cathedral)]
    assert along[1] > 1.05 * along[0]
