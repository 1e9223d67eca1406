"""Many listen, one looks."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from sqlalchemy import event

from api.scenes.newsroom import Newsroom
from tests.workers.making import a_product, a_stored_photo
from workers.records import products, scenes
from workers.records.session import Database
from workers.scene_model import SceneRequest


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
    yield database
    database.close()


@pytest.fixture
def ids(database):
    with database.transaction() as session:
        return [scene.id for scene in scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm", variants=3))]


@contextmanager
def statements_of(database):
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def claim(database, scene_id):
    with database.transaction() as session:
        return scenes.claim(session, scene_id, "worker")


def alone(coroutine):
    """What it gives, on a loop and a thread of its own: a browser's test may have left a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def until(heard, number):
    """News until something is told that happened after event ``number - 1``."""
    async with asyncio.timeout(20):
        while True:
            news = await heard.get()
            if news.head.events >= number:
                return news


def test_hundred_listeners_cost_the_questions_of_one(database, ids):
    async def listen(room):
        with ExitStack() as stack:
            queues = [stack.enter_context(room.following(ids[n % 3])) for n in range(100)]
            assert {(await until(heard, 1)).head.state for heard in queues} == {"queued"}
            with statements_of(database) as seen:
                await asyncio.to_thread(claim, database, ids[0])
                told = await asyncio.gather(*(until(heard, 2) for heard in queues[::3]))
            assert all(queue.empty() for queue in queues[1::3])
        return told, [one for one in seen if one.startswith("SELECT")]

    told, questions = alone(listen(Newsroom(database)))
    assert len(told) == 34
    assert all([e.data["state"] for e in news.events] == ["running"] for news in told)
    # Where the scenes are, each time it looks (a slow machine looks more often meanwhile), and once what happened.
    assert sum("FROM events" in one for one in questions) == 1
    assert len(questions) < 30


def test_events_are_told_once_and_in_order_to_whoever_stays(database, ids):
    async def listen(room):
        with room.following(ids[0]) as heard:
            seqs = [event.seq for event in (await until(heard, 1)).events]
            held = await asyncio.to_thread(claim, database, ids[0])
            seqs += [event.seq for event in (await until(heard, 2)).events]

            def progress():
                with database.transaction() as session:
                    for share in (0.1, 0.2, 0.3):
                        scenes.progress(session, held, f"stage {share}", share)

            await asyncio.to_thread(progress)
            while seqs[-1] < 5:
                seqs += [event.seq for event in (await heard.get()).events]
        return seqs

    assert alone(listen(Newsroom(database))) == [1, 2, 3, 4, 5]


def test_nobody_listens_nothing_runs(database, ids):
    async def come_and_go(room):
        before = asyncio.all_tasks()
        for _ in range(3):
            with room.following(ids[0]), room.following(ids[0]), room.following(ids[1]):
                assert len(asyncio.all_tasks() - before) == 1
            await asyncio.wait(asyncio.all_tasks() - before, timeout=20)
        return asyncio.all_tasks() - before

    assert alone(come_and_go(Newsroom(database))) == set()


def test_it_goes_on_listening_while_the_database_is_away(database, ids, tmp_path):
    away = Database(f"sqlite:///{tmp_path}/nowhere/none.db")

    async def listen(room):
        asked = asyncio.Event()
        loop = asyncio.get_running_loop()
        event.listen(away.engine, "do_connect", lambda *_: loop.call_soon_threadsafe(asked.set) and None)
        with room.following(ids[0]) as heard:
            async with asyncio.timeout(20):
                await asked.wait()
            room._database = database.of_all()  # it is back
            return await until(heard, 1)

    assert alone(listen(Newsroom(away))).head.events == 1


def test_a_process_that_stops_lets_its_listeners_go(database, ids):
    async def listen(room):
        with room.following(ids[0]) as early:
            room.close()
            with room.following(ids[1]) as late:
                async with asyncio.timeout(20):
                    return await early.get(), await late.get()

    assert alone(listen(Newsroom(database))) == (None, None)
