"""What the project's own demonstration model has learnt, measured on rooms that are traced for the test."""

import numpy as np
import pytest
from scipy import ndimage

from imagegen.colour import difference, lab
from imagegen.diffusion import conditions, families, prompts, store
from imagegen.diffusion.desk import desk
from imagegen.diffusion.options import Equipment
from imagegen.diffusion.request import Request
from imagegen.images import srgb_to_linear
from imagegen.renderer import render
from imagegen.tone import view_transform
from imagegen.types import Camera
from imagegen.views.making import furnished
from styles.library import default_library

SIZE = (256, 192)
SPEC = families.family("mini")
LIBRARY = default_library()
MOST_BYTES = 12 * 2**20


def shot(turn):
    """A camera that looks into the room from a little to one side, at eye level."""
    yaw = np.radians(turn)
    forward, right = np.array([-np.sin(yaw), np.cos(yaw), 0.0]), np.array([np.cos(yaw), np.sin(yaw), 0.0])
    position = np.array([0.0, -1.0, 1.3]) - 3.2 * forward
    rotation = np.array([right, [0.0, 0.0, -1.0], forward])
    return Camera(1.1 * SIZE[0], SIZE[0] / 2, 0.42 * SIZE[1], rotation, position, *SIZE)


@pytest.fixture(scope="module")
def rooms():
    """Passes of five rooms from sides that training never had exactly."""
    asked = [("scandinavian", "living-room", 11.0), ("japandi", "suite", -7.0), ("industrial", "loft", 17.0)]
    asked += [("minimalist", "lounge", -12.0), ("bohemian", LIBRARY.style("bohemian").rooms[0], 5.0)]
    found = {}
    for style, room, turn in asked:
        camera = shot(turn)
        geometry = furnished(LIBRARY.style(style), LIBRARY.room(style, room), camera, samples=3)
        found[style, room] = render(geometry, camera, None, samples=3, seed=5)
    return found


def words(style, room):
    return prompts.words(LIBRARY.style(style), LIBRARY.room(style, room), [], prompts.Budget())


def paint(style, room, passes, *, keep=None, shown=None, seed=1):
    said = words(style, room)
    read = conditions.read(SPEC.controls["layout"].reads, passes, SIZE)
    request = Request(
        family="mini",
        words=said.positive,
        unwanted=said.negative,
        seed=seed,
        picture=view_transform(passes.picture),
        keep=np.zeros(SIZE[::-1], np.float32) if keep is None else keep,
        sampling=SPEC.sampling,
        controls={"layout": read if shown is None else shown},
        windows={"layout": SPEC.controls["layout"].window},
    )
    return desk(Equipment()).paint(request).picture


def edges(plane):
    """Strength of edges (H, W) of a plane, as a share of the strongest."""
    size = ndimage.gaussian_gradient_magnitude(np.asarray(plane, float), 1.5)
    return size / max(size.max(), 1e-9)


def agreement(picture, passes):
    """How the picture's edges lie on the geometry's: correlation."""
    depth = conditions.read(("depth",), passes, SIZE)[..., 0]
    borders = np.maximum(edges(depth), 0.5 * edges((passes.segments != np.roll(passes.segments, 1, 1)) * 1.0))
    return np.corrcoef(edges(picture.mean(axis=2)).ravel(), borders.ravel())[0, 1]


def test_its_files_are_what_was_pinned_and_small_enough():
    folder = store.home(SPEC, None)
    store.refuse_faults(SPEC, folder)
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= MOST_BYTES


def test_depth_is_obeyed(rooms):
    true, shuffled = [], []
    names = list(rooms)
    for number, (name, passes) in enumerate(rooms.items()):
        other = rooms[names[(number + 1) % len(names)]]
        true.append(agreement(paint(*name, passes), passes))
        wrong = conditions.read(SPEC.controls["layout"].reads, other, SIZE)
        shuffled.append(agreement(paint(*name, passes, shown=wrong), passes))
    assert np.mean(true) > 1.5 * np.mean(shuffled)
    assert all(own > other for own, other in zip(true, shuffled, strict=True))


def middle(picture):
    """A picture's mean colour, CIELAB."""
    return lab(srgb_to_linear(picture.reshape(-1, 3) / 255.0)).mean(axis=0)


def test_a_styles_words_draw_the_colours_towards_its_rooms(rooms):
    passes = rooms["scandinavian", "living-room"]
    asked = [name for name in rooms if name[0] in {"industrial", "minimalist", "bohemian"}]
    true = {name: middle(view_transform(rooms[name].picture)) for name in asked}
    painted = {name: middle(paint(*name, passes)) for name in asked}
    for name in asked:
        apart = {other: difference(painted[other], true[name]) for other in asked}
        assert min(apart, key=apart.get) == name, apart


def test_what_is_kept_is_kept_and_an_inverted_mask_is_not(rooms):
    passes = rooms["japandi", "suite"]
    keep = np.zeros(SIZE[::-1], np.float32)
    keep[64:144, 96:176] = 1
    shown = view_transform(passes.picture).astype(float)
    inside = np.s_[72:136, 104:168]
    kept = np.abs(paint("japandi", "suite", passes, keep=keep)[inside] - shown[inside]).mean()
    inverted = np.abs(paint("japandi", "suite", passes, keep=1 - keep)[inside] - shown[inside]).mean()
    assert kept < 0.6 * inverted


def test_it_says_of_itself_that_it_is_a_demonstration():
    assert SPEC.demonstration
    assert SPEC.bundled
