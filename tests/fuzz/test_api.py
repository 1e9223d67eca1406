"""Whatever is sent to the doors: the whole OpenAPI document, call by call and in rows of calls (schemathesis).

Half of the calls name what is there, or nothing would be reached but "not found". The rows follow the links that
schemathesis infers from the document: what one call answers goes into the next.
"""

import itertools
import re
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi import checks

from api.app import create_app
from tests.api import house
from workers.records import webhooks

TOKEN = "a-token-that-nobody-would-guess"
SHORT = pytest.param(8, id="short")
LONG = pytest.param(400, id="long", marks=pytest.mark.faults)
INSIDE = re.compile(r"Traceback|File \"|\.py\b|site-packages|sqlalchemy|sqlite3|psycopg|pydantic_core|SELECT ", re.I)
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
        self.count = __import__('collections').Counter()
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
        self.count[case.operation.label, response.status_code] += 1
        return response

    def judge(self, case, response):
        """What no answer may be: a fault of ours, another than promised, or one that tells of our insides."""
        told = response.content.decode("utf-8", "replace")
        waits = response.status_code == 503 and case.operation.path == "/readyz"  # its word for: no worker lives
        assert response.status_code < 500 or waits, f"{case.method} {case.formatted_path} {response.status_code}: {told}"
        if response.status_code >= 400:
            assert not INSIDE.search(told), told
            assert self.folder not in told
        case.validate_response(response, checks=CHECKS)


@pytest.fixture(scope="module")
def served(tmp_path_factory, _sqlite_blueprint):
    folder = tmp_path_factory.mktemp("fuzzed")
    shutil.copyfile(_sqlite_blueprint, folder / "fuzzed.db")
    return Served(folder, f"sqlite:///{folder}/fuzzed.db")


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


def aim(served, case, draw):
    """Put names of what is there into a call, at its path and in its body."""
    holders = [holder for holder in (case.path_parameters, case.body) if isinstance(holder, dict)]
    for holder, name in itertools.product(holders, served.known):
        if name in holder:
            there = served.over if case.path.endswith("/events") else served.known[name]
            holder[name] = draw(st.sampled_from(there))


@pytest.mark.parametrize("examples", [SHORT, LONG])
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_call_finds_a_fault(served, mode, examples):
    found = []
    for operation in served.schema.get_all_operations():
        operation = operation.ok()
        try:
            strategy = operation.as_strategy(generation_mode=mode)
            calls(served, strategy, examples)
        except BaseException as e:
            found.append((operation.label, str(e)[:900]+str(getattr(e,'exceptions',''))[:100]))
    for f in found: print(*f)
    print(served.count)
    assert not found


def calls(served, strategy, examples):
    @repeatable(examples)
    @given(st.data())
    def call(data):
        case = data.draw(strategy)
        if data.draw(st.booleans()):
            aim(served, case, data.draw)
        served.judge(case, served.call(case))

    call()
