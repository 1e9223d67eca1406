"""Packshots drawn in numpy, with the exact alpha beside each: shapes at four times the size, light added linearly."""

import io

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from imagegen.images import linear_to_srgb, srgb_to_linear

FINE = 4
SIZE = 560


def _polygon(draw, points):
    draw.polygon([(x * SIZE * FINE, y * SIZE * FINE) for x, y in points], fill=255)


def _line(draw, points, width):
    draw.line([(x * SIZE * FINE, y * SIZE * FINE) for x, y in points], fill=255, width=max(1, int(width * FINE)))


def _chair(draw):
    _line(draw, [(0.3, 0.15), (0.32, 0.9)], 11)
    _line(draw, [(0.62, 0.12), (0.6, 0.85)], 11)
    for y in np.linspace(0.16, 0.48, 5):
        _line(draw, [(0.3, y), (0.62, y - 0.03)], 8)
    _polygon(draw, [(0.3, 0.55), (0.62, 0.5), (0.78, 0.58), (0.42, 0.64)])
    _line(draw, [(0.43, 0.62), (0.44, 0.93)], 10)
    _line(draw, [(0.77, 0.58), (0.75, 0.9)], 10)


def _sofa(draw):
    _polygon(draw, [(0.08, 0.45), (0.12, 0.3), (0.88, 0.3), (0.92, 0.45), (0.94, 0.7), (0.06, 0.7)])
    for x in (0.1, 0.88):
        _polygon(draw, [(x, 0.7), (x + 0.03, 0.7), (x + 0.025, 0.76), (x + 0.005, 0.76)])


def _pendant(draw):
    _line(draw, [(0.5, -0.01), (0.5, 0.5)], 1.6)
    side = SIZE * FINE
    draw.pieslice([0.3 * side, 0.45 * side, 0.7 * side, 0.85 * side], 180, 360, fill=255)


def _basket(draw):
    for i in range(9):
        _line(draw, [(0.25 + 0.06 * i, 0.25), (0.3 + 0.05 * i, 0.8)], 3)
    for i in range(8):
        _line(draw, [(0.25 + 0.01 * i, 0.25 + 0.078 * i), (0.75 - 0.005 * i, 0.25 + 0.078 * i)], 3)


def _clock(draw):
    side = SIZE * FINE
    draw.ellipse([0.2 * side, 0.2 * side, 0.8 * side, 0.8 * side], fill=255)


def _pair(draw):
    _polygon(draw, [(0.1, 0.3), (0.4, 0.3), (0.4, 0.8), (0.1, 0.8)])
    _polygon(draw, [(0.6, 0.3), (0.9, 0.3), (0.9, 0.8), (0.6, 0.8)])


def _cut_off(draw):
    _polygon(draw, [(0.25, 0.4), (0.75, 0.4), (0.8, 1.1), (0.2, 1.1)])


def _speck(draw):
    _polygon(draw, [(0.5, 0.5), (0.53, 0.5), (0.53, 0.53), (0.5, 0.53)])


def _sideboard(draw):
    _polygon(draw, [(0.08, 0.4), (0.92, 0.4), (0.92, 0.66), (0.08, 0.66)])
    for x in (0.12, 0.86):
        _polygon(draw, [(x, 0.66), (x + 0.02, 0.66), (x + 0.02, 0.8), (x, 0.8)])


def _fringed(draw):
    _polygon(draw, [(0.15, 0.25), (0.85, 0.25), (0.85, 0.75), (0.15, 0.75)])
    for y in np.arange(0.255, 0.745, 0.02):
        for left, right in ((0.09, 0.15), (0.85, 0.91)):
            _polygon(draw, [(left, y), (right, y), (right, y + 0.01), (left, y + 0.01)])


SHAPES = {
    "chair": _chair, "sofa": _sofa, "pendant": _pendant, "basket": _basket, "clock": _clock, "pair": _pair,
    "sideboard": _sideboard, "fringed": _fringed,
    "cut_off": _cut_off, "speck": _speck, "nothing": lambda draw: None,
}  # fmt: skip


def alpha_of(shape):
    image = Image.new("L", (SIZE * FINE, SIZE * FINE), 0)
    SHAPES[shape](ImageDraw.Draw(image))
    return (np.asarray(image, np.float32) / 255).reshape(SIZE, FINE, SIZE, FINE).mean(axis=(1, 3))


def packshot(
    shape, colour, studio=(255, 255, 255), *, gradient=0.0, shadow=0.35, noise=0.7, quality=90, shade=0.5, dim=1
):
    """A JPEG file's bytes and the true alpha (H, W). Colours are sRGB levels; ``shadow`` lies softly about the feet.

    ``dim`` (H, W, 1 or 3): a shadow of the test's own, as the share of the light that is left on the paper.
    """
    alpha = alpha_of(shape)
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    behind = srgb_to_linear(np.array(studio) / 255) * (1 - gradient * (y**2 + 0.3 * (x - 0.5) ** 2))[..., None]
    if shadow and alpha.any():
        lowest = np.nonzero(alpha.max(axis=1) > 0.5)[0].max()
        feet = alpha * (y > lowest / SIZE - 0.1)
        soft = ndimage.gaussian_filter(ndimage.uniform_filter(feet, (3, SIZE // 20)), SIZE * 0.02) * 2
        dark = np.clip(soft, 0, 1) * shadow + 0.35 * shadow * ndimage.gaussian_filter(feet, 4)
        behind = behind * (1 - np.clip(dark, 0, 0.9))[..., None]
    behind = behind * dim
    product = srgb_to_linear(np.array(colour) / 255) * (1 - shade * (0.6 * y + 0.4 * x))[..., None]
    light = product * alpha[..., None] + behind * (1 - alpha[..., None])
    levels = linear_to_srgb(light) * 255 + np.random.default_rng(0).normal(size=light.shape) * noise
    out = io.BytesIO()
    Image.fromarray(np.clip(levels + 0.5, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue(), alpha


def room_photo():
    """A photo of a place: a wall, a floor of boards, a window, a carpet and a sofa in it."""
    rng = np.random.default_rng(3)
    picture = np.empty((SIZE, SIZE, 3))
    picture[:] = (206, 196, 178)
    picture[int(0.66 * SIZE) :] = (128, 92, 60)
    boards = np.repeat(rng.normal(size=SIZE // 14), 14)[: SIZE - int(0.66 * SIZE)]
    picture[int(0.66 * SIZE) :][: len(boards)] += boards[:, None, None] * 14
    picture[40:260, 20:170] = (235, 242, 250)
    picture[40:260, 92:98] = (90, 80, 70)
    picture[60:200, 380:540] = (60, 80, 70)
    picture[480:, 100:460] = (150, 60, 50)
    sofa = alpha_of("sofa")[..., None]
    picture = picture * (1 - sofa) + np.array([90, 100, 120]) * sofa + rng.normal(size=picture.shape) * 2
    out = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()
