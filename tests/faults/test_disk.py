"""The disk is full, or read-only, or its writer is killed at any moment: no torn file, no row without its picture."""

import ctypes
import hashlib
import os
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from imagegen.lifecycle import State
from tests.faults import crew
from tests.faults.crew import start
from tests.workers.making import HandClock
from workers.records import scenes
from workers.records.blobs import LocalBlobs
from workers.records.session import Database
from workers.settings import load_settings
from workers.tasks.scenes import Workbench, work_on

CALLS = ("write", "fsync", "link", "linked")
"""Where a writer dies: before the system does the call, or (linked) right after the name is there."""
FULL_BYTES = 16_384
CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x00020000


def bench_of(given, maker):
    settings = load_settings(**given)
    clock = HandClock()
    database = Database(settings.database_url, clock=clock)
    blobs = LocalBlobs(Path(settings.blobs_url))
    return Workbench(settings, database, blobs, getattr(crew, maker)(settings), "test"), clock


def store_and_die(given, ids, call):
    """One worker for each scene, killed by the system at a call of the store's."""
    bench, _clock = bench_of(given, "noises")
    bench.database.close()
    for scene_id in ids:
        worker = os.fork()
        if worker == 0:
            die_at(call)
            work_on(bench, scene_id)
            os._exit(1)  # not reached
        assert os.waitpid(worker, 0)[1] == signal.SIGKILL


def die_at(call):
    """The picture's call, not the one of the small recipe that is stored before it."""
    name = call.removesuffix("ed")
    real = getattr(os, name)

    def deadly(what, *more):
        size = {"write": lambda: len(more[0]), "fsync": lambda: os.fstat(what).st_size, "link": lambda: size_of(what)}
        big = size[name]() > FULL_BYTES
        if big and call == "write":  # half of it arrives
            more = (more[0][: len(more[0]) // 2],)
        done = real(what, *more) if call in {"write", "linked"} or not big else None
        if big:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(os, name, deadly)


def size_of(path):
    return Path(path).stat().st_size


def work_until_over(given, scene_id, spoil):
    """A worker with a spoilt disk, as often as the row asks for it."""
    bench, clock = bench_of(given, "noises")
    spoil(bench)
    for _ in range(5):
        work_on(bench, scene_id)
        clock.pass_s(60)
    bench.database.close()


def full(_bench):
    """No file grows beyond this: a write of the rest fails, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, FULL_BYTES))


def read_only(bench):
    """For this process alone, the folder of blobs is mounted read-only."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS if os.getuid() == 0 else CLONE_NEWNS | CLONE_NEWUSER):
        os._exit(77)
    folder = str(bench.blobs.root)
    for mount in (
        ["--make-rprivate", "/"],
        ["--bind", folder, folder],
        ["-o", "remount,bind,ro", folder],
    ):
        if subprocess.run(["mount", *mount], check=False).returncode:
            os._exit(77)


def torn(house):
    """Files whose name is not their content's."""
    names = [path for path in Path(house.blobs.root).rglob("*") if path.is_file() and path.name[0] != "."]
    return [path for path in names if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem]


def ghosts(house, ids):
    """Rows that say that there is a picture where there is none."""
    rows = [house.scene(scene_id) for scene_id in ids]
    return [row.id for row in rows if row.picture is not None and not house.blobs.exists(row.picture)]


@pytest.mark.parametrize("size", [pytest.param(1, id="short"), pytest.param(50, id="long", marks=pytest.mark.faults)])
def test_a_store_whose_writer_is_killed_leaves_nothing_torn(build, postgres_url, figures, size):
    house = build(postgres_url)
    for number, call in enumerate(CALLS):
        house.database.clock = HandClock()
        ids = house.fill(size, first=number * size)
        log = house.folder / "worker.log"
        killed = start(store_and_die, house.given, ids, call, log=log)
        killed.join()
        assert killed.exitcode == 0, log.read_text()
        assert (torn(house), ghosts(house, ids), house.count(State.RUNNING)) == ([], [], size)
        bench = Workbench(house.settings, house.database, house.blobs, crew.noises(None), "heir")
        house.database.clock.pass_s(60)
        for scene_id in ids:
            work_on(bench, scene_id)
        assert {house.scene(scene_id).state for scene_id in ids} == {State.IN_REVIEW}
        assert (torn(house), ghosts(house, ids)) == ([], [])
    left = house.blobs.tidy(0)
    what = f"store killed {len(CALLS) * size} times"
    figures(what, "0 torn, 0 ghosts", f"{len(torn(house))} torn, 0 ghosts, {left} parts tidied")
    assert not list(house.blobs.root.rglob(".part-*"))


@pytest.mark.parametrize("spoil", [full, read_only])
def test_a_disk_that_takes_nothing_is_told_and_leaves_nothing(build, postgres_url, figures, spoil):
    house = build(postgres_url)
    house.database.clock = HandClock()
    [scene_id] = house.fill(1)
    log = house.folder / "worker.log"
    worker = start(work_until_over, house.given, scene_id, spoil, log=log)
    worker.join()
    if worker.exitcode == 77:
        pytest.skip("this machine lets nobody mount")
    assert worker.exitcode == 0, log.read_text()
    scene = house.scene(scene_id)
    why = scene.error["message"].rsplit(": ", 1)[-1]
    what = f"disk {spoil.__name__.replace('_', '-')}"
    figures(what, "0 torn, 0 ghosts, clear state", f"{len(torn(house))} torn, {scene.state}: {why}")
    assert (scene.state, scene.attempt, scene.error["kind"]) == (State.FAILED, 3, "StorageError")
    assert {full: "File too large", read_only: "Read-only file system"}[spoil] in scene.error["message"]
    assert (torn(house), ghosts(house, [scene_id])) == ([], [])
    with house.database.transaction() as session:
        scenes.retry(session, scene_id, "me")
    house.database.clock.pass_s(600)
    work_on(Workbench(house.settings, house.database, house.blobs, crew.noises(None), "heir"), scene_id)
    assert house.scene(scene_id).state == State.IN_REVIEW
