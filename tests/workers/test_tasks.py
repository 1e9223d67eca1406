"""One scene's making in this process: whatever happens, the row says so."""

import io
import threading
from dataclasses import replace
from itertools import islice

import pytest
from PIL import Image

from imagegen import adobe_rgb, images, provenance, recipe
from imagegen.errors import NotAPackshotError, OutOfMemoryError
from imagegen.lifecycle import State
from styles.errors import UnknownStyleError
from tests.workers import makers
from tests.workers.making import a_photo, a_product
from workers import bulk, photos, publishing, relay
from workers.app import make_app
from workers.bulk import Reason
from workers.errors import StateConflictError
from workers.records import products, scenes
from workers.scene_model import SceneRequest
from workers.settings import load_settings
from workers.tasks.lease import Lease
from workers.tasks.scenes import Maker, Workbench, job_of, pipeline_maker, work_on


@pytest.fixture
def bench(database, blobs, tmp_path):
    settings = load_settings(data_dir=tmp_path / "data")
    add(database, blobs)
    return Workbench(settings, database, blobs, makers.gradient(settings), "test")


def add(database, blobs, sku="SOFA-1", photo=None, **facts):
    stored = photos.store(database, blobs, photo or a_photo())
    with database.transaction() as session:
        return products.upsert(session, a_product(sku, **facts), [stored])


def ask(bench, **wish):
    request = SceneRequest.model_validate({"sku": "SOFA-1", "style": "calm", "quality": "draft"} | wish)
    with bench.database.transaction() as session:
        return scenes.ask(session, request)[0].id


def look(bench, scene_id):
    with bench.database.reading() as session:
        return scenes.get(session, scene_id)


def with_maker(bench, make):
    return Workbench(bench.settings, bench.database, bench.blobs, Maker(make, makers.plan), "test", bench.stopping)


def test_a_made_scene_has_its_picture_and_recipe_by_content(bench):
    scene_id = ask(bench, seed=9)
    work_on(bench, scene_id)
    scene = look(bench, scene_id)
    assert scene.state == State.IN_REVIEW
    with Image.open(io.BytesIO(bench.blobs.get(scene.picture))) as picture:
        assert picture.size == (scene.width, scene.height) == (640, 438)
    written = bench.blobs.get(f"{scene.recipe_sha[:2]}/{scene.recipe_sha}.json")
    assert written == recipe.canonical(scene.recipe)
    assert scene.plan_sha == recipe.identity(makers.plan(job_of(bench, scene)))


def test_the_same_wish_gives_the_same_file(bench):
    pictures = set()
    for _ in range(2):
        scene_id = ask(bench, seed=3)
        work_on(bench, scene_id)
        pictures.add(look(bench, scene_id).picture)
    assert len(pictures) == 1


def test_a_message_that_comes_twice_does_nothing_more(bench):
    scene_id = ask(bench)
    work_on(bench, scene_id)
    before = look(bench, scene_id).events
    work_on(bench, scene_id)
    work_on(bench, "unknown")
    assert look(bench, scene_id).events == before


@pytest.mark.parametrize(
    ("error", "state", "kind"),
    [
        (NotAPackshotError("Two products.", hint="Crop it."), State.FAILED, "NotAPackshotError"),
        (UnknownStyleError("No such style."), State.FAILED, "UnknownStyleError"),
        (OutOfMemoryError("Full."), State.QUEUED, "OutOfMemoryError"),
        (ZeroDivisionError("division by zero"), State.FAILED, "ZeroDivisionError"),
        (MemoryError(), State.QUEUED, "MemoryError"),
    ],
)
def test_an_error_is_kept_with_what_would_help(bench, error, state, kind):
    def broken(_job, _progress):
        raise error

    scene_id = ask(bench)
    work_on(with_maker(bench, broken), scene_id)
    scene = look(bench, scene_id)
    assert (scene.state, scene.error["kind"]) == (state, kind)
    assert scene.error["hint"] == getattr(error, "hint", "")


def test_a_product_whose_photo_is_gone_fails_and_says_so(bench):
    scene_id = ask(bench)
    key = look(bench, scene_id).product.photos[0].key
    (bench.blobs.root / key).unlink()
    work_on(bench, scene_id)
    assert look(bench, scene_id).error["kind"] == "NotFoundError"


def test_a_stopping_worker_hands_back(bench):
    def stopped(job, progress):
        bench.stopping.set()
        return makers.draw(job, progress)

    scene_id = ask(bench)
    work_on(with_maker(bench, stopped), scene_id)
    assert look(bench, scene_id).state == State.QUEUED
    work_on(bench, scene_id)
    assert (look(bench, scene_id).attempt, look(bench, scene_id).sent_at) == (1, None)


def test_an_interrupted_worker_hands_back(bench):
    def interrupted(_job, _progress):
        raise SystemExit(1)

    scene_id = ask(bench)
    with pytest.raises(SystemExit):
        work_on(with_maker(bench, interrupted), scene_id)
    assert look(bench, scene_id).state == State.QUEUED


def test_a_scene_cancelled_while_it_is_made_stays_cancelled(bench):
    scene_id = ask(bench)

    def cancelled(job, progress):
        with bench.database.transaction() as session:
            scenes.cancel(session, scene_id, "me")
        return makers.draw(job, progress)

    work_on(with_maker(bench, cancelled), scene_id)
    assert look(bench, scene_id).state == State.CANCELLED


def test_a_scene_that_went_to_somebody_else_is_theirs(bench, clock):
    scene_id = ask(bench)

    def slow(job, progress):
        clock.pass_s(60)
        work_on(bench, scene_id)
        return makers.draw(job, progress)

    work_on(with_maker(bench, slow), scene_id)
    scene = look(bench, scene_id)
    assert (scene.state, scene.attempt) == (State.IN_REVIEW, 2)


def test_a_lease_is_renewed_while_work_goes_on(bench, clock):
    scene_id = ask(bench)
    with bench.database.transaction() as session:
        held = scenes.claim(session, scene_id, "test")
    renewed = threading.Event()

    class Watched:
        clock = bench.database.clock

        def transaction(self):
            renewed.set()
            return bench.database.transaction()

    before = look(bench, scene_id).lease_until
    clock.pass_s(10)
    with Lease(Watched(), held, 0.1, threading.Event()) as lease:
        assert renewed.wait(10)
    assert lease.lost is None
    assert look(bench, scene_id).lease_until != before


def test_the_real_pipeline_is_what_workers_use(bench):
    maker = pipeline_maker(bench.settings)
    assert maker.make.func.__module__ == "imagegen.pipeline"


# Publishing


@pytest.fixture
def approved(bench):
    scene_id = ask(bench, seed=5)
    work_on(bench, scene_id)
    with bench.database.transaction() as session:
        scenes.approve(session, scene_id, "ann")
    return scene_id


def test_a_published_picture_is_marked_and_lies_beside_its_recipe(bench, approved, tmp_path):
    place = publishing.open_place(str(tmp_path / "out"))
    scene = publishing.publish(bench.database, bench.blobs, place, approved, "ann")
    folder = tmp_path / "out/SOFA-1"
    assert scene.publication.place == str(folder / f"{approved}.jpg")
    assert scene.publication.written_at is not None
    data = (folder / f"{approved}.jpg").read_bytes()
    assert provenance.read_xmp(data)["recipe"] == scene.recipe_sha
    assert provenance.read_xmp(data)["source_type"].endswith("compositeSynthetic")
    assert recipe.canonical(scene.recipe) == (folder / f"{approved}.json").read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == [f"{approved}.jpg", f"{approved}.json"]


def test_publishing_as_png_keeps_every_pixel(bench, approved, tmp_path):
    place = publishing.open_place(str(tmp_path / "out"))
    scene = publishing.publish(bench.database, bench.blobs, place, approved, "ann", format="png")
    published = images.decode((tmp_path / f"out/SOFA-1/{approved}.png").read_bytes())
    assert (published.colour == images.decode(bench.blobs.get(scene.picture)).colour).all()


def test_publishing_for_print_writes_adobe_rgb(bench, approved, tmp_path):
    place = publishing.open_place(str(tmp_path / "out"))
    publishing.publish(bench.database, bench.blobs, place, approved, "ann", space="adobe-rgb")
    data = (tmp_path / f"out/SOFA-1/{approved}.jpg").read_bytes()
    assert Image.open(io.BytesIO(data)).info["icc_profile"] == adobe_rgb.profile()
    assert provenance.read_xmp(data)["source_type"].endswith("compositeSynthetic")


def test_writing_twice_changes_nothing(bench, approved, tmp_path):
    place = publishing.open_place(str(tmp_path / "out"))
    publishing.publish(bench.database, bench.blobs, place, approved, "ann")
    before = (tmp_path / f"out/SOFA-1/{approved}.jpg").read_bytes()
    publishing.deliver(bench.database, bench.blobs, place, approved)
    assert (tmp_path / f"out/SOFA-1/{approved}.jpg").read_bytes() == before


def test_an_unapproved_scene_leaves_no_file(bench, tmp_path):
    scene_id = ask(bench)
    work_on(bench, scene_id)
    place = publishing.open_place(str(tmp_path / "out"))
    with pytest.raises(StateConflictError, match="in review"):
        publishing.publish(bench.database, bench.blobs, place, scene_id, "ann")
    publishing.deliver(bench.database, bench.blobs, place, scene_id)
    assert relay.relay(bench.database, publishing.receivers(bench.database, bench.blobs, place)) == 0
    assert not (tmp_path / "out").exists()


def test_a_place_that_is_away_is_written_to_later(bench, approved, tmp_path, clock):
    (tmp_path / "out").write_text("in the way")
    place = publishing.open_place(str(tmp_path / "out"))
    scene = publishing.publish(bench.database, bench.blobs, place, approved, "ann")
    assert (scene.state, scene.publication.written_at) == (State.PUBLISHED, None)
    assert "publish" in scene.publication.error
    (tmp_path / "out").unlink()
    receivers = publishing.receivers(bench.database, bench.blobs, place)
    assert relay.relay(bench.database, receivers) == 0
    clock.pass_s(6)
    assert relay.relay(bench.database, receivers) == 1
    assert look(bench, approved).publication.error is None
    assert relay.relay(bench.database, receivers) == 0


# Bulk


def test_a_scene_without_a_room_learns_in_which_it_was_made_and_its_request_stays_free(bench):
    def made(job, progress):
        scene = makers.draw(job, progress)
        return replace(scene, recipe=dict(scene.recipe) | {"place": {"room": "attic"}})

    scene_id = ask(bench)
    assert look(bench, scene_id).room is None
    work_on(with_maker(bench, made), scene_id)
    scene = look(bench, scene_id)
    assert (scene.room, scene.request["room"]) == ("attic", None)
    assert reasons(bench) == {"SOFA-1": Reason.UP_TO_DATE}


def test_a_set_is_made_with_its_companions_of_today_and_is_out_of_date_when_one_of_them_changes(bench):
    add(bench.database, bench.blobs, "LAMP", category="floor lamp", colour="brass")
    scene_id = ask(bench, style="calm", companions=["LAMP"])
    (lamp,) = job_of(bench, look(bench, scene_id)).companions
    assert (lamp.product.sku, lamp.product.category, len(lamp.photos)) == ("LAMP", "floor lamp", 1)
    work_on(bench, scene_id)
    assert reasons(bench)["SOFA-1"] == Reason.UP_TO_DATE
    add(bench.database, bench.blobs, "LAMP", category="floor lamp", colour="black")
    assert reasons(bench)["SOFA-1"] == Reason.SET_CHANGED
    with bench.database.transaction() as session:
        products.upsert(session, a_product("LAMP", category="floor lamp"), [])
    assert reasons(bench)["SOFA-1"] == Reason.IMPOSSIBLE


def test_a_place_that_is_given_for_a_made_scene_is_one_in_the_room_where_it_was_made(bench):
    def made(job, progress):
        scene = makers.draw(job, progress)
        return replace(scene, recipe=dict(scene.recipe) | {"place": {"room": "attic"}})

    scene_id = ask(bench)
    work_on(with_maker(bench, made), scene_id)
    with bench.database.transaction() as session:
        moved = scenes.regenerate(session, scene_id, {"placement": {"x": 0.4, "y": -1.0}}, "me")
        free = scenes.regenerate(session, scene_id, {"variant": 1}, "me")
        other = scenes.regenerate(session, scene_id, {"placement": {"x": 0.4, "y": -1.0}, "style": "loud"}, "me")
    assert [each.request["room"] for each in (moved, free, other)] == ["attic", None, None]


class Shelf:
    """A library in which every style exists but one."""

    def style(self, slug):
        if slug == "missing":
            raise UnknownStyleError("No such style.")


def planned(bench, *, plan_of=makers.plan, **choice):
    return bulk.plan(bench.database, Shelf(), blobs=bench.blobs, plan_of=plan_of, **choice)


def reasons(bench, **choice):
    return {item.sku: item.reason for item in planned(bench, **choice)}


def test_a_style_that_is_not_there_is_refused(bench):
    with pytest.raises(UnknownStyleError):
        planned(bench, style="missing")


def test_a_plan_says_why(bench):
    for sku in ("FACTS", "PHOTO", "SAME", "STYLE", "WAITS"):
        add(bench.database, bench.blobs, sku)
        scene_id = ask(bench, sku=sku, style="calm", seed=4)
        if sku != "WAITS":
            work_on(bench, scene_id)
    with bench.database.transaction() as session:
        products.upsert(session, a_product("BARE"), [])
    add(bench.database, bench.blobs, "FACTS", width_cm=150)
    add(bench.database, bench.blobs, "PHOTO", a_photo((9, 9, 9)))

    def plan_of(job):
        newer = {"style": {"slug": job.style, "version": "2"}} if job.product.sku == "STYLE" else {}
        return makers.plan(job) | newer

    found = {item.sku: item for item in planned(bench, plan_of=plan_of, style="calm", changed_only=True)}
    assert {sku: (item.reason, item.wanted) for sku, item in found.items()} == {
        "BARE": (Reason.NO_PHOTO, False),
        "FACTS": (Reason.FACTS_CHANGED, True),
        "PHOTO": (Reason.PHOTO_CHANGED, True),
        "SAME": (Reason.UP_TO_DATE, False),
        "SOFA-1": (Reason.NEVER_MADE, True),
        "STYLE": (Reason.STYLE_CHANGED, True),
        "WAITS": (Reason.IN_PROGRESS, False),
    }
    assert found["FACTS"].detail == "dimensions"
    assert found["FACTS"].request.seed == 4
    everything = {item.sku for item in planned(bench, style="calm") if item.wanted}
    assert everything == {"FACTS", "PHOTO", "SAME", "SOFA-1", "STYLE"}


def test_a_new_engine_makes_scenes_out_of_date(bench):
    work_on(bench, ask(bench))
    newer = {"engine": {"name": "render", "version": "2", "source_type": "compositeSynthetic"}}
    assert reasons(bench) == {"SOFA-1": Reason.UP_TO_DATE}
    assert reasons(bench, plan_of=lambda job: makers.plan(job) | newer) == {"SOFA-1": Reason.ENGINE_CHANGED}


def test_a_scene_that_failed_for_good_is_not_made_again_until_something_changes(bench):
    def refused(_job, _progress):
        raise NotAPackshotError("Two products.")

    work_on(with_maker(bench, refused), ask(bench))
    assert reasons(bench) == {"SOFA-1": Reason.FAILS_AS_BEFORE}
    add(bench.database, bench.blobs, photo=a_photo((1, 1, 1)))
    assert reasons(bench) == {"SOFA-1": Reason.FAILED}


def test_a_run_that_was_interrupted_goes_on_where_it_was(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk, "SEND_EVERY", 2)
    app = make_app(load_settings(data_dir=tmp_path / "data"))
    for number in range(5):
        add(bench.database, bench.blobs, f"P{number}")
    choice = {"style": "calm"}

    def go(limit=None):
        steps = bulk.run(bench.database, app, planned(bench, **choice), selection="all", by="me")
        return list(islice(steps, limit))[-1]

    first = go(limit=2)
    assert first.asked == 2
    with bench.database.reading() as session:
        for scene in scenes.page(session).items:
            work_on(bench, scene.id)
    second = go()
    assert (second.run_id, second.asked, second.over) == (first.run_id, 6, 2)
    assert not bulk.close(bench.database, second.run_id)
    with bench.database.reading() as session:
        ids = [scene.id for scene in scenes.page(session).items]
    for scene_id in ids:
        work_on(bench, scene_id)
    assert bulk.close(bench.database, second.run_id)
    assert go().run_id != first.run_id
    app.close()
