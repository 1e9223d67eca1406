"""What previews are laid of: asked for once, made by one, never lost."""

import threading

import pytest

from imagegen.errors import NotAPackshotError, OutOfMemoryError
from imagegen.previews import backdrop, sprite
from tests.api.house import write_looks
from tests.previews import goods
from tests.workers import makers
from tests.workers.making import a_photo, a_product
from workers import photos, preparing
from workers.app import PREVIEWS, make_app
from workers.errors import LeaseLostError, StateConflictError
from workers.records import preparations, products
from workers.records.preparations import MAX_ATTEMPTS, Stage
from workers.settings import load_settings
from workers.tasks.previews import work_on
from workers.tasks.scenes import Workbench


@pytest.fixture
def bench(database, blobs, tmp_path):
    settings = load_settings(data_dir=tmp_path / "data", style_paths=(write_looks(tmp_path / "styles"),))
    add(database, blobs)
    return Workbench(settings, database, blobs, makers.gradient(settings), "test")


def add(database, blobs, photo=None, **facts):
    stored = photos.store(database, blobs, photo or a_photo())
    with database.transaction() as session:
        products.upsert(session, a_product(**facts), [stored])


def wanted(bench, style="test-calm", room=None, angle=None, light=""):
    from styles.library import Library

    with bench.database.reading() as session:
        product = products.get(session, "SOFA-1")
        return preparations.identify(Library(bench.settings.style_paths), product, style, room, angle, light)


def ask(bench, **which):
    with bench.database.transaction() as session:
        return preparations.ask(session, wanted(bench, **which)).id


def look(bench, preparation_id):
    with bench.database.reading() as session:
        return preparations.get(session, preparation_id)


def claim(bench, preparation_id):
    with bench.database.transaction() as session:
        return preparations.claim(session, preparation_id)


def test_it_is_asked_for_once_however_often_it_is_wanted(bench):
    first, second = ask(bench), ask(bench)
    assert first == second
    assert look(bench, first).state == Stage.QUEUED
    assert look(bench, first).request == {"style": "test-calm", "room": "test-living", "angle": None, "light": ""}


@pytest.mark.parametrize("other", [{"room": "test-loft"}, {"angle": 1}, {"style": "test-bold"}])
def test_another_room_or_side_is_another_preparation_of_the_same_sprite(bench, other):
    one, two = wanted(bench), wanted(bench, **other)
    assert one.id != two.id
    assert one.sprite_id == two.sprite_id


@pytest.mark.parametrize("change", [{"width_cm": 210}, {"category": "armchair"}, {"photo": a_photo((9, 9, 9))}])
def test_a_changed_product_asks_for_another_one(bench, change):
    before = wanted(bench)
    add(bench.database, bench.blobs, **change)
    assert wanted(bench).id != before.id
    assert wanted(bench).sprite_id != before.sprite_id


def test_a_product_without_a_photo_is_refused(bench):
    with bench.database.transaction() as session:
        products.upsert(session, a_product(), [])
    with pytest.raises(StateConflictError):
        wanted(bench)


def test_a_worker_makes_it_and_its_files_are_kept_by_content(bench):
    made = ask(bench)
    work_on(bench, made, goods.prepare)
    row = look(bench, made)
    assert row.state == Stage.READY
    assert (row.angle, [place["anchor"] for place in row.places]) == (0, ["middle"])
    assert sprite.unpacked(bench.blobs.get(row.sprite)).size.width == 2.0
    assert backdrop.unpacked(bench.blobs.get(row.backdrop)).picture.shape[1] == backdrop.WIDTH


def test_a_sprite_that_is_known_is_not_made_again(bench):
    first = ask(bench)
    work_on(bench, first, goods.prepare)
    seen = []

    def watch(settings, order, progress):
        seen.append(order.known)
        return goods.prepare(settings, order, progress)

    second = ask(bench, room="test-loft")
    work_on(bench, second, watch)
    assert seen[0].size.width == 2.0
    assert look(bench, second).sprite == look(bench, first).sprite
    assert look(bench, second).state == Stage.READY


def test_a_message_that_comes_twice_makes_it_once(bench):
    made, times = ask(bench), []

    def count(settings, order, progress):
        times.append(1)
        return goods.prepare(settings, order, progress)

    work_on(bench, made, count)
    work_on(bench, made, count)
    assert len(times) == 1


def test_a_photo_that_cannot_be_cut_out_fails_with_its_words(bench):
    def refuse(*_):
        raise NotAPackshotError("The background is not plain.", hint="Send a cutout.")

    made = ask(bench)
    work_on(bench, made, refuse)
    row = look(bench, made)
    assert row.state == Stage.FAILED
    assert (row.error["message"], row.error["hint"]) == ("The background is not plain.", "Send a cutout.")
    # It stays so until photo or facts change.
    assert ask(bench) == made
    assert look(bench, made).state == Stage.FAILED


def test_what_may_pass_is_tried_again_and_later_once_more_when_it_is_asked_for(bench, clock):
    def run_out(*_):
        raise OutOfMemoryError("No memory.")

    made = ask(bench)
    for _ in range(MAX_ATTEMPTS):
        assert look(bench, made).state == Stage.QUEUED
        work_on(bench, made, run_out)
    assert look(bench, made).state == Stage.FAILED
    ask(bench)
    assert look(bench, made).state == Stage.FAILED
    clock.pass_s(preparations.AGAIN.total_seconds() + 1)
    ask(bench)
    assert look(bench, made).state == Stage.QUEUED
    work_on(bench, made, goods.prepare)
    assert look(bench, made).state == Stage.READY


def test_whoever_comes_back_too_late_writes_nothing(bench, clock):
    made = ask(bench)
    late = claim(bench, made)
    assert claim(bench, made) is None
    clock.pass_s(preparations.LEASE.total_seconds() + 1)
    second = claim(bench, made)
    assert second.attempt == late.attempt + 1
    with pytest.raises(LeaseLostError), bench.database.transaction() as session:
        preparations.fail(session, late, OutOfMemoryError("No memory."))
    assert look(bench, made).state == Stage.RUNNING


def test_a_product_that_changed_meanwhile_fails_the_old_preparation(bench):
    made = ask(bench)
    add(bench.database, bench.blobs, width_cm=150)
    work_on(bench, made, goods.prepare)
    assert look(bench, made).state == Stage.FAILED
    assert "changed" in look(bench, made).error["message"]


def test_a_stopping_worker_hands_it_back_without_blame(bench):
    stopping = threading.Event()
    busy = Workbench(bench.settings, bench.database, bench.blobs, bench.maker, "test", stopping)

    def stop(settings, order, progress):
        stopping.set()
        return goods.prepare(settings, order, progress)

    made = ask(bench)
    work_on(busy, made, stop)
    row = look(bench, made)
    assert (row.state, row.attempt, row.sent_at) == (Stage.QUEUED, 0, None)


def test_it_is_sent_once_and_again_when_it_is_lost(bench, clock):
    app = make_app(bench.settings)
    made = ask(bench)
    assert preparing.send(bench.database, app, [made]) == 1
    assert preparing.send(bench.database, app, [made]) == 0
    assert preparing.sweep(bench.database, app) == 0
    clock.pass_s(61)
    assert preparing.sweep(bench.database, app) == 1
    messages = list((bench.settings.broker_dir / "messages").glob(f"*.{PREVIEWS}.msg"))
    assert len(messages) == 2


def test_a_lost_worker_s_preparation_is_sent_again_and_at_last_given_up(bench, clock):
    app = make_app(bench.settings)
    made = ask(bench)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(bench, made).attempt == attempt
        clock.pass_s(preparations.LEASE.total_seconds() + 1)
        sent = preparing.sweep(bench.database, app)
        assert sent == (1 if attempt < MAX_ATTEMPTS else 0)
    assert look(bench, made).state == Stage.FAILED
