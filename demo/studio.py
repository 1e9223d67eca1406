"""The white studio: a sweep of paper, soft boxes, a camera; and the exact silhouette of what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from demo.forms import curve, patch, turn
from imagegen.geometry import Geometry, Material, Mesh, Sky, Texture
from imagegen.renderer import mitsuba, render
from imagegen.renderer.scene import load
from imagegen.types import Camera, Doubles, Floats, Labels, Mount

PAPER = Material((0.86, 0.86, 0.86), roughness=0.95, specular=0.05)
BLEED = 6  # pixels round the frame that are traced and cut away: the denoiser is unsure at its border
FLAG = Material((0.03, 0.03, 0.03), roughness=0.9, specular=0.0)


@dataclass(frozen=True, slots=True)
class Shot:
    """How a product is photographed.

    ``yaw``, ``elevation`` degrees (see ``imagegen.types.CameraFacts``); ``distance`` metres from the product's
    middle; ``size`` pixels; ``margin``: the part of the frame left free on each side; ``white``: linear level of
    the background; ``key``, ``top``: strength of the main and of the top light.
    """

    yaw: float = 0.0
    elevation: float = 6.0
    distance: float = 4.0
    size: tuple[int, int] = (1280, 1024)
    margin: float = 0.09
    white: float = 0.90
    key: float = 1.0
    top: float = 1.0


def camera_for(points: Doubles, middle: Doubles, shot: Shot, mount: Mount) -> Camera:
    """The pinhole camera that frames ``points`` (N, 3): aimed at ``middle``, then cropped to centre the product.

    The crop is a shift of the principal point. Ceiling goods are cropped so that their cord leaves at the top edge.
    """
    y, e = np.radians(shot.yaw), np.radians(shot.elevation)
    back = np.array([np.sin(y) * np.cos(e), -np.cos(y) * np.cos(e), np.sin(e)])
    right = np.array([np.cos(y), np.sin(y), 0.0])
    rotation = np.stack([right, np.cross(-back, right), -back])
    width, height = shot.size
    camera = Camera(1.0, 0.0, 0.0, rotation, middle + back * shot.distance, width, height)
    flat = camera.project(points)
    low, high = flat.min(axis=0), flat.max(axis=0)
    free = np.array([width * (1 - 2 * shot.margin), height * (1 - 2 * shot.margin)])
    if mount is Mount.CEILING:
        free[1] = height * (1 - 1.6 * shot.margin)
    focal = float((free / (high - low)).min())
    cx, cy = np.array([width, height]) / 2 - focal * (low + high) / 2
    if mount is Mount.CEILING:
        cy = -1.5 - focal * low[1]
    cx = round(2 * float(cx)) / 2
    return Camera(focal, cx, float(cy), rotation, camera.position, width, height)


def develop(product: list[Mesh], camera: Camera, shot: Shot, mount: Mount, samples: int) -> Floats:
    """The linear picture (H, W, 3): traced on a film wide enough to have the lens axis in its middle, then cropped."""
    wide = round(2 * max(camera.cx, camera.width - camera.cx))
    left = BLEED + (0 if camera.cx >= camera.width / 2 else wide - camera.width)
    film = replace(
        camera, cx=wide / 2 + BLEED, cy=camera.cy + BLEED, width=wide + 2 * BLEED, height=camera.height + 2 * BLEED
    )
    picture = render(studio(product, film, shot, mount), film, None, samples=samples, seed=7).picture
    return picture[BLEED : BLEED + camera.height, left : left + camera.width]


def studio(product: list[Mesh], camera: Camera, shot: Shot, mount: Mount) -> Geometry:
    """The product on its sweep (before a wall, or flat on the floor), lit by soft boxes in proportion to its size.

    The studio stands square to the camera: it is the product that was turned on the sweep.
    """
    points = np.concatenate([m.vertices for m in product])
    low, high = points.min(axis=0), points.max(axis=0)
    k = float(np.linalg.norm(high - low)) / 2.0
    middle = (low + high) / 2
    scenery = [_backdrop(mount, high, k), *_flags(camera, middle, k, mount), *_soft_boxes(middle, k, shot)]
    swing = turn("z", shot.yaw)
    turned = [
        replace(m, vertices=m.vertices @ swing.T, normals=None if m.normals is None else m.normals @ swing.T)
        for m in scenery
    ]
    return Geometry((*product, *turned), (Sky((0.34,) * 3, (0.30,) * 3),))


def _backdrop(mount: Mount, high: Doubles, k: float) -> Mesh:
    """Paper that runs from under the camera up behind the product in one curve; wall goods hang on a flat one."""
    if mount is Mount.WALL:
        y = float(high[1])
        line = np.array([[y, -12 * k], [y, 14 * k]])
    elif mount is Mount.CEILING:
        line = np.array([[4.5 * k, -12 * k], [4.5 * k, 14 * k]])
    else:
        bend = curve([[2.4 * k, 0.0], [4.2 * k, 0.0], [4.6 * k, 0.4 * k], [4.6 * k, 2.2 * k]], 5)
        line = np.concatenate([[[-16 * k, 0.0]], bend, [[4.6 * k, 14 * k]]])
    x = np.array([-20 * k, 20 * k])
    grid = np.empty((len(line), 2, 3))
    grid[..., 0], grid[..., 1], grid[..., 2] = x[::-1], line[:, :1], line[:, 1:]
    return patch(grid).dressed(PAPER, part="backdrop")


def _flags(camera: Camera, middle: Doubles, k: float, mount: Mount) -> list[Mesh]:
    """Black cards beside the camera: they draw the dark lines in chrome and gloss, and are never in the picture."""
    if mount is Mount.RUG:
        return []
    if mount is Mount.WALL:
        return [_sheen_card(middle, k, float(np.linalg.norm(camera.position - middle)) + k)]
    out = []
    rise = (camera.position - middle)[2] / np.linalg.norm(camera.position - middle)
    ahead, right = np.array([0, -np.sqrt(1 - rise**2), rise]), np.array([1.0, 0, 0])
    up = np.array([0, 0, 1.0])
    for side, reach, w in ((-1, 2.9, 0.9), (1, 2.6, 1.2)):
        centre = middle + right * side * reach * k + ahead * 1.6 * k
        facing = middle - centre
        facing /= np.linalg.norm(facing)
        across = np.cross(up, facing)
        across /= np.linalg.norm(across)
        corners = np.array([[centre + a * across * w * k / 2 + b * up * 3.0 * k for b in (-0.5, 0.6)] for a in (-1, 1)])
        out.append(patch(corners).dressed(FLAG, smooth=False, part="flag"))
    return out


def _sheen_card(middle: Doubles, k: float, away: float) -> Mesh:
    """A card behind the camera, from grey to white across a soft slant: what a mirror is given to show."""
    half = 5.0 * k
    y, x = np.meshgrid(np.linspace(-1, 1, 256), np.linspace(-1, 1, 256), indexing="ij")
    slant = np.clip(0.5 + 2.2 * (x + 0.55 * y) + 0.08, 0, 1)
    grey = 0.25 + 0.62 * slant * slant * (3 - 2 * slant)
    shade = Texture(np.repeat(grey[..., None], 3, axis=2).astype(np.float32), (2 * half, 2 * half))
    centre = middle + np.array([0, -away, 0])
    grid = np.array([[centre + np.array([a * half, 0, b * half]) for b in (-1, 1)] for a in (1, -1)])
    return patch(grid).dressed(Material(shade, roughness=1.0, specular=0.0), smooth=False, part="card")


def _box(centre: Doubles, target: Doubles, w: float, h: float, light: float) -> Mesh:
    """A soft box: a shining rectangle that shows in gloss."""
    facing = (target - centre) / np.linalg.norm(target - centre)
    helper = np.array([0.0, 0.0, 1.0]) if abs(facing[2]) < 0.9 else np.array([0.0, 1.0, 0.0])
    across = np.cross(helper, facing)
    across /= np.linalg.norm(across)
    up = np.cross(facing, across)
    grid = np.array([[centre + a * across * w / 2 + b * up * h / 2 for b in (-1, 1)] for a in (-1, 1)])
    return patch(grid).dressed(Material((0, 0, 0), emission=(light, light, light)), smooth=False, part="softbox")


def _soft_boxes(middle: Doubles, k: float, shot: Shot) -> list[Mesh]:
    """Key from the front left, a tall fill from the right, a wide top light, and a wash over the paper behind."""

    def at(x: float, y: float, z: float) -> Doubles:
        spot: Doubles = middle + k * np.array([x, y, z])
        return spot

    wash = at(0, 1.9, 4.8)
    return [
        _box(at(-2.6, -2.5, 1.9), middle, 1.9 * k, 1.9 * k, 3.4 * shot.key),
        _box(at(3.4, -1.2, 0.9), middle, 0.9 * k, 2.6 * k, 1.5),
        _box(at(0, 0.3, 3.6), at(0, 0.3, 0), 5.5 * k, 4.5 * k, 0.85 * shot.top),
        _box(wash, wash + np.array([0, 0.78, -0.62]), 9.0 * k, 1.6 * k, 2.2),
    ]


def expose(linear: Floats, white: float) -> Labels:
    """Linear light to 8-bit sRGB: the background's brightest tenth becomes ``white``; a soft shoulder above 0.8."""
    height, width = linear.shape[:2]
    rim = np.concatenate(
        [
            linear[: height // 12].reshape(-1, 3),
            linear[:, : width // 16].reshape(-1, 3),
            linear[:, -width // 16 :].reshape(-1, 3),
        ]
    )
    shoulder = 0.82
    level = shoulder - (1 - shoulder) * np.log(1 - (white - shoulder) / (1 - shoulder)) if white > shoulder else white
    x = linear * (level / np.percentile(rim.mean(axis=1), 80))
    x = np.where(x < shoulder, x, 1 - (1 - shoulder) * np.exp(-(x - shoulder) / (1 - shoulder)))
    srgb = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 0.0031308) ** (1 / 2.4) - 0.055)
    dither = np.random.default_rng(0).uniform(-0.5, 0.5, srgb.shape)
    out: Labels = np.clip(srgb * 255 + 0.5 + dither * 0.6, 0, 255).astype(np.uint8)
    return out


def coverage(product: list[Mesh], camera: Camera, fine: int = 4) -> Floats:
    """How much of each pixel the product covers (H, W), 0..1: ``fine`` squared rays a pixel. Glass counts."""
    mi = mitsuba()
    plain = Material()
    bare = tuple(Mesh(m.vertices, m.faces, plain) for m in product)
    scene = load(Geometry(bare, ()), ()).scene
    offsets = (np.arange(fine) + 0.5) / fine
    left, top, right, bottom = _window(product, camera)
    u = (np.arange(left, right)[:, None] + offsets).reshape(-1)
    out = np.zeros((camera.height, camera.width), np.float32)
    band = max(1, 2_000_000 // (u.size * fine))
    for first in range(top, bottom, band):
        rows = min(band, bottom - first)
        v = (first + np.arange(rows)[:, None] + offsets).reshape(-1)
        ways = camera.rays(np.stack(np.meshgrid(u, v), -1).reshape(-1, 2))
        ways /= np.linalg.norm(ways, axis=1, keepdims=True)
        ray = mi.Ray3f(mi.Point3f(*camera.position.tolist()), mi.Vector3f(*ways.T.astype(np.float32)))
        met = np.array(scene.ray_intersect_preliminary(ray).is_valid())
        out[first : first + rows, left:right] = met.reshape(rows, fine, right - left, fine).mean(axis=(1, 3))
    return out


def _window(product: list[Mesh], camera: Camera) -> tuple[int, int, int, int]:
    """The pixels (left, top, right, bottom) that the product can reach."""
    seen = camera.project(np.concatenate([m.vertices for m in product]))
    low = np.maximum(np.floor(seen.min(axis=0)).astype(int) - 1, 0)
    high = np.minimum(np.ceil(seen.max(axis=0)).astype(int) + 1, [camera.width, camera.height])
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])
