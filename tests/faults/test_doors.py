"""Callers that ask again because they heard nothing: one ``Idempotency-Key`` is one job, whatever is sent at once.

The short form, and everything else about the key, is in ``tests/api/test_once.py``.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.app import create_app
from tests.api import house

POSTS, ROUNDS = 100, 20


@pytest.mark.faults
def test_a_hundred_parallel_posts_with_one_key_are_one_job(tmp_path, database_url, figures):
    app = create_app(house.make_settings(tmp_path, database_url, write_rate="", read_rate=""))
    told = Counter()
    with house.client_of(app) as client, ThreadPoolExecutor(20) as pool:
        house.add_product(app.state.context)
        for number in range(ROUNDS):

            def post(_, number=number, seed=0):
                order = {"sku": "SOFA-1", "style": "test-calm", "seed": 2 * number + seed}
                return client.post("/v1/scenes", json=order, headers={"idempotency-key": f"k-{number}"})

            answers = list(pool.map(post, range(POSTS)))
            assert len({answer.json()["id"] for answer in answers if answer.status_code == 202}) == 1
            told.update(answer.status_code for answer in answers)
            told[post(0, seed=1).status_code] += 1
        found = len(client.get("/v1/scenes", params={"limit": 100}).json()["items"])
    where = "postgresql" if "postgresql" in database_url else "sqlite"
    figures(
        f"{ROUNDS} x {POSTS} parallel posts with one key, then another body, {where}",
        f"{ROUNDS} jobs, {ROUNDS} x 422",
        f"{found} jobs, {told[422]} x 422",
    )
    assert (found, told[422]) == (ROUNDS, ROUNDS)
    assert set(told) <= {202, 409, 422}
