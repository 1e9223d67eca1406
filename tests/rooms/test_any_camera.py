"""Every (style, room) of the library from a sample of all cameras: nothing void, nothing in the way, no loose end."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

import numpy as np
import pytest

from imagegen.rooms.cast import cast
from imagegen.rooms.shapes import slab
from imagegen.rooms.survey import Shot, faults, shots, survey
from styles.library import default_library
from styles.schema import Anchor, Part, Room, Style

LIBRARY = default_library()
PAIRS = [(style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)]
pairs = pytest.mark.parametrize(("style", "room"), PAIRS, ids=[f"{s.slug}-{r.slug}" for s, r in PAIRS])
STRAIGHT = Shot(height=1.3, yaw_deg=0.0, lens_mm=50.0, distance=4.0, mirrored=False)


def cameras(style: Style, room: Room) -> int:
    """A room is looked at closely in two of its styles, the same two every time, and briefly in the others."""
    offered = [one for one, page in PAIRS if page.slug == room.slug]
    closely = sorted(offered, key=lambda one: sha256(f"{one.slug} {room.slug}".encode()).digest())[:2]
    return 36 if style.slug in {one.slug for one in closely} else 12


@pairs
def test_no_camera_finds_a_fault(style: Style, room: Room) -> None:
    sample = survey(style, room, cameras(style, room), seed=len(style.slug))
    found = [fault for fault in sample if fault.fatal]
    assert not found, "\n".join(f"{f.kind} at {f.anchor!r} from {f.shot}: {f.message}" for f in found)


def test_sample_is_even_over_heights_angles_lenses_and_distances_and_the_same_every_time() -> None:
    chosen = shots(180, 3)
    assert chosen == shots(180, 3)
    assert set(Counter(shot.height for shot in chosen).values()) == {36}
    assert set(Counter(shot.yaw_deg for shot in chosen).values()) == {20}
    assert set(Counter(shot.lens_mm for shot in chosen).values()) == {45}
    assert set(Counter(shot.mirrored for shot in chosen).values()) == {90}


def anchor(room: Room, mount: str = "floor") -> Anchor:
    return next(a for a in room.anchors if mount in a.mounts and a.against == "wall")


def with_part(room: Room, **page: object) -> Room:
    return room.model_copy(update={"parts": (*room.parts, Part.model_validate(page))})


def kinds(style: Style, room: Room, shot: Shot) -> set[str]:
    return {fault.kind for fault in faults(style, room, anchor(room), shot)}


def test_survey_finds_what_hides_the_product_and_will_not_step_aside() -> None:
    style, room = PAIRS[0]
    at = anchor(room).at
    blocked = with_part(room, id="arch", kind="arch", at=(at[0], at[1] - 1.6, 0.0), size=(2.4, 0.2, 2.3))
    assert not kinds(style, room, STRAIGHT)
    assert "hidden" in kinds(style, blocked, STRAIGHT)


def test_survey_finds_a_camera_inside_a_thing_that_stays() -> None:
    style, room = PAIRS[0]
    at = anchor(room).at
    walled = with_part(room, id="arch", kind="arch", at=(at[0], at[1] - 4.4, 0.0), size=(2.4, 0.8, 2.3))
    assert "inside" in kinds(style, walled, STRAIGHT)


def test_survey_tells_why_the_horizon_is_outside_the_picture() -> None:
    style, room = PAIRS[0]
    found = faults(style, room, anchor(room), Shot(1.9, 0.0, 120.0, 3.0, False))
    (told,) = [fault for fault in found if fault.kind == "horizon"]
    assert not told.fatal
    assert "looks down by" in told.message


def test_rays_meet_the_nearest_face_and_know_their_side() -> None:
    near, far = slab((-1, 2, -1), (1, 3, 1), 0.01), slab((-9, 5, -9), (9, 6, 9), 0.01)
    met = cast(np.zeros(3), np.array([[0, 1, 0], [1.0, 1, 0], [0, -1, 0]]), [far, near])
    assert met.distance.tolist() == pytest.approx([2.0, 5.0, np.inf])
    assert met.shape[:2].tolist() == [1, 0]
    assert not met.behind.any()
    assert cast(np.array([0, 2.5, 0]), np.array([[0, 1.0, 0]]), [near]).behind.all()
