import base64
import io
import subprocess
import sys

import pytest
from PIL import Image

from imagegen.errors import NotAPackshotError, RendererUnavailableError
from tests.api import house
from tests.previews import goods
from tests.workers import makers
from workers.app import PREVIEWS
from workers.records import keys, preparations
from workers.scopes import Scope
from workers.tasks.previews import work_on
from workers.tasks.scenes import Workbench

ORDER = {"sku": "SOFA-1", "style": "test-calm"}


def lay(client, **more):
    return client.post("/v1/previews", json={k: v for k, v in (ORDER | more).items() if v is not None})


def work(context, preparer=goods.prepare):
    """A worker does what waits."""
    bench = Workbench(context.settings, context.database, context.blobs, makers.gradient(context.settings), "test")
    with context.database.reading() as session:
        waiting = preparations.to_send(session, -1, 10)
    for preparation_id in waiting:
        work_on(bench, preparation_id, preparer)
    return len(waiting)


def messages(context):
    return list((context.settings.broker_dir / "messages").glob(f"*.{PREVIEWS}.msg"))


def test_the_first_call_has_it_prepared_and_the_next_one_is_a_picture(client, context, sofa):
    first = lay(client)
    assert first.status_code == 202
    assert first.json() == {"preparing": "queued", "retry_after_s": 1}
    assert first.headers["retry-after"] == "1"
    assert lay(client).status_code == 202
    assert len(messages(context)) == 1
    assert work(context) == 1
    answer = lay(client)
    assert answer.status_code == 200
    told = answer.json()
    assert told["approximate"] is True
    assert "exactly" in told["note"]
    kind, data = told["image"].split(",", 1)
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as picture:
        assert picture.width == 768
        left, top, right, bottom = told["box"]
        inside = picture.getpixel(((left + right) // 2, (top + bottom) // 2))
        assert max(abs(a - b) for a, b in zip(inside, goods.COLOUR, strict=True)) < 12
    assert told["anchor"] == "middle"
    assert told["placement"] == {"x": 0.0, "y": -1.2, "z": 0.0, "yaw_deg": 0.0}
    assert told["anchors"][0]["id"] == "middle"
    assert told["space"] == {"width": 5.0, "depth": 5.0, "height": 2.6}
    assert told["product"] == {"width": 2.0, "depth": 0.9, "height": 0.8, "mount": "floor"}


@pytest.fixture
def ready(client, context, sofa):
    lay(client)
    work(context)
    return client


def test_it_stands_where_it_is_told_to(ready):
    left = lay(ready, placement={"x": -0.8, "y": -1.5}).json()
    right = lay(ready, placement={"x": 0.8, "y": -1.5, "yaw_deg": 10}).json()
    assert left["anchor"] == right["anchor"] == "explicit"
    assert left["box"][0] < right["box"][0]
    assert left["photo_camera"]["x"] == pytest.approx(-0.8, abs=0.01)
    assert right["photo_camera"]["heading_deg"] == pytest.approx(10, abs=0.1)


def test_a_product_comes_nearer_and_larger(ready):
    far, near = (lay(ready, placement={"x": 0, "y": y}).json()["box"] for y in (-0.5, -2.5))
    assert near[2] - near[0] > 1.2 * (far[2] - far[0])


def test_a_machine_that_cannot_render_is_told_as_such_and_so_is_what_nobody_expected(client, context, sofa):
    def cannot(*_):
        raise RendererUnavailableError("Mitsuba is missing.", hint="Install it.")

    def break_down(*_):
        raise RuntimeError("inside facts")

    lay(client)
    work(context, cannot)
    assert lay(client).status_code == 503
    assert lay(client).json()["detail"] == "Mitsuba is missing."
    lay(client, angle=1)
    work(context, break_down)
    answer = lay(client, angle=1)
    assert answer.status_code == 503
    assert "inside facts" not in answer.text


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"sku": "NONE-1"}, "sku"),
        ({"style": "baroque"}, "style"),
        ({"room": "cellar"}, "room"),
        ({"light": "dusk"}, "light"),
        ({"anchor": "chimney"}, "anchor"),
    ],
)
def test_what_does_not_exist_is_not_found(ready, changes, where):
    answer = lay(ready, **changes)
    assert answer.status_code == 404
    assert answer.json()["where"] == where


def test_a_product_that_sticks_out_of_the_room_does_not_fit(ready):
    answer = lay(ready, placement={"x": 2.2, "y": -1.0})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("does-not-fit")
    assert "x from -2.50 to 2.50 m" in answer.json()["hint"]


def test_what_fits_at_no_anchor_can_still_be_placed(client, context):
    house.add_product(context, width_cm=310)
    lay(client)
    work(context)
    answer = lay(client)
    assert answer.status_code == 422
    assert "at no anchor" in answer.json()["detail"]
    assert "placement" in answer.json()["hint"]
    assert lay(client, anchor="middle").status_code == 422
    assert lay(client, placement={"x": 0, "y": -2}).status_code == 200


def test_a_product_without_a_photo_is_refused(client, context):
    house.add_product(context, photo=False)
    assert lay(client).status_code == 409


def test_a_photo_that_cannot_be_shown_says_why(client, context, sofa):
    def refuse(*_):
        raise NotAPackshotError("The background is not plain.", hint="Send a cutout.")

    lay(client)
    work(context, refuse)
    answer = lay(client)
    assert answer.status_code == 422
    assert (answer.json()["detail"], answer.json()["hint"]) == ("The background is not plain.", "Send a cutout.")
    assert answer.json()["type"].endswith("not-apackshot")


@pytest.mark.parametrize(
    "nonsense",
    [
        {"angle": 3},
        {"anchor": "middle", "placement": {"x": 0, "y": -1}},
        {"placement": {"x": 1e9, "y": 0}},
        {"size": 5},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(ready, nonsense):
    assert lay(ready, **nonsense).status_code == 422


def test_another_side_is_another_preparation_of_the_same_sprite(ready, context):
    assert lay(ready, angle=2).status_code == 202
    assert work(context) == 1
    told = lay(ready, angle=2).json()
    assert told["angle"] == 2
    assert told["view"]["position_m"][0] > 0
    assert lay(ready).json()["angle"] == 0


def test_whoever_may_only_look_lays_nothing(client, context, sofa):
    with context.database.transaction() as session:
        key = keys.issue(session, "looker", [Scope.READ], "test")[1]
    answer = client.post("/v1/previews", json=ORDER, headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 403
    assert not messages(context)


def test_laying_previews_loads_nothing_that_makes_pictures():
    heavy = ["scipy", "mitsuba", "torch", "imagegen.pipeline", "imagegen.hull", "imagegen.rooms", "imagegen.placement"]
    code = f"import sys, api.previews.routes; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
