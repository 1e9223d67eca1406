"""Whatever is sent to the doors: the whole OpenAPI document, call by call and in rows of calls (schemathesis).

Half of the calls name what is there, or nothing would be reached but "not found". The rows follow the links that
schemathesis infers from the document: what one call answers goes into the next.
"""

import itertools
import re
import shutil
from collections import Counter
from contextlib import suppress
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from api.app import create_app
from tests.api import house
from tests.services import new_postgres
from workers.records import webhooks

TOKEN = "a-token-that-nobody-would-guess"
FORMS = [pytest.param(4, id="short"), pytest.param(200, id="long", marks=pytest.mark.faults)]
"""How many examples: with all other tests, and with the fault tests."""
ROUND = 10
"""Rows of calls in a round: the more there are, the more often one is begun like another."""
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|sqlalchemy|sqlite3|psycopg|pydantic_core|SELECT ", re.IGNORECASE
)
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


class Served:
    """An app with something in every state, and what its parts are called."""

    def __init__(self, folder, url):
        self.folder = str(folder)
        self.app = create_app(
            house.make_settings(folder, url, api_tokens=TOKEN, read_rate="", write_rate="", login_rate="")
        )
        self.client = asgi.get_client(self.app)
        self.client.__enter__()
        self.client.headers["authorization"] = f"Bearer {TOKEN}"
        self.schema = schemathesis.openapi.from_dict(self.app.openapi())
        self.schema.app = self.app
        self.known = {"sku": ["SOFA-1"], "style": ["test-calm"], "slug": ["test-calm"], "room": ["test-living"]}
        self.answers = Counter()
        self.furnish()

    def furnish(self):
        context = self.app.state.context
        house.add_product(context)
        over = [house.made(context, seed=seed) for seed in range(2)]
        over += [house.made(context, findings=(house.BAD,), mark=1, seed=2)]
        over += [house.fail(context, house.ask(context, seed=3)[0], {"stage": "cutout", "message": "No."})]
        with context.database.transaction() as session:
            hook = webhooks.add(session, "https://shop.example/hook", "test", secure=False).id
            sent = webhooks.send_test(session, hook, "test").id
        self.over = over
        self.known |= {
            "scene_id": [*over, *house.ask(context, seed=4)],
            "webhook_id": [hook],
            "delivery_id": [sent],
        }

    def call(self, case):
        response = case.call(session=self.client)
        self.answers[case.operation.label, response.status_code] += 1
        return response

    def judge(self, case, response, *, mended=False):
        """What no answer may be: a fault of ours, another than promised, or one that tells of our insides.

        ``mended``: what was wrong with the call may have been its names, which are right now.
        """
        told = response.content.decode("utf-8", "replace")
        waits = response.status_code == 503 and case.operation.path == "/readyz"  # its word for: no worker lives
        assert response.status_code < 500 or waits, (
            f"{case.method} {case.formatted_path} {response.status_code}: {told}"
        )
        if response.status_code >= 400:
            said = f"{unquote(case.formatted_path)} {case.query} {case.body}"  # what comes back of it tells nothing
            assert all(word in said for word in INSIDE.findall(told)), told
            assert self.folder not in told
        case.validate_response(response, checks=CHECKS[:-1] if mended else CHECKS)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)])
def served(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzzed")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("_sqlite_blueprint"), folder / "fuzzed.db")
        return Served(folder, f"sqlite:///{folder}/fuzzed.db")
    return Served(folder, new_postgres(request.getfixturevalue("postgres_server"), "fuzzed"))


def repeatable(examples, **more):
    """The same calls each time."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def aim(served, case, draw, *, body):
    """Put names of what is there into a call: at its path, and in its body."""
    holders = [case.path_parameters, case.body if body else None]
    for holder, name in itertools.product(holders, served.known):
        if isinstance(holder, dict) and name in holder:
            # What is not yet made has news without an end.
            there = served.over if case.operation.path.endswith("/events") else served.known[name]
            holder[name] = draw(st.sampled_from(there))


def takes_something(operation):
    """Whether a call can be wrong at all."""
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def test_a_body_that_is_no_text_is_a_problem(served):
    headers = {"content-type": "application/json"}
    answer = served.client.post("http://testserver/v1/scenes", data=b"\xff", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert "400" in served.schema.raw_schema["paths"]["/v1/scenes"]["post"]["responses"]


@pytest.mark.parametrize("examples", FORMS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_call_finds_a_fault(served, mode, examples):
    right = mode is GenerationMode.POSITIVE
    for found in served.schema.get_all_operations():
        operation = found.ok()
        if right or takes_something(operation):
            call_much(served, operation.as_strategy(generation_mode=mode), examples, right=right)
    if right:
        assert len({label for label, status in served.answers if status < 300}) > 20, "most calls should succeed"


def call_much(served, calls, examples, *, right):
    @repeatable(examples)
    @given(st.data())
    def call(data):
        case = data.draw(calls)
        if aimed := data.draw(st.booleans()):
            aim(served, case, data.draw, body=right)
        served.judge(case, served.call(case), mended=aimed and not right)

    call()


@pytest.mark.parametrize("examples", FORMS)
def test_no_row_of_calls_finds_a_fault(served, examples):
    schema = served.schema.exclude(operation_id="followScene")  # what is not yet made has news without an end

    class Rows(schema.as_state_machine()):
        def call(self, case, **_):
            return served.call(case)

        def validate_response(self, response, case, **_):
            served.judge(case, response)

    before = served.answers.total()
    for number in range(-(-examples // ROUND)):
        # It begins some rows as it began others, and finds that the rows of those are there now: the round is over.
        with suppress(FlakyStrategyDefinition):
            seed(number)(Rows).run(settings=repeatable(min(examples, ROUND), stateful_step_count=8))
    assert served.answers.total() - before > 2 * examples
