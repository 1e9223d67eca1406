import numpy as np
import pytest
from scipy import ndimage

from imagegen import images, recipe, renderer, tone
from imagegen.colour import KEPT, shift
from imagegen.errors import BadImageError, BadRequestError, DoesNotFitError
from imagegen.images import srgb_to_linear
from imagegen.own_room.front import FAR, floor_depth, nearer
from imagegen.own_room.showing import Wish, show
from imagegen.previews.standing import Standing, turn
from imagegen.previews.warp import Layer
from imagegen.types import Dimensions, Mount, Product, Verdict
from imagegen.views.making import furnished, thinned
from styles.library import default_library
from tests.own_room.photographs import (
    ARMCHAIR,
    CHAIR,
    FRONT,
    RUG,
    RUG_GOODS,
    extent,
    eye,
    marked,
    model,
    packshot,
    png,
    tiled,
)

LIBRARY = default_library()


def wish(photo, camera, product=CHAIR, at=(0.0, 0.0, 0.0), places=RUG, **changes):
    given = {"room": photo, "marks": marked(camera, places), "product": product, "photos": (packshot(product),)}
    return Wish(**given | {"at": at} | changes)


def found(scene, check):
    return next(finding for finding in scene.findings if finding.check == check)


TRACED = eye((0.9, -4.7, 1.5), (-0.3, -1.2, 0.7), size=(720, 540), roll=0.8)
TAPE = ((-1.6, -2.4), (0.9, -2.4), (0.9, -0.6), (-1.6, -0.6))


@pytest.fixture(scope="module")
def room():
    """A room of the library as somebody photographs it, most of its furniture sold."""
    style, page = LIBRARY.style("scandinavian"), LIBRARY.room("scandinavian", "living-room")
    sold = {part.id for part in page.parts if part.kind in {"sofa", "coffee-table", "armchair", "pouf", "side-table"}}
    sold |= {part.id for part in page.parts if part.id.startswith(("table-", "side-table"))}
    geometry = furnished(style, thinned(page, sold), TRACED, samples=1)
    passes = renderer.render(geometry, TRACED, None, samples=1, seed=0)
    return tone.view_transform(passes.picture)


@pytest.fixture(scope="module")
def armchair(room):
    return show(wish(png(room), TRACED, ARMCHAIR, (0.1, -1.7, 0.0), TAPE))


@pytest.fixture(scope="module")
def chair():
    photo = tiled(FRONT)
    return photo, show(wish(png(photo), FRONT))


@pytest.mark.timeout(600)
def test_the_camera_of_a_traced_room_is_found_from_four_points_clicked_within_a_pixel(armchair):
    camera = armchair.recipe["camera"]
    assert camera["focal_mm"] == pytest.approx(26.0, rel=0.05)
    assert camera["height_m"] == pytest.approx(1.5, rel=0.03)
    assert camera["roll_deg"] == pytest.approx(0.8, abs=0.8)
    assert camera["position_m"] == pytest.approx(TRACED.position, abs=0.15)


def drawn_and_true(scene, product, camera, at):
    """The product's box in the picture, and that of the product itself seen by the photo's true camera."""
    turned = model(product) @ turn(scene.recipe["drawn"]["yaw_deg"]).T + np.array(at)
    return np.array(scene.recipe["drawn"]["box"]), extent(camera.project(turned))


@pytest.mark.timeout(600)
def test_in_a_traced_room_a_product_has_its_true_size_and_stands_where_it_was_put(armchair):
    box, truth = drawn_and_true(armchair, ARMCHAIR, TRACED, (0.1, -1.7, 0.0))
    assert box[3] - box[1] == pytest.approx(truth[3] - truth[1], rel=0.02)
    assert box[2] - box[0] == pytest.approx(truth[2] - truth[0], rel=0.04)
    assert box[3] == pytest.approx(truth[3], abs=4)
    assert found(armchair, "scale").verdict is Verdict.PASS
    assert found(armchair, "contact").verdict is Verdict.PASS


@pytest.mark.timeout(600)
def test_nothing_of_the_photo_changes_but_the_product_and_the_floor_around_it(room, armchair):
    changed = (armchair.picture != room).any(axis=2)
    left, top, right, bottom = armchair.recipe["drawn"]["box"]
    outside = changed.copy()
    outside[top - 3 : bottom + 3, left - 3 : right + 3] = False  # the product's soft edge
    rows, cols = np.nonzero(outside)
    depth = floor_depth(TRACED, 0.0)[rows, cols]
    assert (depth < FAR).all()  # shadow lies on the floor only
    there = TRACED.position + TRACED.rays(np.column_stack([cols + 0.5, rows + 0.5])) * depth[:, None]
    assert np.linalg.norm(there[:, :2] - [0.1, -1.7], axis=1).max() < 2.5
    assert 0.02 < changed.mean() < 0.4
    assert (outside & (armchair.picture.astype(int) > room).any(axis=2)).sum() == 0  # a shadow only darkens


@pytest.mark.parametrize(("tint", "level"), [((1.0, 1.0, 1.0), 1.0), ((1.0, 0.75, 0.45), 0.8), ((0.6, 0.8, 1.0), 0.35)])
def test_the_photo_s_light_changes_a_product_s_colours_within_the_bound(chair, tint, level):
    _, plain = chair
    shown = show(wish(png(tiled(FRONT, tint, level)), FRONT))
    assert found(shown, "light").score <= KEPT
    left, top, right, bottom = plain.recipe["drawn"]["box"]
    changed = (plain.picture != tiled(FRONT)).any(axis=2)
    inside = np.zeros_like(changed)
    inside[top:bottom, left:right] = True
    core = ndimage.binary_erosion(changed & inside, iterations=2)
    core &= (tiled(FRONT).astype(int) - plain.picture).max(axis=2) > 40  # the dark seat: no shadow is that deep
    before, after = (srgb_to_linear(each.picture[core] / 255) for each in (plain, shown))
    assert shift(before, after) <= 2 * KEPT  # each is within the bound of the packshot
    assert 0.5 < np.median(after.sum(axis=1) / before.sum(axis=1)) < 1.2


def test_a_chair_on_tiles_has_its_true_height_and_its_feet_where_they_stand(chair):
    _, scene = chair
    box, truth = drawn_and_true(scene, CHAIR, FRONT, (0.0, 0.0, 0.0))
    assert box[3] - box[1] == pytest.approx(truth[3] - truth[1], rel=0.02)
    assert box[3] == pytest.approx(truth[3], abs=3)
    assert scene.verdict is not Verdict.FAIL


def test_the_same_wish_gives_the_same_picture_and_another_light_another_recipe(chair):
    photo, scene = chair
    again = show(wish(png(photo), FRONT))
    assert (again.picture == scene.picture).all()
    assert recipe.identity(again.recipe) == recipe.identity(scene.recipe)
    lit = show(wish(png(photo), FRONT, light=(120.0, 40.0)))
    assert recipe.identity(lit.recipe) != recipe.identity(scene.recipe)
    assert scene.recipe["room_photo"]["sha256"] == images.fingerprint(png(photo))
    assert len(scene.recipe["points"]) == 4


@pytest.mark.parametrize(("azimuth", "side"), [(-90.0, 1), (90.0, -1)])
def test_the_shadow_falls_away_from_the_light_that_was_told(azimuth, side):
    photo = tiled(FRONT)
    shown = show(wish(png(photo), FRONT, light=(azimuth, 40.0)))
    darker = (photo.astype(int) - shown.picture).sum(axis=2)
    beside = FRONT.project(np.array([[0.55 * side, 0.0, 0.0], [-0.55 * side, 0.0, 0.0]])).astype(int)
    shaded, lit = (darker[v - 3 : v + 3, u - 3 : u + 3].mean() for u, v in beside)
    assert shaded > lit + 10


def test_what_a_mask_says_stands_in_front_stays_as_it_was(chair):
    photo, free = chair
    left, top, right, bottom = free.recipe["drawn"]["box"]
    mask = np.zeros_like(photo)
    mask[:, : (left + right) // 2] = 255
    shown = show(wish(png(photo), FRONT, front=png(mask)))
    half = np.s_[:, : (left + right) // 2]
    assert (shown.picture[half] == photo[half]).all()
    assert (
        shown.picture[top:bottom, (left + right) // 2 : right] != photo[top:bottom, (left + right) // 2 : right]
    ).any()
    assert 0.3 < found(shown, "front").score < 0.7
    assert "mask" in found(shown, "front").message
    assert "Nothing is known" in found(free, "front").message


def test_a_mask_of_another_size_is_refused(chair):
    with pytest.raises(BadRequestError, match="mask has 64 x 64"):
        show(wish(png(chair[0]), FRONT, front=png(np.zeros((64, 64, 3), np.uint8))))


def test_depth_puts_in_front_what_is_clearly_nearer_and_never_the_floor():
    floor = floor_depth(FRONT, 0.0)
    light = np.ones((60, 60, 4), np.float32)
    layer = Layer(300, 300, light, np.full((60, 60), 3.4, np.float32), Standing(np.zeros(3), 0.0), 0.0)
    depth = floor * np.random.default_rng(0).normal(1, 0.02, floor.shape).astype(np.float32)
    assert nearer(depth, layer, floor).max() == 0
    depth[310:340, 310:330] = 1.5
    front = nearer(depth, layer, floor)
    assert front[315:335, 315:325].min() > 0.9
    assert front[:, 340:].max() == 0


def test_a_turn_that_one_photo_cannot_show_is_told_and_fails(chair):
    straight = chair[1].recipe["drawn"]["yaw_deg"]
    assert found(chair[1], "mismatch").verdict is not Verdict.FAIL
    turned = show(wish(png(chair[0]), FRONT, yaw_deg=straight + 60))
    assert found(turned, "mismatch").verdict is Verdict.FAIL
    assert "drawn turned by 40 degrees less" in found(turned, "mismatch").message


def test_a_product_that_the_picture_s_edge_cuts_is_told(chair):
    near = FRONT.position[:2] * 0.4
    shown = show(wish(png(chair[0]), FRONT, at=(near[0] + 1.3, near[1], 0.0)))
    assert found(shown, "in_frame").verdict is not Verdict.PASS
    assert "cannot be checked" in found(shown, "scale").message


def test_far_from_the_points_the_floor_is_doubted():
    small = tuple((x / 2.5, y / 2.5) for x, y in RUG)
    shown = show(wish(png(tiled(FRONT)), FRONT, at=(0.0, 2.0, 0.0), places=small))
    assert found(shown, "floor").verdict is not Verdict.PASS
    assert "beyond the points" in found(shown, "floor").message


def test_a_rug_lies_on_the_floor_as_the_room_sees_it():
    shown = show(wish(png(tiled(FRONT)), FRONT, RUG_GOODS, yaw_deg=0.0))
    half = np.array([[x, y, 0.0] for x in (-1.2, 1.2) for y in (-0.825, 0.825)])
    assert shown.recipe["drawn"]["box"] == pytest.approx(extent(FRONT.project(half)), abs=6)
    assert found(shown, "mismatch").verdict is Verdict.PASS


def refused(kind=BadRequestError, **changes):
    with pytest.raises(kind) as trouble:
        show(wish(png(tiled(FRONT)), FRONT, **changes))
    assert trouble.value.hint
    return str(trouble.value)


def test_what_hangs_is_refused():
    clock = Product("CLO-TIMME-32", "Clock", "wall clock", Dimensions(0.32, 0.045, 0.32), Mount.WALL)
    assert "hangs" in refused(product=clock)


@pytest.mark.parametrize("at", [(0.0, -9.0, 0.0), (6.0, 0.0, 0.0)])
def test_a_place_that_is_out_of_sight_is_refused(at):
    assert "not in the photo" in refused(DoesNotFitError, at=at)


@pytest.mark.parametrize("at", [(float("nan"), 0.0, 0.0), (1e5, 0.0, 0.0)])
def test_a_place_that_is_none_is_refused(at):
    assert "metres" in refused(at=at)


def test_light_from_the_floor_is_refused():
    assert "elevation" in refused(light=(0.0, 3.0))


def test_points_in_another_order_are_told_with_the_order_that_would_agree():
    marks = marked(FRONT, off=0.0)
    pixels = [marks[k].pixel for k in (0, 1, 3, 2)]
    swapped = tuple(type(mark)(mark.place, pixel) for mark, pixel in zip(marks, pixels, strict=True))
    assert "order 1, 2, 4, 3" in refused(marks=swapped)


def test_a_photo_with_transparent_parts_is_refused():
    clear = np.dstack([tiled(FRONT), np.full((480, 640), 90, np.uint8)])
    with pytest.raises(BadImageError, match="transparent"):
        show(wish(png(clear), FRONT))
