"""Products, scenes and their verdicts, on both databases."""

import threading
from datetime import timedelta

import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from imagegen.errors import BadRequestError, CancelledError, OutOfMemoryError
from imagegen.feedback import Reason
from imagegen.lifecycle import State
from imagegen.types import Finding, Verdict
from tests.workers.making import a_product, a_result, a_stored_photo, make
from workers.errors import LeaseLostError, NotFoundError, StateConflictError, StorageError
from workers.records import pages, products, scenes, work
from workers.records.models import Base
from workers.records.session import Database
from workers.scene_model import SceneRequest

INSERT = "INSERT INTO publications (scene_id, scene_state, at, by, tries, send_after)"
FAILED = Finding("ground", Verdict.FAIL, 0.1, 0.02, "It floats.")


def test_migrations_give_the_tables_that_the_code_expects(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_upgrading_again_changes_nothing(database, scene_id):
    database.create_or_upgrade()
    with database.reading() as session:
        assert scenes.get(session, scene_id).state == State.QUEUED


def test_a_database_that_cannot_be_opened_is_told_without_its_password():
    database = Database("postgresql+psycopg://me:hush@127.0.0.1:1/x")
    with pytest.raises(StorageError) as told:
        database.create_or_upgrade()
    assert "hush" not in str(told.value)


def test_an_error_inside_a_transaction_leaves_nothing(database):
    def half():
        with database.transaction() as session:
            products.upsert(session, a_product(), [])
            raise KeyError

    with pytest.raises(KeyError):
        half()
    with database.reading() as session, pytest.raises(NotFoundError):
        products.get(session, "SOFA-1")


# Products


def test_a_product_is_created_then_unchanged_then_updated(database):
    photo = [a_stored_photo()]
    changes = []
    for product, photos in (
        (a_product(), photo),
        (a_product(), photo),
        (a_product(), None),
        (a_product(name="Couch"), None),
        (a_product(name="Couch"), [a_stored_photo("b"), *photo]),
        (a_product(name="Couch"), [a_stored_photo("b"), *photo]),
    ):
        with database.transaction() as session:
            changes.append(products.upsert(session, product, photos))
    assert changes == ["created", "unchanged", "unchanged", "updated", "updated", "unchanged"]
    with database.reading() as session:
        kept = products.get(session, "SOFA-1")
    assert [photo.source for photo in kept.photos] == ["b.png", "a.png"]
    assert kept.facts().dimensions.width == 2.0


def test_pages_of_products_hold_each_once(database):
    with database.transaction() as session:
        for number in range(7):
            category = "lamp" if number % 2 else "chair"
            products.upsert(session, a_product(f"P{number}", name=f"100% name {number}", category=category), [])
    seen, cursor = [], None
    while True:
        with database.reading() as session:
            page = products.page(session, cursor=cursor, limit=3)
        seen += [product.sku for product in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"P{number}" for number in range(7)]
    with database.reading() as session:
        assert [p.sku for p in products.page(session, category="Lamp").items] == ["P1", "P3", "P5"]
        assert [p.sku for p in products.page(session, query="NAME 4").items] == ["P4"]
        assert products.page(session, query="0_ name").items == []
        assert products.categories(session) == {"chair": 4, "lamp": 3}


@given(st.text(max_size=60))
def test_a_cursor_that_is_not_ours_is_refused(text):
    with pytest.raises(BadRequestError):
        pages.read_cursor(text, 7)


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"])), min_size=1, max_size=3))
def test_a_cursor_reads_back(key):
    assert pages.read_cursor(pages.write_cursor(*key), len(key)) == key


@pytest.mark.parametrize(
    "facts",
    [
        {"sku": "../etc"},
        {"sku": ".hidden"},
        {"sku": "<b>"},
        {"sku": "a" * 65},
        {"sku": "a\nb"},
        {"width_cm": 0},
        {"width_cm": -3},
        {"width_cm": 1000.5},
        {"width_cm": "nan"},
        {"width_cm": "inf"},
        {"width_cm": True},
        {"mount": "moon"},
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "x" * 201},
        {"name": "\ud800"},
        {"material": "oak\x9f"},
        {"tags": ["x"] * 33},
        {"surprise": 1},
    ],
)
def test_facts_that_make_no_sense_are_refused(facts):
    with pytest.raises(ValidationError):
        a_product(**{"sku": "S"} | facts)


def test_numbers_as_people_write_them_are_understood():
    product = a_product(width_cm="82,5 cm", tags="oak; low|wide,", mount=" Wall ", category="Wall Clock")
    assert (product.width_cm, product.tags, product.mount, product.category) == (
        82.5,
        ("oak", "low", "wide"),
        "wall",
        "wall clock",
    )


# Asking


def test_variants_are_scenes_of_one_group(database, scene_id):
    with database.transaction() as session:
        made = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", variants=3, variant=1, engine="paint"))
    assert [scene.request["variant"] for scene in made] == [1, 2, 3]
    assert len({scene.group_id for scene in made}) == 1
    assert {scene.engine for scene in made} == {"paint"}
    assert "variants" not in made[0].request


def test_a_product_that_is_not_there_cannot_be_shown(database):
    with database.transaction() as session, pytest.raises(NotFoundError):
        scenes.ask(session, SceneRequest(sku="NO", style="calm"))


def test_a_product_without_a_photo_cannot_be_shown(database):
    with database.transaction() as session:
        products.upsert(session, a_product(), [])
        with pytest.raises(StateConflictError, match="photo"):
            scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"))


@pytest.mark.parametrize(
    "wish",
    [
        {"size": "9x9"},
        {"size": "1216 by 832"},
        {"size": (100000, 832)},
        {"variants": 9},
        {"variants": 0},
        {"seed": -1},
        {"prompt": "x" * 501},
        {"prompt": "a\x00b"},
        {"prompt": "\udfff"},
        {"style": "../x"},
        {"exposure_ev": float("nan")},
        {"placement": {"x": 1, "y": float("inf")}},
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wish):
    with pytest.raises(ValidationError):
        SceneRequest.model_validate({"sku": "S", "style": "calm"} | wish)


def test_pages_of_scenes_hold_each_once_while_new_ones_come_in(database, scene_id, clock):
    with database.transaction() as session:
        for number in range(6):
            clock.pass_s(number % 2)
            scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", variant=number))
    seen, cursor = [], None
    while True:
        with database.transaction() as session:
            page = scenes.page(session, cursor=cursor, limit=2)
            scenes.ask(session, SceneRequest(sku="SOFA-1", style="late"))
        seen += [scene.id for scene in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    with database.reading() as session:
        backwards = scenes.page(session, scenes.Filters(style="calm"), oldest_first=True).items
        assert [scene.id for scene in backwards] == seen[::-1]


def test_filters_and_counts_agree(database, made):
    with database.transaction() as session:
        scenes.ask(session, SceneRequest(sku="SOFA-1", style="loud", variants=2))
    with database.reading() as session:
        assert len(scenes.page(session, scenes.Filters(states=(State.IN_REVIEW,))).items) == 1
        assert len(scenes.page(session, scenes.Filters(category="Sofa", style="loud")).items) == 2
        assert scenes.page(session, scenes.Filters(verdict="fail")).items == []
        counts = scenes.counts(session)
        assert (counts[State.QUEUED], counts[State.IN_REVIEW], counts[State.PUBLISHED]) == (2, 1, 0)
        assert set(counts) == set(State)
        assert scenes.counts_up_to(session, 10) == counts
        assert scenes.counts_up_to(session, 1)[State.QUEUED] == 1
        loud = scenes.Filters(style="loud")
        assert scenes.counts_up_to(session, 10, loud) == scenes.counts(session, loud)


# Work


def test_only_one_worker_gets_a_scene(database, scene_id):
    with database.transaction() as session:
        held = scenes.claim(session, scene_id, "one")
        assert held.attempt == 1
        assert scenes.claim(session, scene_id, "two") is None


def test_a_lapsed_claim_goes_to_another_and_the_first_may_not_write(database, scene_id, clock):
    with database.transaction() as session:
        first = scenes.claim(session, scene_id, "one", timedelta(seconds=30))
    clock.pass_s(31)
    with database.transaction() as session:
        second = scenes.claim(session, scene_id, "two", timedelta(seconds=30))
    assert second.attempt == 2
    for write in (
        lambda s: scenes.renew(s, first),
        lambda s: scenes.progress(s, first, "render", 0.5),
        lambda s: scenes.finish(s, first, a_result()),
        lambda s: scenes.fail(s, first, StorageError("x")),
    ):
        with pytest.raises(LeaseLostError), database.transaction() as session:
            write(session)
    with database.transaction() as session:
        assert scenes.hand_back(session, first) is None
        scenes.finish(session, second, a_result())
        assert scenes.get(session, scene_id).state == State.IN_REVIEW


def test_a_renewed_claim_does_not_lapse(database, scene_id, clock):
    with database.transaction() as session:
        held = scenes.claim(session, scene_id, "one")
    for _ in range(5):
        clock.pass_s(20)
        with database.transaction() as session:
            scenes.renew(session, held)
            assert scenes.claim(session, scene_id, "two") is None


def test_a_scene_that_kills_its_workers_fails_with_its_last_stage(database, scene_id, clock):
    for _ in range(3):
        with database.transaction() as session:
            held = scenes.claim(session, scene_id, "victim")
            scenes.progress(session, held, "render", 0.4)
        clock.pass_s(31)
    with database.transaction() as session:
        assert scenes.claim(session, scene_id, "victim") is None
    with database.reading() as session:
        scene = scenes.get(session, scene_id)
    assert (scene.state, scene.attempt, scene.error["stage"]) == (State.FAILED, 3, "render")


def test_an_error_that_may_pass_is_tried_again_later(database, scene_id, clock):
    for attempt in (1, 2, 3):
        with database.transaction() as session:
            held = scenes.claim(session, scene_id, "one")
            scene = scenes.fail(session, held, OutOfMemoryError("The GPU is full."))
        if attempt < 3:
            assert scene.state == State.QUEUED
            with database.transaction() as session:
                assert scenes.claim(session, scene_id, "too soon") is None
            clock.pass_s(60)
    assert (scene.state, scene.error["kind"]) == (State.FAILED, "OutOfMemoryError")


def test_an_error_that_will_not_pass_fails_at_once(database, scene_id):
    with database.transaction() as session:
        scene = scenes.fail(session, scenes.claim(session, scene_id, "one"), ValueError("password is x"))
    assert scene.state == State.FAILED
    assert "password" not in str(scene.error)


def test_handing_back_costs_no_attempt(database, scene_id):
    for _ in range(10):
        with database.transaction() as session:
            held = scenes.claim(session, scene_id, "one")
            assert scenes.hand_back(session, held).state == State.QUEUED
    with database.reading() as session:
        scene = scenes.get(session, scene_id)
    assert scene.max_attempts - scene.attempt == 3


def test_a_cancelled_scene_stops_its_worker(database, scene_id):
    with database.transaction() as session:
        held = scenes.claim(session, scene_id, "one")
        scenes.cancel(session, scene_id, "me")
    with pytest.raises(CancelledError), database.transaction() as session:
        scenes.progress(session, held, "render", 0.5)
    with database.transaction() as session:
        assert scenes.retry(session, scene_id, "me").state == State.QUEUED
        assert scenes.claim(session, scene_id, "two").attempt == 2


def test_what_was_made_is_kept(database, scene_id):
    make(database, scene_id, verdict="fail", findings=[FAILED])
    with database.reading() as session:
        scene = scenes.get(session, scene_id)
    assert scene.findings[0]["message"] == "It floats."
    assert (scene.verdict, scene.seconds, scene.share) == ("fail", {"render": 1.5}, 1.0)


def test_findings_with_numpys_numbers_are_kept(database, scene_id):
    odd = [
        Finding("a", Verdict.WARN, np.float32(0.5), np.float64("inf"), "x", tuple(np.arange(4))),
        Finding("b", Verdict.PASS, float("nan"), float("-inf"), "y"),
    ]
    make(database, scene_id, findings=odd)
    with database.reading() as session:
        kept = scenes.get(session, scene_id).findings
    assert [(f["score"], f["threshold"], f["where"]) for f in kept] == [(0.5, 1e9, [0, 1, 2, 3]), (0.0, -1e9, None)]


def test_events_are_numbered_without_gaps_and_can_be_resumed(database, scene_id):
    with database.transaction() as session:
        held = scenes.claim(session, scene_id, "one")
    for share in (0.1, 0.5):
        with database.transaction() as session:
            scenes.progress(session, held, "render", share)
    with database.transaction() as session:
        scenes.finish(session, held, a_result())
    with database.reading() as session:
        events = scenes.events_since(session, scene_id)
        assert [event.seq for event in events] == [1, 2, 3, 4, 5]
        assert [e.data.get("state", e.data.get("share")) for e in events] == [
            "queued",
            "running",
            0.1,
            0.5,
            "in_review",
        ]
        assert [event.seq for event in scenes.events_since(session, scene_id, 3)] == [4, 5]


# Verdicts


def test_an_approved_scene_is_published_once_with_its_record(database, made):
    with database.transaction() as session:
        assert scenes.approve(session, made, "ann", "Lovely.").approved_by == "ann"
    with database.transaction() as session:
        scene = scenes.publish(session, made, "ben")
    assert scene.publication.by == "ben"
    assert [(d.action, d.by) for d in scene.decisions] == [("approve", "ann"), ("publish", "ben")]
    with database.transaction() as session, pytest.raises(StateConflictError, match="published"):
        scenes.publish(session, made, "ben")


@pytest.mark.parametrize("before", ["in_review", "rejected", "reopened"])
def test_nothing_unapproved_is_published(database, made, before):
    with database.transaction() as session:
        if before == "rejected":
            scenes.reject(session, made, "ann", Reason.TOO_DARK)
        elif before == "reopened":
            scenes.approve(session, made, "ann")
            scenes.reopen(session, made, "ann")
    with database.transaction() as session, pytest.raises(StateConflictError):
        scenes.publish(session, made, "ben")


@pytest.mark.parametrize(
    "by_hand",
    [
        "UPDATE scenes SET state = 'published'",
        "UPDATE scenes SET state = 'approved'",
        f"{INSERT} VALUES (:id, 'published', :at, 'x', 0, :at)",
        f"{INSERT} VALUES (:id, 'in_review', :at, 'x', 0, :at)",
    ],
)
def test_the_database_itself_refuses_to_publish_the_unapproved(database, made, by_hand):
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text(by_hand), {"id": made, "at": database.clock().isoformat()})


def test_a_published_scene_cannot_be_taken_from_its_record(database, made):
    with database.transaction() as session:
        scenes.approve(session, made, "ann")
        scenes.publish(session, made, "ann")
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("UPDATE scenes SET state = 'in_review', approved_by = NULL"))


def test_failed_checks_need_an_override_with_a_note(database, scene_id):
    make(database, scene_id, verdict="fail", findings=[FAILED])
    for wish in ({}, {"override": True}, {"note": "It is a rug."}):
        with pytest.raises(StateConflictError, match="ground"), database.transaction() as session:
            scenes.approve(session, scene_id, "ann", **wish)
    with database.reading() as session:
        assert scenes.get(session, scene_id).state == State.IN_REVIEW
    with database.transaction() as session:
        scene = scenes.approve(session, scene_id, "ann", "It is a rug.", override=True)
    assert scene.decisions[-1].override


def test_a_refused_change_names_the_state(database, scene_id):
    with pytest.raises(StateConflictError, match="queued"), database.transaction() as session:
        scenes.approve(session, scene_id, "ann")
    with pytest.raises(NotFoundError), database.transaction() as session:
        scenes.approve(session, "nothing", "ann")


@pytest.mark.parametrize("word", ["\x00", "a\x00b", "../x", "é" * 24, "0" * 24])
def test_names_that_cannot_be_are_not_found(database, word):
    for look in (
        lambda s: scenes.get(s, word),
        lambda s: scenes.approve(s, word, "ann"),
        lambda s: products.get(s, word),
    ):
        with pytest.raises(NotFoundError), database.transaction() as session:
            look(session)
    with database.transaction() as session:
        assert scenes.claim(session, word, "w") is None
        assert scenes.events_since(session, "nothing") == []
        assert products.page(session, query="\x00").items == []


def test_a_note_that_cannot_be_kept_is_refused(database, made):
    for note in ("a\x00b", "\ud800", "x" * 2001):
        with pytest.raises(BadRequestError), database.transaction() as session:
            scenes.reject(session, made, "ann", Reason.OTHER, note)


def test_a_running_scene_cannot_be_reopened(database, scene_id):
    with database.transaction() as session:
        scenes.claim(session, scene_id, "one")
        with pytest.raises(StateConflictError, match="running"):
            scenes.reopen(session, scene_id, "ann")


def test_a_reason_that_is_not_on_the_list_is_refused(database, made):
    with database.transaction() as session, pytest.raises(BadRequestError, match="too_dark"):
        scenes.reject(session, made, "ann", "ugly")


def test_asking_again_takes_the_advice_of_the_rejection(database, made):
    with database.transaction() as session:
        scenes.reject(session, made, "ann", Reason.TOO_DARK, "The corner.")
        again = scenes.regenerate(session, made, {"seed": 9}, "ann")
    assert again.request["exposure_ev"] == pytest.approx(0.4)
    assert again.request["seed"] == 9
    assert (again.parent_id, again.state) == (made, State.QUEUED)
    with database.reading() as session:
        assert scenes.get(session, made).state == State.REJECTED
        assert scenes.get(session, made).decisions[-1].note == again.id


@pytest.mark.parametrize("changes", [{"sku": "OTHER"}, {"size": "1x1"}, {"colour": "red"}, {"seed": "many"}])
def test_asking_again_with_nonsense_is_refused(database, made, changes):
    with database.transaction() as session, pytest.raises(BadRequestError):
        scenes.regenerate(session, made, changes, "ann")


def test_a_scene_under_way_cannot_be_asked_for_again(database, scene_id):
    with database.transaction() as session, pytest.raises(StateConflictError):
        scenes.regenerate(session, scene_id, {}, "ann")


def test_sweeping_finds_what_waits_without_a_message(database, scene_id, clock):
    with database.transaction() as session:
        assert work.to_send(session, clock(), 10) == [scene_id]
        scenes.claim(session, scene_id, "one")
        assert work.to_send(session, clock(), 10) == []
        assert work.expired(session, 10) == []
    clock.pass_s(31)
    with database.transaction() as session:
        assert work.expired(session, 10) == [scene_id]


# Many at once, and a database that goes away


def test_many_writers_on_sqlite_never_find_it_locked(sqlite_url):
    database = Database(sqlite_url)
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
        ids = [s.id for _ in range(15) for s in scenes.ask(session, SceneRequest(sku="SOFA-1", style="s", variants=8))]
    held, faults = [], []

    def grab(worker):
        own = Database(sqlite_url)
        for scene_id in ids:
            try:
                with own.transaction() as session:
                    if scenes.claim(session, scene_id, worker):
                        held.append(scene_id)
            except OperationalError as error:
                faults.append(error)
        own.close()

    threads = [threading.Thread(target=grab, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert faults == []
    assert sorted(held) == sorted(ids)


def test_work_is_done_again_while_the_database_is_away(database, scene_id, monkeypatch):
    monkeypatch.setattr("workers.records.session.RETRY_S", 0)
    calls = []

    def work_(session):
        calls.append(scenes.cancel(session, scene_id, "me"))
        if len(calls) < 3:
            raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))

    database.patiently(work_)
    assert len(calls) == 3
    with database.reading() as session:
        assert [decision.action for decision in scenes.get(session, scene_id).decisions] == ["cancel"]


def test_patience_has_an_end_and_other_errors_need_none(database, monkeypatch):
    monkeypatch.setattr("workers.records.session.RETRY_S", 0)

    def away(_session):
        raise OperationalError("SELECT", {}, Exception("away"))

    with pytest.raises(OperationalError):
        database.patiently(away, patience_s=0.05)
    with pytest.raises(ProgrammingError if not database.is_sqlite else OperationalError):
        database.patiently(lambda session: session.execute(text("SELECT nonsense")), patience_s=0)
