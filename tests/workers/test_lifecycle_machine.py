"""Whatever people and workers do in whatever order: states change only along the table, and nothing slips out."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from imagegen.errors import CancelledError, OutOfMemoryError
from imagegen.feedback import Reason
from imagegen.lifecycle import State, may_change
from tests.workers.making import HandClock, a_product, a_result, a_stored_photo
from workers.errors import StateConflictError
from workers.records import products, scenes, work
from workers.records.session import Database
from workers.scene_model import SceneRequest

REFUSALS = (StateConflictError, CancelledError)


def machine_on(url):  # noqa: C901 - one machine, many rules
    clock = HandClock()
    database = Database(url, clock=clock)

    class Life(RuleBasedStateMachine):
        @initialize()
        def ask(self):
            with database.transaction() as session:
                products.upsert(session, a_product(), [a_stored_photo()])
                self.id = scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"))[0].id
            self.claims, self.states, self.effects = [], [State.QUEUED], 0

        def attempt(self, change):
            """What was returned, or None when it was refused; a refused change changes nothing."""
            with database.reading() as session:
                before = scenes.get(session, self.id)
            try:
                with database.transaction() as session:
                    value = change(session)
            except REFUSALS:
                value = None
                with database.reading() as session:
                    after = scenes.get(session, self.id)
                assert (after.state, after.events, after.attempt) == (before.state, before.events, before.attempt)
            with database.reading() as session:
                state = State(scenes.get(session, self.id).state)
            if state != self.states[-1]:
                self.states.append(state)
            return value

        @rule()
        def claim(self):
            with database.reading() as session:
                lapsed = work.expired(session, 1)
            held = self.attempt(lambda s: scenes.claim(s, self.id, "w", timedelta(seconds=30)))
            if held is not None:
                if lapsed:  # claiming takes a lapsed scene over the state queued
                    self.states.insert(len(self.states), State.RUNNING)
                assert all(held.attempt > other.attempt for other in self.claims)
                self.claims.append(held)

        @precondition(lambda self: self.claims)
        @rule(which=st.integers(0, 3), how=st.sampled_from(["renew", "progress", "finish", "break", "fail", "back"]))
        def work(self, which, how):
            held = self.claims[-1 - which % len(self.claims)]
            done = self.attempt(
                lambda s: {
                    "renew": lambda: scenes.renew(s, held) or True,
                    "progress": lambda: scenes.progress(s, held, "render", 0.5) or True,
                    "finish": lambda: scenes.finish(s, held, a_result()) or True,
                    "break": lambda: scenes.fail(s, held, OutOfMemoryError("full")),
                    "fail": lambda: scenes.fail(s, held, ValueError("no")),
                    "back": lambda: scenes.hand_back(s, held),
                }[how]()
            )
            assert done is None or held is self.claims[-1], "only the last claim may write"
            self.effects += how == "finish" and done is not None

        @rule(how=st.sampled_from(["approve", "reject", "reopen", "cancel", "retry", "publish", "regenerate", "lapse"]))
        def judge(self, how):
            self.attempt(
                lambda s: {
                    "approve": lambda: scenes.approve(s, self.id, "ann"),
                    "reject": lambda: scenes.reject(s, self.id, "ann", Reason.OTHER),
                    "reopen": lambda: scenes.reopen(s, self.id, "ann"),
                    "cancel": lambda: scenes.cancel(s, self.id, "ann"),
                    "retry": lambda: scenes.retry(s, self.id, "ann"),
                    "publish": lambda: scenes.publish(s, self.id, "ann"),
                    "regenerate": lambda: scenes.regenerate(s, self.id, {}, "ann"),
                    "lapse": lambda: work.lapse(s, self.id),
                }[how]()
            )

        @rule(seconds=st.sampled_from([1, 20, 40]))
        def wait(self, seconds):
            clock.pass_s(seconds)

        @invariant()
        def the_table_was_followed(self):
            for old, new in zip(self.states, self.states[1:], strict=False):
                assert old == new or may_change(old, new), (old, new)

        @invariant()
        def the_row_is_sound(self):
            with database.reading() as session:
                scene = scenes.get(session, self.id)
                events = scenes.events_since(session, self.id)
            assert [event.seq for event in events] == list(range(1, scene.events + 1))
            assert [e.data["state"] for e in events if e.kind == "state"][-1] == scene.state
            assert scene.attempt <= scene.max_attempts
            approvals = [d.action for d in scene.decisions if d.action in {"approve", "reject", "reopen"}]
            out = scene.publication is not None
            assert out == (scene.state == State.PUBLISHED)
            assert not out or approvals[-1] == "approve"
            assert self.effects <= 1

    return Life, database


@pytest.mark.parametrize(("kind", "examples"), [("sqlite_url", 12), ("postgres_url", 5)])
def test_any_order_of_changes_keeps_to_the_table(request, kind, examples):
    machine, database = machine_on(request.getfixturevalue(kind))
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )
    finally:
        database.close()
