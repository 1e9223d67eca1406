"""The demonstration model's training, a step of each course: it runs, goes on, and gives a model that paints."""

import numpy as np
import pytest

from imagegen.diffusion import loading, lock, store
from imagegen.diffusion.families import family
from imagegen.diffusion.options import Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Request, Sampling
from training.mini import autoencoder, data, denoiser, export, rooms
from training.mini.schedule import Course

A_STEP = 1e-6
"""Minutes: a course always does one step before it looks at the clock."""


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """Two traced rooms, as the big run keeps them."""
    folder = tmp_path_factory.mktemp("rooms")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "SHEET", 2)
        patch.setattr(rooms, "SAMPLES", 1)
        rooms.sheet(0, folder)
    return folder


@pytest.fixture(scope="module")
def vae(sheets, tmp_path_factory):
    folder = tmp_path_factory.mktemp("vae")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(autoencoder, "BATCH", 2)
        autoencoder.teach(sheets, folder, minutes=A_STEP)
    return folder


@pytest.fixture(scope="module")
def taught(sheets, vae, tmp_path_factory):
    folder = tmp_path_factory.mktemp("denoiser")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(denoiser, "BATCH", 2)
        denoiser.teach(sheets, vae, folder, minutes=A_STEP)
    return folder


def test_a_sheet_that_is_there_is_not_traced_again(sheets):
    (file,) = sheets.glob("*.npz")
    before = file.stat().st_mtime_ns
    assert rooms.sheet(0, sheets) == file
    assert file.stat().st_mtime_ns == before


def test_a_sheet_holds_pictures_of_different_rooms_with_what_is_told_of_them(sheets):
    with np.load(sheets / "000000.npz") as sheet:
        assert sheet["picture"].shape == (2, 192, 256, 3)
        assert sheet["picture"].std() > 10
        assert np.isfinite(sheet["depth"]).all()
        assert len(np.unique(sheet["segments"])) > 2
        assert '"style"' in str(sheet["told"])


def test_a_course_goes_on_where_it_was(vae, sheets):
    before = Course(autoencoder.networks(), vae, minutes=1, rate=1e-3, keep=0.9)
    assert before.steps == 1
    assert before.losses[-1] > 0


def test_what_is_kept_of_a_room_is_never_all_of_it():
    rng = np.random.default_rng(0)
    segments = np.zeros((192, 256), np.uint8)
    segments[100:150, 60:160] = 24
    shares = [data.piece(segments, rng).mean() for _ in range(60)]
    assert max(shares) < 0.5
    assert min(shares) == 0


def test_what_was_taught_is_a_model_that_is_pinned_and_paints(taught, vae, tmp_path):
    folder = tmp_path / "mini"
    export.write(vae, taught, folder)
    spec = family("mini")
    store.refuse_faults(spec, folder)
    assert lock.read(folder).family == "mini"
    painter = Painter(loading.load(spec, folder, Options()), Options())
    grey = np.full((192, 256, 3), 128, np.uint8)
    request = Request(
        family="mini",
        words="a japandi study",
        unwanted="people",
        seed=0,
        picture=grey,
        keep=np.zeros((192, 256), np.float32),
        sampling=Sampling(steps=2, sampler=spec.sampling.sampler, guidance=2.0),
        controls={"layout": np.zeros((192, 256, 6), np.uint8)},
        windows={"layout": spec.controls["layout"].window},
    )
    (painting,) = painter.paint([request], lambda done, steps: None)
    assert painting.picture.shape == (192, 256, 3)
